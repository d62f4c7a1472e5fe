package middleware_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"portal/web/middleware"
)

var trusted = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}

// identify returns what a handler learns of the client.
func identify(r *http.Request) (addr netip.Addr) {
	h := middleware.IdentifyClient(trusted, slog.New(slog.DiscardHandler))(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		addr = middleware.ClientIP(r.Context())
	}))
	h.ServeHTTP(httptest.NewRecorder(), r)
	return addr
}

func request(remote string, forwardedFor []string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.RemoteAddr = remote
	r.Header["X-Forwarded-For"] = forwardedFor
	return r
}

func TestClientIPCountsOnTrustedProxiesOnly(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		remote    string
		forwarded []string
		want      string
	}{
		"direct":                         {"203.0.113.7:4711", nil, "203.0.113.7"},
		"direct, with a forged header":   {"203.0.113.7:4711", []string{"198.51.100.1"}, "203.0.113.7"},
		"one proxy":                      {"10.0.0.1:80", []string{"203.0.113.7"}, "203.0.113.7"},
		"one proxy, forged before":       {"10.0.0.1:80", []string{"198.51.100.1, 203.0.113.7"}, "203.0.113.7"},
		"forged to look trusted":         {"10.0.0.1:80", []string{"10.9.9.9, 203.0.113.7"}, "203.0.113.7"},
		"two proxies":                    {"10.0.0.1:80", []string{"198.51.100.1, 203.0.113.7, 10.0.0.2"}, "203.0.113.7"},
		"several lines":                  {"10.0.0.1:80", []string{"203.0.113.7", "10.0.0.2"}, "203.0.113.7"},
		"ports and brackets":             {"[fd00::1]:80", []string{"[2001:db8::7]:99"}, "2001:db8::7"},
		"brackets alone":                 {"[fd00::1]:80", []string{"[2001:db8::7]"}, "2001:db8::7"},
		"IPv4 within IPv6":               {"[::ffff:10.0.0.1]:80", []string{"::ffff:203.0.113.7"}, "203.0.113.7"},
		"zone":                           {"[fe80::1%eth0]:80", nil, "fe80::1"},
		"nonsense stops the walk":        {"10.0.0.1:80", []string{"203.0.113.7, unknown, 10.0.0.2"}, "10.0.0.2"},
		"empty header":                   {"10.0.0.1:80", []string{""}, "10.0.0.1"},
		"several lines, forged before":   {"10.0.0.1:80", []string{"198.51.100.1", "10.9.9.9", "203.0.113.7"}, "203.0.113.7"},
		"an empty line in between":       {"10.0.0.1:80", []string{"198.51.100.1", "", "10.0.0.2"}, "10.0.0.2"},
		"zone and port":                  {"[fd00::1%eth0]:80", []string{"[fe80::7%eth1]:99"}, "fe80::7"},
		"a port on IPv4":                 {"10.0.0.1:80", []string{"203.0.113.7:4711"}, "203.0.113.7"},
		"a bracket too few":              {"10.0.0.1:80", []string{"203.0.113.7, 2001:db8::7]:99"}, "10.0.0.1"},
		"a number that is too great":     {"10.0.0.1:80", []string{"203.0.113.7, 10.0.0.256"}, "10.0.0.1"},
		"a number in another base":       {"10.0.0.1:80", []string{"203.0.113.7, 0x7f.1"}, "10.0.0.1"},
		"a name":                         {"10.0.0.1:80", []string{"203.0.113.7, localhost"}, "10.0.0.1"},
		"another header's way to say it": {"10.0.0.1:80", []string{"for=203.0.113.7"}, "10.0.0.1"},
		"as long as a header may be":     {"10.0.0.1:80", []string{strings.Repeat("10.0.0.9,", 3600) + "203.0.113.7"}, "203.0.113.7"},
		"commas alone":                   {"10.0.0.1:80", []string{strings.Repeat(",", 32<<10)}, "10.0.0.1"},
		"a proxy itself":                 {"10.0.0.1:80", []string{"10.0.0.3, 10.0.0.2"}, "10.0.0.3"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := identify(request(test.remote, test.forwarded)); got.String() != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
	if got := identify(request("@", []string{"203.0.113.7"})); got.IsValid() {
		t.Errorf("a Unix socket has address %s", got)
	}
}

func TestForwardedHeadersFromElsewhereAreWarnedOfOnce(t *testing.T) {
	t.Parallel()
	for _, header := range []string{"X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Forwarded"} {
		var out bytes.Buffer
		h := middleware.IdentifyClient(trusted, slog.New(slog.NewTextHandler(&out, nil)))(http.NotFoundHandler())
		ask := func(remote, value string) {
			r := request(remote, nil)
			if value != "" {
				r.Header.Set(header, value)
			}
			h.ServeHTTP(httptest.NewRecorder(), r)
		}
		ask("203.0.113.7:80", "")
		ask("10.0.0.1:80", "198.51.100.1")
		if out.Len() > 0 {
			t.Errorf("%s: warned for nothing: %s", header, &out)
		}
		for range 3 {
			ask("203.0.113.7:80", "198.51.100.1")
		}
		said := out.String()
		if strings.Count(said, "PORTAL_TRUSTED_PROXIES") != 1 || !strings.Contains(said, "203.0.113.0/24") {
			t.Errorf("%s: said %q, want one warning that names the network", header, said)
		}
		if strings.Contains(said, "198.51.100") || strings.Contains(said, "203.0.113.7") {
			t.Errorf("%s: the log gives an address away: %s", header, said)
		}
	}
}

// FuzzForwarded holds that a client cannot choose its own address: what it sends stands to the left of what the proxy
// adds, so it makes no difference. What comes from elsewhere than a proxy makes none at all.
func FuzzForwarded(f *testing.F) {
	for _, forged := range []string{"", "1.2.3.4", "10.0.0.9", "[::1]:80, ,", "::ffff:10.0.0.1", "fe80::1%eth0", "\x00,;\"unknown"} {
		f.Add(forged)
	}
	f.Fuzz(func(t *testing.T, forged string) {
		for _, headers := range [][]string{{forged + ",203.0.113.7"}, {forged, "203.0.113.7"}} {
			if got := identify(request("10.0.0.1:80", headers)); got.String() != "203.0.113.7" {
				t.Errorf("behind a proxy: %s", got)
			}
		}
		if got := identify(request("203.0.113.7:80", []string{forged})); got.String() != "203.0.113.7" {
			t.Errorf("direct: %s", got)
		}
		if got := identify(request("10.0.0.1:80", []string{forged})); !got.IsValid() || got.Zone() != "" || got.Is4In6() {
			t.Errorf("no plain address: %s", got)
		}
	})
}
