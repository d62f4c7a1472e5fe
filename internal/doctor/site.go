package doctor

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"time"
)

// Site is the public URL as browsers come to it, through whatever is in front of the portal.
type Site struct {
	URL   *url.URL
	Plain *url.URL       // the same without TLS, which should lead to it; nil where there is none
	HSTS  string         // the header that the portal sends; may be empty
	Roots *x509.CertPool // nil: those of the machine
	Now   func() time.Time
}

// A certificate that ends within these days should have been renewed, or must be.
const (
	daysDoubt   = 21
	daysTrouble = 3
)

// Look asks for the page, and for the same without TLS.
func (s Site) Look(ctx context.Context) []Finding {
	answer, err := s.get(ctx, s.URL)
	if err != nil {
		return []Finding{unreached(s.URL, err)}
	}
	found := []Finding{s.portal(answer)}
	if s.URL.Scheme != "https" {
		return append(found, OK("no TLS, which is right on a loopback address alone"))
	}
	found = append(found, s.certificate(answer.TLS), s.transport(answer.Header.Get("Strict-Transport-Security")))
	if s.Plain != nil {
		found = append(found, s.plain(ctx))
	}
	return found
}

func (s Site) get(ctx context.Context, at *url.URL) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, at.String(), nil)
	if err != nil {
		return nil, err
	}
	answer, err := (&http.Client{CheckRedirect: stay, Transport: newTransport(s.Roots)}).Do(r)
	if err != nil {
		return nil, withoutAddress(err)
	}
	return answer, answer.Body.Close()
}

// stay follows no redirect.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// newTransport makes connections that nobody uses again.
func newTransport(roots *x509.CertPool) *http.Transport {
	return &http.Transport{
		Proxy: http.ProxyFromEnvironment, DisableKeepAlives: true,
		TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}, ForceAttemptHTTP2: true,
	}
}

// unreached says why a site did not answer.
func unreached(at *url.URL, err error) Finding {
	if bad, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return Problem("have the proxy send a certificate for "+at.Hostname()+" with its whole chain", "%s: the certificate is not trusted: %v", at.Host, bad.Err)
	}
	if dns, ok := errors.AsType[*net.DNSError](err); ok {
		return Problem("correct PORTAL_BASE_URL, or the DNS of "+at.Hostname(), "%s is not found: %s", dns.Name, dns.Err)
	}
	return Problem("start the portal and the proxy in front of it, or correct PORTAL_BASE_URL", "%s does not answer: %v", at.Host, err)
}

// marks are headers that every page of the portal has.
var marks = []string{"X-Request-Id", "Content-Security-Policy", "Permissions-Policy", "Referrer-Policy"}

// portal says whether it is the portal that answers, as it has answered.
func (s Site) portal(answer *http.Response) Finding {
	var lacks []string
	for _, name := range marks {
		if answer.Header.Get(name) == "" {
			lacks = append(lacks, name)
		}
	}
	csp := answer.Header.Get("Content-Security-Policy")
	switch {
	case len(lacks) == len(marks):
		return Problem("have the proxy lead "+s.URL.Path+" and all below it to PORTAL_LISTEN", "HTTP %d, and it is not the portal that answers", answer.StatusCode)
	case len(lacks) > 0:
		return Problem("have the proxy pass all headers of the portal on", "answers without %s", strings.Join(lacks, ", "))
	case !strings.HasPrefix(csp, "default-src 'none'") || len(answer.Header.Values("Content-Security-Policy")) > 1:
		return Warning("have the proxy leave Content-Security-Policy to the portal", "the content security policy is not, or not only, the portal's")
	case answer.StatusCode == http.StatusMisdirectedRequest:
		return Problem("have the proxy pass the host on, or put its address into PORTAL_TRUSTED_PROXIES", "the proxy asks the portal by another host's name")
	case answer.StatusCode >= http.StatusBadRequest:
		return Problem("see the portal's log", "the portal answers with HTTP %d", answer.StatusCode)
	}
	return OK("the portal answers at %s, with its headers", s.URL)
}

func (s Site) certificate(state *tls.ConnectionState) Finding {
	const fix = "renew it, and see why that did not happen by itself"
	leaf := state.PeerCertificates[0]
	days := int(leaf.NotAfter.Sub(s.Now()).Hours() / 24)
	until := leaf.NotAfter.Format(time.DateOnly)
	switch {
	case days < daysTrouble:
		return Problem(fix, "the certificate ends in %d days, on %s", days, until)
	case days < daysDoubt:
		return Warning(fix, "the certificate ends in %d days, on %s", days, until)
	}
	return OK("the certificate is trusted for %d more days (%s)", days, tls.VersionName(state.Version))
}

func (s Site) transport(got string) Finding {
	switch {
	case got == s.HSTS && got == "":
		return Warning("set PORTAL_HSTS to host once all of the host is served by TLS", "no Strict-Transport-Security, as PORTAL_HSTS is off")
	case got == s.HSTS:
		return OK("Strict-Transport-Security is as PORTAL_HSTS says")
	case got == "":
		return Problem("have the proxy pass it on", "Strict-Transport-Security does not arrive")
	}
	return Warning("leave it to one of them: set PORTAL_HSTS to off, or have the proxy not send it", "Strict-Transport-Security is %q, not the portal's", got)
}

// plain looks at what comes of an address that is typed without its scheme.
func (s Site) plain(ctx context.Context) Finding {
	const fix = "have the proxy answer http with 308 to the same address with https, and nothing else"
	answer, err := s.get(ctx, s.Plain)
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return OK("nothing listens without TLS")
	case err != nil:
		return OK("nothing answers without TLS")
	}
	to, err := answer.Location()
	switch {
	case err != nil:
		return Problem(fix, "without TLS it answers with HTTP %d instead of leading to https", answer.StatusCode)
	case to.Scheme != "https" || to.Hostname() != s.URL.Hostname():
		return Problem(fix, "without TLS it leads to %s", to.Redacted())
	}
	return OK("without TLS it leads to https (HTTP %d)", answer.StatusCode)
}
