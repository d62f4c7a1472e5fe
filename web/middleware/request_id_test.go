package middleware_test

import (
	"net/http"
	"testing"

	"portal/web/middleware"
)

func TestRequestIDsAreOursAndDiffer(t *testing.T) {
	t.Parallel()
	var seen string
	h := middleware.AssignRequestID(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		seen = middleware.RequestID(r.Context())
	}))
	ids := map[string]bool{}
	for range 10 {
		w := get(h, "/", "X-Request-Id", "forged")
		id := w.Header().Get("X-Request-Id")
		if id != seen || len(id) < 20 || id == "forged" {
			t.Errorf("answered %q, the handler saw %q", id, seen)
		}
		ids[id] = true
	}
	if len(ids) != 10 {
		t.Error("ids repeat:", ids)
	}
	if id := middleware.RequestID(t.Context()); id != "" {
		t.Errorf("an id outside of a request: %q", id)
	}
}
