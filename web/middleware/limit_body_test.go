package middleware_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"portal/web/middleware"
)

// reading answers with how many bytes could be read, or 413.
func reading(w http.ResponseWriter, r *http.Request) {
	_, err := io.Copy(io.Discard, r.Body)
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		w.WriteHeader(http.StatusRequestEntityTooLarge)
	}
}

func TestBodiesUpToTheLimitAreRead(t *testing.T) {
	t.Parallel()
	l := &logged{}
	srv := httptest.NewServer(middleware.AccessLog(l.logger(), nobody)(middleware.LimitBody(10)(http.HandlerFunc(reading))))
	t.Cleanup(srv.Close)
	for body, want := range map[string]int{"": 200, "0123456789": 200, "0123456789a": 413, strings.Repeat("a", 1<<20): 413} {
		for chunked := range 2 {
			var reader io.Reader = strings.NewReader(body)
			if chunked == 1 {
				reader = io.MultiReader(reader)
			}
			answer, err := srv.Client().Post(srv.URL, "text/plain", reader)
			if err != nil {
				t.Fatal(err)
			}
			_ = answer.Body.Close()
			if answer.StatusCode != want {
				t.Errorf("%d bytes: %d, want %d", len(body), answer.StatusCode, want)
			}
			if answer.Close != (want == http.StatusRequestEntityTooLarge) {
				t.Errorf("%d bytes: connection closed: %t", len(body), answer.Close)
			}
		}
	}
}

func TestFormsOverTheLimitAreTooLarge(t *testing.T) {
	t.Parallel()
	h := middleware.LimitBody(10)(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if _, ok := errors.AsType[*http.MaxBytesError](r.ParseForm()); !ok {
			t.Error("the form was read")
		}
	}))
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader("email="+strings.Repeat("a", 20)))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	h.ServeHTTP(httptest.NewRecorder(), r)
}
