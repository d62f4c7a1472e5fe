package middleware_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"portal/web/middleware"
)

func failurePage(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html")
	w.WriteHeader(http.StatusInternalServerError)
	_, _ = io.WriteString(w, "a calm page")
}

// panicking is a handler that panics, behind the recovery.
func panicking(l *logged, before func(w http.ResponseWriter), cause any) http.Handler {
	return middleware.Recover(l.logger(), http.HandlerFunc(failurePage))(http.HandlerFunc(
		func(w http.ResponseWriter, _ *http.Request) {
			before(w)
			panic(cause)
		}))
}

func TestPanicsBecomeTheFailurePage(t *testing.T) {
	t.Parallel()
	l := &logged{}
	w := get(panicking(l, func(w http.ResponseWriter) {
		w.Header().Set("Content-Length", "5")
		w.Header().Set("ETag", `"1"`)
		w.Header().Set("Cache-Control", "public")
		w.Header().Set("X-Content-Type-Options", "nosniff")
	}, "what a pity"), "/?apikey=SECRET")
	if w.Code != http.StatusInternalServerError || w.Body.String() != "a calm page" {
		t.Errorf("answered %d %q", w.Code, w.Body)
	}
	for name, want := range map[string]string{
		"Content-Length": "", "ETag": "", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Content-Type": "text/html",
	} {
		if got := w.Header().Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	line := l.lines(t)[0]
	stack, _ := line["stack"].(string)
	if line["level"] != "ERROR" || line["cause"] != "what a pity" || !strings.Contains(stack, "recover_test.go") {
		t.Error("logged:", line)
	}
	if strings.Contains(l.String(), "SECRET") {
		t.Error("logged:", l)
	}
}

func TestPanicsAfterTheFirstByteCutTheConnection(t *testing.T) {
	t.Parallel()
	l := &logged{}
	srv := httptest.NewServer(panicking(l, func(w http.ResponseWriter) {
		_, _ = io.WriteString(w, "half a page")
		_ = http.NewResponseController(w).Flush()
	}, "what a pity"))
	t.Cleanup(srv.Close)
	answer, err := srv.Client().Get(srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if body, err := io.ReadAll(answer.Body); err == nil || string(body) != "half a page" {
		t.Errorf("read %q, %v", body, err)
	}
	if len(l.lines(t)) != 1 {
		t.Error("logged:", l)
	}
}

func TestDeliberateAbortsPass(t *testing.T) {
	t.Parallel()
	l := &logged{}
	defer func() {
		if cause := recover(); cause != http.ErrAbortHandler || l.String() != "" {
			t.Errorf("the panic has become %v; logged: %s", cause, l)
		}
	}()
	get(panicking(l, func(http.ResponseWriter) {}, http.ErrAbortHandler), "/")
}
