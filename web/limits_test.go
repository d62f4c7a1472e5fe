package web_test

import (
	"io"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"portal/internal/localpg"
	"portal/web"
)

// asks makes a request from an address and returns the answer's header and body.
func (w *world) asks(from, method, path string) (status int, h http.Header, body string) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), method, w.server.URL+"/onboarding"+path, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header.Set("X-Forwarded-For", from)
	answer, err := w.server.Client().Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return answer.StatusCode, answer.Header, string(text)
}

// Groups have limits of their own, each for a client by itself, whose limit is that of its line with IPv6.
func TestWhoAsksTooOftenIsToldWhenToComeBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{
		webhooks: true, pool: localpg.New(t), trusted: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
		limits: web.Limits{Pages: 2, Forms: 1, Status: 1, API: 1, Webhooks: 1, Reports: 1},
	})
	for _, c := range []struct {
		group, method, path string
		most                int
		kind                string
	}{
		{"pages", http.MethodGet, "/sign-in", 2, "text/html; charset=utf-8"},
		{"forms", http.MethodPost, "/sign-in", 1, "text/html; charset=utf-8"},
		{"status", http.MethodGet, "/status", 1, "text/html; charset=utf-8"},
		{"API", http.MethodGet, "/api/v1/registrations", 1, "application/problem+json"},
		{"webhooks", http.MethodPost, "/webhooks/passfort", 1, "application/problem+json"},
		{"reports", http.MethodPost, "/reports/csp", 1, "text/html; charset=utf-8"},
	} {
		const one, same, other = "2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1"
		for n := range c.most {
			if status, _, _ := w.asks(one, c.method, c.path); status == http.StatusTooManyRequests {
				t.Errorf("%s: refused after %d", c.group, n)
			}
		}
		status, h, body := w.asks(same, c.method, c.path)
		if status != http.StatusTooManyRequests || h.Get("Retry-After") != "10" || h.Get("Content-Type") != c.kind {
			t.Errorf("%s: %d, Retry-After %q, %s", c.group, status, h.Get("Retry-After"), h.Get("Content-Type"))
		}
		if c.kind != "application/problem+json" && !strings.Contains(body, "There were very many requests from your connection") {
			t.Errorf("%s: the page does not say why:\n%s", c.group, body)
		}
		if status, _, _ := w.asks(other, c.method, c.path); status == http.StatusTooManyRequests {
			t.Errorf("%s: refused for what another has done", c.group)
		}
	}
	if !strings.Contains(w.log.String(), `"reason":"too many requests"`) {
		t.Error("the log does not say that somebody was refused")
	}
}

// People come to it from their e-mails, several of them from one office.
func TestPageOfFormsIsNeverLimited(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{linkOnly: true, limits: web.Limits{Pages: 1, Forms: 1}})
	for range 20 {
		status, _, _ := w.asks("", http.MethodGet, "?request_id=00000000-0000-4000-8000-000000000001&apikey=k")
		if status != http.StatusOK {
			t.Fatalf("status %d", status)
		}
	}
}
