package middleware_test

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"

	"portal/web/middleware"
)

var trusted = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}

// identify returns what a handler learns of the client.
func identify(r *http.Request) (addr netip.Addr, scheme string) {
	h := middleware.IdentifyClient(trusted)(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		addr, scheme = middleware.ClientIP(r.Context()), middleware.Scheme(r.Context())
	}))
	h.ServeHTTP(httptest.NewRecorder(), r)
	return addr, scheme
}

func request(remote string, forwardedFor, forwardedProto []string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.RemoteAddr = remote
	r.Header["X-Forwarded-For"], r.Header["X-Forwarded-Proto"] = forwardedFor, forwardedProto
	return r
}

func TestClientIPCountsOnTrustedProxiesOnly(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		remote    string
		forwarded []string
		want      string
	}{
		"direct":                       {"203.0.113.7:4711", nil, "203.0.113.7"},
		"direct, with a forged header": {"203.0.113.7:4711", []string{"198.51.100.1"}, "203.0.113.7"},
		"one proxy":                    {"10.0.0.1:80", []string{"203.0.113.7"}, "203.0.113.7"},
		"one proxy, forged before":     {"10.0.0.1:80", []string{"198.51.100.1, 203.0.113.7"}, "203.0.113.7"},
		"forged to look trusted":       {"10.0.0.1:80", []string{"10.9.9.9, 203.0.113.7"}, "203.0.113.7"},
		"two proxies":                  {"10.0.0.1:80", []string{"198.51.100.1, 203.0.113.7, 10.0.0.2"}, "203.0.113.7"},
		"several lines":                {"10.0.0.1:80", []string{"203.0.113.7", "10.0.0.2"}, "203.0.113.7"},
		"ports and brackets":           {"[fd00::1]:80", []string{"[2001:db8::7]:99"}, "2001:db8::7"},
		"brackets alone":               {"[fd00::1]:80", []string{"[2001:db8::7]"}, "2001:db8::7"},
		"IPv4 within IPv6":             {"[::ffff:10.0.0.1]:80", []string{"::ffff:203.0.113.7"}, "203.0.113.7"},
		"zone":                         {"[fe80::1%eth0]:80", nil, "fe80::1"},
		"nonsense stops the walk":      {"10.0.0.1:80", []string{"203.0.113.7, unknown, 10.0.0.2"}, "10.0.0.2"},
		"empty header":                 {"10.0.0.1:80", []string{""}, "10.0.0.1"},
		"a proxy itself":               {"10.0.0.1:80", []string{"10.0.0.3, 10.0.0.2"}, "10.0.0.3"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got, _ := identify(request(test.remote, test.forwarded, nil)); got.String() != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
	if got, _ := identify(request("@", []string{"203.0.113.7"}, nil)); got.IsValid() {
		t.Errorf("a Unix socket has address %s", got)
	}
}

func TestSchemeIsWhatTheOutermostTrustedProxySaw(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		remote string
		by     []string // X-Forwarded-For
		proto  []string
		want   string
	}{
		"direct":                  {"203.0.113.7:1", nil, nil, "http"},
		"direct, forged":          {"203.0.113.7:1", nil, []string{"https"}, "http"},
		"one proxy":               {"10.0.0.1:1", []string{"203.0.113.7"}, []string{"HTTPS"}, "https"},
		"one proxy, forged":       {"10.0.0.1:1", []string{"203.0.113.7"}, []string{"https, http"}, "http"},
		"two proxies, each adds":  {"10.0.0.1:1", []string{"203.0.113.7, 10.0.0.2"}, []string{"https, http"}, "https"},
		"two proxies, one passes": {"10.0.0.1:1", []string{"203.0.113.7, 10.0.0.2"}, []string{"https"}, "https"},
		"nonsense":                {"10.0.0.1:1", []string{"203.0.113.7"}, []string{"gopher"}, "http"},
		"silence":                 {"10.0.0.1:1", []string{"203.0.113.7"}, nil, "http"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, got := identify(request(test.remote, test.by, test.proto)); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
	overTLS := request("203.0.113.7:1", nil, nil)
	overTLS.TLS = &tls.ConnectionState{}
	if _, got := identify(overTLS); got != "https" {
		t.Errorf("over TLS: %s", got)
	}
}

// FuzzForwarded holds that a client cannot choose its own address: what it sends stands to the left of what the proxy
// adds, so it makes no difference. What comes from elsewhere than a proxy makes none at all.
func FuzzForwarded(f *testing.F) {
	for _, forged := range []string{"", "1.2.3.4", "10.0.0.9", "[::1]:80, ,", "::ffff:10.0.0.1", "fe80::1%eth0", "\x00,;\"unknown"} {
		f.Add(forged, "https")
	}
	f.Fuzz(func(t *testing.T, forged, proto string) {
		for _, headers := range [][]string{{forged + ",203.0.113.7"}, {forged, "203.0.113.7"}} {
			got, scheme := identify(request("10.0.0.1:80", headers, []string{proto, "http"}))
			if got.String() != "203.0.113.7" || scheme != "http" {
				t.Errorf("behind a proxy: %s by %s", got, scheme)
			}
		}
		got, scheme := identify(request("203.0.113.7:80", []string{forged}, []string{proto}))
		if got.String() != "203.0.113.7" || scheme != "http" {
			t.Errorf("direct: %s by %s", got, scheme)
		}
		if got, _ := identify(request("10.0.0.1:80", []string{forged}, nil)); !got.IsValid() || got.Zone() != "" || got.Is4In6() {
			t.Errorf("no plain address: %s", got)
		}
	})
}
