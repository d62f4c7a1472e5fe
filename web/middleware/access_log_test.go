package middleware_test

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/google/go-cmp/cmp"

	"portal/web/middleware"
)

// routed is a router with the access log in front, as it is used.
func routed(l *logged, observe func(string, string, int, time.Duration)) *chi.Mux {
	r := chi.NewRouter()
	r.Use(middleware.AssignRequestID, middleware.IdentifyClient(nil, l.logger()), middleware.AccessLog(l.logger(), observe))
	return r
}

// line is the one line logged, without what differs each time.
func (l *logged) line(t *testing.T) map[string]any {
	t.Helper()
	lines := l.lines(t)
	if len(lines) != 1 {
		t.Fatalf("%d lines, want one: %s", len(lines), l)
	}
	if id, _ := lines[0]["request_id"].(string); id == "" {
		t.Error("no request_id:", l)
	}
	delete(lines[0], "time")
	delete(lines[0], "request_id")
	return lines[0]
}

func TestAccessLogTellsOneLineARequest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := &logged{}
		var got observed
		var took time.Duration
		r := routed(l, func(method, route string, status int, d time.Duration) {
			got, took = observed{method, route, status}, d
		})
		r.Route("/onboarding", func(r chi.Router) {
			r.Get("/links/{token}", func(w http.ResponseWriter, r *http.Request) {
				time.Sleep(41 * time.Millisecond)
				middleware.Note(r.Context(), slog.String("registration_id", "0198"), slog.Int("tries", 2))
				w.WriteHeader(http.StatusTeapot)
				_, _ = io.WriteString(w, "short ")
				_, _ = io.WriteString(w, "stout")
			})
		})
		get(r, "/onboarding/links/SECRET-1?request_id=SECRET-2&apikey=SECRET-3", "Referer", "https://SECRET-4", "Cookie", "SECRET-5=1")
		want := map[string]any{
			"level": "INFO", "msg": "request", "method": "GET", "route": "/onboarding/links/{token}", "status": 418.0, "bytes": 11.0,
			"ms": 41.0, "client": "192.0.2.0/24", "registration_id": "0198", "tries": 2.0,
		}
		if diff := cmp.Diff(want, l.line(t)); diff != "" {
			t.Error("line (-want +got):", diff)
		}
		if strings.Contains(l.String(), "SECRET") {
			t.Error("logged:", l)
		}
		if want := (observed{"GET", "/onboarding/links/{token}", 418}); got != want || took != 41*time.Millisecond {
			t.Errorf("observed %+v in %v, want %+v", got, took, want)
		}
	})
}

func TestAccessLogNamesStatusAndLevelRight(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answer        http.HandlerFunc
		method, path  string
		route, level  string
		status, bytes float64
	}{
		"nothing written": {func(http.ResponseWriter, *http.Request) {}, "GET", "/a", "/a", "INFO", 200, 0},
		"only flushed":    {func(w http.ResponseWriter, _ *http.Request) { _ = http.NewResponseController(w).Flush() }, "GET", "/a", "/a", "INFO", 200, 0},
		"server error":    {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) }, "GET", "/a", "/a", "ERROR", 503, 0},
		"client error":    {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(422) }, "GET", "/a", "/a", "INFO", 422, 0},
		"second status":   {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(201); w.WriteHeader(500) }, "GET", "/a", "/a", "INFO", 201, 0},
		"no such route":   {nil, "GET", "/SECRET", "none", "INFO", 404, 19},
		"no such method":  {nil, "POST", "/a", "none", "INFO", 405, 0},
		"strange method":  {nil, "SECRET", "/a", "none", "INFO", 405, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := &logged{}
			r := routed(l, nobody)
			if test.answer == nil {
				test.answer = says("").ServeHTTP
			}
			r.Get("/a", test.answer)
			r.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(test.method, test.path, nil))
			got := l.line(t)
			want := map[string]any{"route": test.route, "level": test.level, "status": test.status, "bytes": test.bytes}
			for key, value := range want {
				if got[key] != value {
					t.Errorf("%s is %v, want %v", key, got[key], value)
				}
			}
			if strings.Contains(l.String(), "SECRET") {
				t.Error("logged:", l)
			}
		})
	}
}

func TestAccessLogTakesNoHintForTheStatus(t *testing.T) {
	t.Parallel()
	l := &logged{}
	srv := httptest.NewServer(middleware.AccessLog(l.logger(), nobody)(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusEarlyHints)
		w.WriteHeader(http.StatusTeapot)
	})))
	answer, err := srv.Client().Get(srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	srv.Close() // waits for the line
	if got := l.lines(t)[0]["status"]; got != 418.0 {
		t.Errorf("status %v", got)
	}
}

func TestOfAStreamOnlyTheBeginningIsObserved(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := &logged{}
		var took time.Duration
		r := routed(l, func(_, _ string, _ int, d time.Duration) { took = d })
		r.Get("/events", func(w http.ResponseWriter, r *http.Request) {
			time.Sleep(5 * time.Millisecond)
			middleware.Streaming(r.Context())
			time.Sleep(time.Hour)
		})
		get(r, "/events")
		if logged := l.line(t)["ms"]; took != 5*time.Millisecond || logged != 3_600_005.0 {
			t.Errorf("observed %v, and the line says %v ms", took, logged)
		}
	})
}

func TestAccessLogMasksTheClient(t *testing.T) {
	t.Parallel()
	for remote, want := range map[string]string{
		"203.0.113.77:4711": "203.0.113.0/24", "[2001:db8:1:2::77]:4711": "2001:db8:1::/48", "@": "unknown",
	} {
		l := &logged{}
		h := middleware.IdentifyClient(nil, l.logger())(middleware.AccessLog(l.logger(), nobody)(says("")))
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = remote
		h.ServeHTTP(httptest.NewRecorder(), r)
		if got := l.lines(t)[0]["client"]; got != want {
			t.Errorf("client is %v, want %s", got, want)
		}
	}
}

func TestAccessLogTellsOfAbortedAnswers(t *testing.T) {
	t.Parallel()
	l := &logged{}
	r := routed(l, nobody)
	r.Get("/a", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	defer func() {
		if cause, _ := recover().(error); !errors.Is(cause, http.ErrAbortHandler) {
			t.Errorf("the panic has become %v", cause)
		}
		if got := l.line(t); got["aborted"] != true || got["status"] != 0.0 {
			t.Error("line:", got)
		}
	}()
	get(r, "/a")
}

func TestNoteOutsideOfARequestDoesNothing(t *testing.T) {
	t.Parallel()
	middleware.Note(t.Context(), slog.Bool("lost", true))
}
