package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	sandboxforms "portal/internal/sandbox/passfort"
)

// journey goes from the first page to the company's own, as a person without JavaScript would.
func journey(w *world, b *browser, email string) {
	w.t.Helper()
	b.get("").shows(http.StatusOK, "landing.title", "landing.sign_in")
	b.get("/sign-in?flow=individual").shows(http.StatusOK, "sign_in.title")
	code := b.askCode(email, "individual")
	b.post("/sign-in/code", "code", code).leads("?flow=individual")
	b.await("open")
	opened := b.get("?flow=individual").pair()
	b.get("/complete").shows(http.StatusOK, "checking.title")
	w.end(opened, sandboxforms.Completed)
	b.get("/complete").leads("https://www.example.com/thanks/individual")
	b.get("").shows(http.StatusOK, "outcome.completed_title")
}

func TestPortalWorksBelowAnyPath(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ url, cookie string }{
		"a host of its own": {"https://register.example.com", "__Host-portal_session"},
		"a path":            {"https://www.example.com/onboarding", "__Secure-portal_session"},
		"a deeper path":     {"https://www.example.com/a/b", "__Secure-portal_session"},
		"loopback":          {"http://127.0.0.1:8080/onboarding", "portal_session"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, wanted{url: test.url})
			b := w.browser()
			if base := w.url.Path; base != "" {
				b.get(w.url.Scheme + "://" + w.url.Host + "/").leads("")
			}
			landing := b.get("").shows(http.StatusOK, "landing.title")
			for _, e := range append(landing.elements("link"), landing.elements("script")...) {
				address := e.attrs["href"] + e.attrs["src"]
				asset := b.get(w.url.Scheme + "://" + w.url.Host + address)
				if asset.status != http.StatusOK || !strings.Contains(asset.header.Get("Cache-Control"), "immutable") {
					t.Errorf("%s: status %d, %s", address, asset.status, asset.header.Get("Cache-Control"))
				}
			}
			journey(w, b, "ada@example.com")
			if b.cookies()[test.cookie] == "" {
				t.Errorf("no cookie %s among %v", test.cookie, b.cookies())
			}
			b.post("/sign-out").shows(http.StatusOK, "signed_out.title")
			if left := b.cookiesOfSessions(); len(left) > 0 {
				t.Errorf("cookies left after sign-out: %v", left)
			}
			want := map[string]int{"profile.create": 1, "customer_request.create": 1, "customer_request.complete": 1, "application.create": 1}
			if diff := cmp.Diff(want, w.effects()); diff != "" {
				t.Errorf("effects (-want +got):\n%s", diff)
			}
		})
	}
}
