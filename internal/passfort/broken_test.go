package passfort_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"portal/internal/onboarding"
)

func TestNothingHappensWithoutAConnection(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	for name, call := range calls {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := call(t.Context(), clientOf(t, "http://"+nobody+"/4.0"))
			wantKind(t, err, onboarding.Busy)
			if !strings.Contains(err.Error(), "refused") {
				t.Errorf("%v does not name the cause", err)
			}
		})
	}
}

func TestBrokenConnectionsLeaveCreatesOpen(t *testing.T) {
	t.Parallel()
	for fault, api := range map[string]http.HandlerFunc{
		"closed":    func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"half":      func(w http.ResponseWriter, _ *http.Request) { half(w, `{"id":"abc"`) },
		"gibberish": func(w http.ResponseWriter, _ *http.Request) { hijack(w, "SECRET gibberish\r\n\r\n") },
		"too long":  func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(bytes.Repeat([]byte(" "), 9<<20)) },
	} {
		for name, call := range calls {
			t.Run(name+" "+fault, func(t *testing.T) {
				t.Parallel()
				err := call(t.Context(), client(t, api))
				want := onboarding.Busy
				if creates(name) {
					want = onboarding.Unanswered
				}
				wantKind(t, err, want)
				if strings.Contains(err.Error(), "SECRET") {
					t.Errorf("%v repeats what was read", err)
				}
			})
		}
	}
}

// half sends the beginning of an answer that claims to be longer.
func half(w http.ResponseWriter, body string) {
	w.Header().Set("Content-Length", "1000")
	_, _ = w.Write([]byte(body))
	_ = http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

// hijack sends raw bytes instead of an answer.
func hijack(w http.ResponseWriter, raw string) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(err)
	}
	_, _ = conn.Write([]byte(raw))
	_ = conn.Close()
}

func TestCancelledCreatesAreUnanswered(t *testing.T) {
	t.Parallel()
	for name, call := range calls {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			err := call(ctx, client(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body) // only then does a server notice that its client has left
				cancel()
				<-r.Context().Done()
			})))
			want := onboarding.Busy
			if creates(name) {
				want = onboarding.Unanswered
			}
			wantKind(t, err, want)
			if !errors.Is(err, context.Canceled) {
				t.Errorf("%v does not tell that it was cancelled", err)
			}
		})
	}
}
