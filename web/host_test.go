package web_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// remotely has the portal answer a request that came from elsewhere than a trusted proxy.
func (w *world) remotely(method, address, host string) *httptest.ResponseRecorder {
	w.t.Helper()
	r := httptest.NewRequestWithContext(w.t.Context(), method, address, nil)
	r.RemoteAddr, r.Host = "203.0.113.9:4711", host
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	answer := httptest.NewRecorder()
	w.web.ServeHTTP(answer, r)
	return answer
}

func TestAnotherHostHasNoPagesOfOurs(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{webhooks: true})
	for _, route := range routesOf(t, w) {
		method, path, _ := strings.Cut(route, " ")
		path = strings.NewReplacer("{", "", "}", "").Replace(path)
		got := w.remotely(method, path, "evil.example")
		kind := "text/html; charset=utf-8"
		if strings.Contains(path, "/api/") || strings.Contains(path, "/webhooks/") {
			kind = "application/problem+json"
		}
		if got.Code != http.StatusMisdirectedRequest || got.Header().Get("Content-Type") != kind {
			t.Errorf("%s: status %d and %q, want 421 and %q", route, got.Code, got.Header().Get("Content-Type"), kind)
		}
		if strings.Contains(got.Body.String(), "evil") || got.Header().Get("Strict-Transport-Security") != "" {
			t.Errorf("%s: the answer is made for the other host", route)
		}
		if ours := w.remotely(method, path, "www.example.com"); ours.Code == http.StatusMisdirectedRequest {
			t.Errorf("%s: refused at the portal's own host", route)
		}
	}
	if log := w.log.String(); !strings.Contains(log, "asked for another host") || strings.Contains(log, "evil") {
		t.Error("the log does not tell of it, or repeats the host")
	}
}

// A proxy asks by a private name, and strangers can have it ask by any. Nothing in an answer follows from it.
func TestNothingIsMadeOfTheHostThatIsAskedFor(t *testing.T) {
	t.Parallel()
	m := newMatrix(t)
	for route, a := range accesses {
		b, r := m.prepare("own", route, a, nil)
		r.Host = "evil.example"
		p := b.do(r)
		b.client.CloseIdleConnections()
		if p.status == http.StatusMisdirectedRequest {
			t.Errorf("%s: a program on the same machine is refused", route)
		}
		if strings.Contains(p.body, "evil.example") {
			t.Errorf("%s: the page repeats the host", route)
		}
		for name, values := range p.header {
			if strings.Contains(strings.Join(values, " "), "evil.example") {
				t.Errorf("%s: the header %s repeats the host", route, name)
			}
		}
	}
}
