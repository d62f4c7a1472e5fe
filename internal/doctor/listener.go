package doctor

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// Private says whether a private listener can be come to from outside: by its address, and by asking at the public host.
func Private(ctx context.Context, listen string, public *url.URL) []Finding {
	const setting = "PORTAL_DEBUG_LISTEN"
	const fix = "set " + setting + " to a loopback or private address, and keep its port from strangers by a firewall"
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return []Finding{Problem("set "+setting+" to host:port", "%s is no address to listen at", setting)}
	}
	addr, err := netip.ParseAddr(host)
	switch {
	case host == "localhost" || err == nil && addr.IsLoopback():
		return []Finding{OK("%s is for this machine alone", listen)}
	case err == nil && addr.IsGlobalUnicast() && !addr.IsPrivate():
		return []Finding{Problem(fix, "%s is a public address: metrics and profiles are for everybody", listen)}
	}
	at := net.JoinHostPort(public.Hostname(), port)
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", at)
	if err == nil {
		_ = conn.Close()
		return []Finding{Problem(fix, "%s answers at the portal's public name: metrics and profiles may be for everybody", at)}
	}
	return []Finding{OK("%s cannot be come to by the portal's public name from here", listen)}
}

// Proxies judges whose forwarded headers count: without them all applicants seem to have the proxy's address, and if they count
// from everywhere each applicant has the address that they say.
func Proxies(public *url.URL, trusted []netip.Prefix) Finding {
	const setting = "PORTAL_TRUSTED_PROXIES"
	everybody := func(p netip.Prefix) bool {
		return p.Bits() == 0 || !p.Addr().IsPrivate() && (p.Addr().Is4() && p.Bits() < 8 || p.Addr().Is6() && p.Bits() < 16)
	}
	switch {
	case slices.ContainsFunc(trusted, everybody):
		return Problem("set "+setting+" to the addresses of your own proxies", "%s takes in strangers, who can then write any address into X-Forwarded-For", setting)
	case public.Scheme == "https" && len(trusted) == 0:
		return Warning("set "+setting+" to the addresses from which the proxy comes, and have it set X-Forwarded-For",
			"TLS ends in a proxy, and %s names none: all applicants share its address, in limits and in the log", setting)
	case len(trusted) == 0:
		return OK("no proxy is trusted, and none is needed without TLS")
	}
	names := make([]string, len(trusted))
	for i, p := range trusted {
		names[i] = p.String()
	}
	return OK("forwarded headers count from %s", strings.Join(names, ", "))
}

// Receiver asks whether there is something at an address to which the portal posts, without posting anything.
func Receiver(ctx context.Context, setting string, at *url.URL) Finding {
	r, err := http.NewRequestWithContext(ctx, http.MethodHead, at.String(), nil)
	if err != nil {
		return Problem("correct "+setting, "it is no address to ask")
	}
	answer, err := (&http.Client{CheckRedirect: stay, Transport: newTransport(nil)}).Do(r)
	if err != nil {
		return Problem("correct "+setting+", or see why its host does not answer", "%s: %s does not answer: %v", setting, at.Host, unquoted(err))
	}
	_ = answer.Body.Close()
	switch {
	case answer.StatusCode == http.StatusNotFound:
		return Warning("correct the path of "+setting+"; some receivers know no HEAD and say so this way", "%s: %s knows no such address (HTTP 404)", setting, at.Host)
	case answer.StatusCode >= http.StatusInternalServerError:
		return Warning("see the receiver's log", "%s: %s answers with HTTP %d", setting, at.Host, answer.StatusCode)
	}
	return OK("%s: %s answers", setting, at.Host)
}

// unquoted is what went wrong, without the address and its path, which may hold a key of the receiver's.
func unquoted(err error) error {
	err = withoutAddress(err)
	if bad, ok := err.(*tls.CertificateVerificationError); ok {
		return bad.Err
	}
	return err
}

// Files judges how many files and connections a process may have open.
func Files(limit uint64) Finding {
	const few, enough = 1024, 8192
	const fix = "raise it (LimitNOFILE= of systemd, ulimits of Docker): a live page is a connection"
	switch {
	case limit < few:
		return Problem(fix, "a process may have %d files and connections open, if it is started as this one", limit)
	case limit < enough:
		return Warning(fix, "a process may have %d files and connections open, if it is started as this one", limit)
	}
	return OK("a process that is started as this one may have %d files and connections open", limit)
}
