package middleware_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"portal/web/middleware"
)

func TestOnlyTrustedProxiesAskByAnotherName(t *testing.T) {
	t.Parallel()
	const stranger, proxy = "203.0.113.7:4711", "10.0.0.1:80"
	for name, test := range map[string]struct {
		base, remote, host string
		passes             bool
	}{
		"ours":                        {"https://www.example.com/x", stranger, "www.example.com", true},
		"in capitals":                 {"https://www.example.com/x", stranger, "WWW.Example.COM", true},
		"with the usual port":         {"https://www.example.com/x", stranger, "www.example.com:443", true},
		"with another port":           {"https://www.example.com/x", stranger, "www.example.com:80", false},
		"a port of ours":              {"https://www.example.com:8443", stranger, "www.example.com:8443", true},
		"without the port of ours":    {"https://www.example.com:8443", stranger, "www.example.com", false},
		"the usual port of ours":      {"https://www.example.com:443", stranger, "www.example.com", true},
		"without TLS":                 {"http://www.example.com", stranger, "www.example.com:80", true},
		"somebody else's":             {"https://www.example.com", stranger, "evil.example", false},
		"one that begins like ours":   {"https://www.example.com", stranger, "www.example.com.evil.example", false},
		"one that ends like ours":     {"https://www.example.com", stranger, "evil-www.example.com", false},
		"two":                         {"https://www.example.com", stranger, "www.example.com, evil.example", false},
		"none":                        {"https://www.example.com", stranger, "", false},
		"somebody else's, by a proxy": {"https://www.example.com", proxy, "evil.example", true},
		"none, by a proxy":            {"https://www.example.com", proxy, "", true},
		"on the same machine":         {"https://www.example.com", "127.0.0.1:80", "portal:8080", true},
		"the same, by IPv6":           {"https://www.example.com", "[::1]:80", "portal:8080", true},
		"nowhere":                     {"https://www.example.com", "@", "portal:8080", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			base, err := url.Parse(test.base)
			if err != nil {
				t.Fatal(err)
			}
			refuse := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusMisdirectedRequest) })
			h := middleware.CheckHost(base, trusted, refuse)(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
			r, w := request(test.remote, []string{"127.0.0.1"}), httptest.NewRecorder() // a header which makes nobody a proxy
			r.Host = test.host
			h.ServeHTTP(w, r)
			if passes := w.Code == http.StatusOK; passes != test.passes {
				t.Errorf("status %d", w.Code)
			}
		})
	}
}
