package passfort

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox"
)

func parsed(t *testing.T, address string) *url.URL {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestFrontOfTheSandboxIsSound(t *testing.T) {
	t.Parallel()
	box := sandbox.New(sandbox.Options{})
	t.Cleanup(func() { _ = box.Close() })
	server := httptest.NewServer(box.Handler())
	t.Cleanup(server.Close)
	got, err := NewFront(parsed(t, server.URL), parsed(t, "https://portal.example")).Look(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Sight{Status: 200, Type: "text/javascript", Served: true, Framed: true}, got); diff != "" {
		t.Error("sight (-want +got):", diff)
	}
}

func TestFrontThatServesNoScriptIsSeen(t *testing.T) {
	t.Parallel()
	for name, serve := range map[string]http.HandlerFunc{
		"gone": http.NotFound,
		"a page instead": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = w.Write([]byte("<p>We are back soon.</p>"))
		},
		"round and round": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/other.js", http.StatusFound) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(serve)
			t.Cleanup(server.Close)
			got, err := NewFront(parsed(t, server.URL), parsed(t, "https://portal.example")).Look(t.Context())
			if err != nil || got.Served || got.Status == 0 {
				t.Errorf("%+v, %v", got, err)
			}
		})
	}
}

// A browser goes where the page's policy lets it: the script's own site.
func TestRedirectsAreFollowedWithinTheSite(t *testing.T) {
	t.Parallel()
	var lead string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/embed.js" {
			http.Redirect(w, r, lead, http.StatusFound)
			return
		}
		w.Header().Set("Content-Type", "text/javascript")
	}))
	t.Cleanup(server.Close)
	for target, served := range map[string]bool{
		"/v2/embed.js": true, server.URL + "/v2/embed.js": true,
		strings.Replace(server.URL, "127.0.0.1", "localhost", 1) + "/v2/embed.js": false,
	} {
		lead = target
		got, err := NewFront(parsed(t, server.URL), parsed(t, "https://portal.example")).Look(t.Context())
		if err != nil || got.Served != served {
			t.Errorf("to %s: %+v, %v", target, got, err)
		}
	}
}

func TestNamesBelowLocalhostAreThisMachine(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.Host, "collection.localhost:") {
			w.Header().Set("Content-Type", "text/javascript")
		}
	}))
	t.Cleanup(server.Close)
	at := parsed(t, strings.Replace(server.URL, "127.0.0.1", "collection.localhost", 1))
	if got, err := NewFront(at, parsed(t, "https://portal.example")).Look(t.Context()); err != nil || !got.Served {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestFrontThatIsAwayIsAnErrorWithoutItsWords(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	if got, err := NewFront(parsed(t, server.URL), parsed(t, "https://portal.example")).Look(t.Context()); err == nil {
		t.Errorf("%+v without an error", got)
	}
}

func TestFramingIsForbiddenAsBrowsersReadIt(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		policy, options string
		want            bool
	}{
		{"", "", true},
		{"", "DENY", false},
		{"", "SAMEORIGIN", false},
		{"default-src 'none'", "", true},
		{"default-src 'none'", "DENY", false},
		{"frame-ancestors 'none'", "", false},
		{"frame-ancestors", "", false},
		{"frame-ancestors 'self'", "", false},
		{"frame-ancestors *", "DENY", true},
		{"img-src *; Frame-Ancestors https:", "", true},
		{"frame-ancestors http:", "", false},
		{"frame-ancestors https://portal.example", "DENY", true},
		{"frame-ancestors https://portal.example/", "", true},
		{"frame-ancestors https://portal.example:443", "", true},
		{"frame-ancestors https://portal.example:8443", "", false},
		{"frame-ancestors portal.example", "", true},
		{"frame-ancestors HTTPS://Portal.example", "", true},
		{"frame-ancestors http://portal.example", "", false},
		{"frame-ancestors https://*.example", "", true},
		{"frame-ancestors https://*.portal.example", "", false},
		{"frame-ancestors *, frame-ancestors 'none'", "", false},
	} {
		h := http.Header{}
		for name, value := range map[string]string{"Content-Security-Policy": test.policy, "X-Frame-Options": test.options} {
			if value != "" {
				h.Set(name, value)
			}
		}
		if got := mayFrame(h, parsed(t, "https://portal.example/onboarding")); got != test.want {
			t.Errorf("%s %s: %t", test.policy, test.options, got)
		}
	}
}

func FuzzFraming(f *testing.F) {
	f.Add("frame-ancestors *", "DENY")
	f.Add("frame-ancestors https://*.example; ;", "")
	f.Fuzz(func(t *testing.T, policy, options string) {
		h := http.Header{"Content-Security-Policy": {policy}, "X-Frame-Options": {options}}
		if mayFrame(h, &url.URL{Scheme: "https", Host: "portal.example"}) && strings.EqualFold(strings.TrimSpace(policy), "frame-ancestors 'none'") {
			t.Errorf("%q lets the portal in", policy)
		}
	})
}
