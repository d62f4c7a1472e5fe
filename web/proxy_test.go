package web_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// clientNetwork is what may be kept of the address that the proxies of these tests report.
const clientNetwork = "203.0.113.0/24"

// terminator is a proxy that ends TLS and asks the portal in clear text, by the portal's private name.
func (w *world) terminator() *httptest.Server {
	w.t.Helper()
	proxy := httptest.NewTLSServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(parseURL(w.t, w.server.URL))
		r.SetXForwarded()
		r.Out.Header.Set("X-Forwarded-For", "203.0.113.9")
	}})
	w.t.Cleanup(proxy.Close)
	return proxy
}

// through is a browser that reaches the portal's public host at a proxy, with real TLS.
func (w *world) through(proxy *httptest.Server) *browser {
	w.t.Helper()
	b := w.browser()
	roots := x509.NewCertPool()
	roots.AddCert(proxy.Certificate())
	transport := &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "tcp", proxy.Listener.Addr().String())
		},
		TLSClientConfig: &tls.Config{RootCAs: roots, ServerName: "example.com"}, // as httptest's certificate says
	}
	w.t.Cleanup(transport.CloseIdleConnections)
	b.client.Transport = transport
	return b
}

func TestPortalWorksBehindAProxyThatEndsTLS(t *testing.T) {
	t.Parallel()
	loopback := []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	for public, cookie := range map[string]string{
		"https://register.example.com":       "__Host-portal_session",
		"https://www.example.com/onboarding": "__Secure-portal_session",
		"https://www.example.com/a/b":        "__Secure-portal_session",
	} {
		t.Run(public, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, wanted{url: public, trusted: loopback})
			b := w.through(w.terminator())
			journey(w, b, "ada@example.com")
			if b.cookies()[cookie] == "" {
				t.Errorf("no cookie %s among %v", cookie, b.cookies())
			}
			if got := b.get("").header.Get("Strict-Transport-Security"); got == "" {
				t.Error("no Strict-Transport-Security")
			}
			b.post("/sessions/end-others").leads("/sessions?ended=others")
			b.post("/sign-out").shows(http.StatusOK, "signed_out.title")
			log := w.log.String()
			if strings.Contains(log, `"client":"127.`) || !strings.Contains(log, `"client":"`+clientNetwork+`"`) {
				t.Errorf("the client is not the one behind the proxy:\n%s", log)
			}
			if strings.Contains(log, "PORTAL_TRUSTED_PROXIES") {
				t.Error("a trusted proxy is warned of")
			}
		})
	}
}

// TestOldBrowsersPostThroughAProxy holds that browsers without Sec-Fetch-Site are judged by their Origin and the public
// URL, whatever host the proxy asks for.
func TestOldBrowsersPostThroughAProxy(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{trusted: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	b := w.through(w.terminator())
	for origin, want := range map[string]int{
		"https://www.example.com": http.StatusSeeOther, "https://evil.example": http.StatusForbidden, "null": http.StatusForbidden,
	} {
		r := b.request(http.MethodPost, "/sign-in", url.Values{"email": {"ada@example.com"}})
		r.Header.Del("Sec-Fetch-Site")
		r.Header.Set("Origin", origin)
		if p := b.do(r); p.status != want {
			t.Errorf("from %s: status %d, want %d", origin, p.status, want)
		}
	}
}

// forgeries are what clients send who would like to be somebody or somewhere else.
var forgeries = http.Header{
	"X-Forwarded-For": {"198.51.100.1"}, "X-Forwarded-Host": {"evil.example"}, "X-Forwarded-Proto": {"http"},
	"X-Real-Ip": {"198.51.100.2"}, "Forwarded": {"for=198.51.100.3;host=evil.example;proto=http"}, "X-Forwarded-Prefix": {"/evil"},
}

func TestForgedForwardedHeadersChangeNothing(t *testing.T) {
	t.Parallel()
	for name, proxies := range map[string][]netip.Prefix{
		"no proxies": nil, "proxies elsewhere": {netip.MustParsePrefix("10.0.0.0/8")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, wanted{trusted: proxies})
			honest, forger := answers(w, nil), answers(w, forgeries)
			if diff := cmp.Diff(honest, forger); diff != "" {
				t.Errorf("forged headers change the answers (-without +with):\n%s", diff)
			}
			if n := w.count("select count(distinct key) from allowances where name = 'code.network'"); n != 1 {
				t.Errorf("the limits of networks know %d networks, want 1", n)
			}
			log := w.log.String()
			if strings.Contains(log, "198.51.100") || strings.Contains(log, "evil") {
				t.Errorf("the log believes the headers:\n%s", log)
			}
			if n := strings.Count(log, "PORTAL_TRUSTED_PROXIES"); n != 1 {
				t.Errorf("warned %d times, want once", n)
			}
		})
	}
}

// said is what an answer says that does not differ from one request to the next.
type said struct {
	Status            int
	Location, Cookies string
	Body              string
}

// answers are those to a sign-in with some headers more.
func answers(w *world, more http.Header) (all []said) {
	b := w.browser()
	send := func(method, address string, form url.Values) {
		r := b.request(method, address, form)
		for name, values := range more {
			r.Header[name] = values
		}
		p := b.do(r)
		var cookies []string
		for _, c := range p.header["Set-Cookie"] {
			name, _, _ := strings.Cut(c, "=")
			_, attributes, _ := strings.Cut(c, ";")
			cookies = append(cookies, name+";"+attributes)
		}
		all = append(all, said{p.status, p.header.Get("Location"), strings.Join(cookies, "|"), p.body})
	}
	send(http.MethodGet, "", nil)
	send(http.MethodGet, "https://www.example.com/", nil)
	send(http.MethodPost, "/sign-in", url.Values{"email": {"ada@example.com"}})
	send(http.MethodPost, "/sign-in/code", url.Values{"code": {w.code("ada@example.com")}})
	send(http.MethodGet, "", nil)
	send(http.MethodPost, "/sign-out", url.Values{})
	return all
}
