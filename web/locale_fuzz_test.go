package web

import (
	"io"
	"log/slog"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"portal/templates"
)

// routed is a server that knows its routes and nothing else.
func routed(f *testing.F, address string) *Server {
	f.Helper()
	u, err := url.Parse(address)
	if err != nil {
		f.Fatal(err)
	}
	base := strings.TrimSuffix(u.Path, "/")
	s := &Server{
		Options: Options{
			BaseURL: u, Site: templates.Site{Base: base}, Applicants: &Applicants{}, LinkParams: [2]string{"request_id", "apikey"},
			Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		},
		base: base,
	}
	s.routes = s.routeTable()
	return s
}

// Whatever a form says, the change of language leads to a page of ours.
func FuzzLanguageLeadsToPagesOfOursAlone(f *testing.F) {
	for _, address := range []string{
		"/onboarding", "/onboarding/sign-in?flow=individual", "/", "//evil.example", "///evil.example", `/\evil.example`, "/onboarding/../evil",
		"https://evil.example/onboarding", "https:/onboarding", "/onboarding/..//evil.example", "/static/..//evil.example", "/%2f/evil.example", "",
		"javascript:alert(1)", "/onboarding/static/%2e%2e/%2e%2e//evil.example", "/onboarding?a=\r\nSet-Cookie: b=c", "?x", "\x00", "/sign-in#//evil", "/onboarding/static/%2e%2e/%2e%2e/ ",
	} {
		f.Add(address)
	}
	servers := []*Server{routed(f, "https://www.example.com/onboarding"), routed(f, "https://register.example.com")}
	f.Fuzz(func(t *testing.T, address string) {
		for _, s := range servers {
			for _, to := range []string{s.pageOfOurs(address), inLanguage(s.pageOfOurs(address), "de")} {
				w := httptest.NewRecorder()
				if err := s.send(w, httptest.NewRequest("POST", s.BaseURL.JoinPath("language").String(), nil), see(to)); err != nil {
					t.Fatal(err)
				}
				led, err := s.BaseURL.Parse(w.Header().Get("Location"))
				if err != nil || led.Host != s.BaseURL.Host || led.Scheme != "https" || !strings.HasPrefix(led.Path, s.address("")) {
					t.Errorf("%q leads to %q: %v", address, w.Header().Get("Location"), err)
				}
			}
		}
	})
}
