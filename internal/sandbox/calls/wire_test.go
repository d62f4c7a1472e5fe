package calls_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"portal/internal/sandbox/calls"
	"portal/internal/sandbox/faults"
)

func TestAbortedCallsHaveNoStatus(t *testing.T) {
	t.Parallel()
	j := serve(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "half an ans")
		panic(http.ErrAbortHandler)
	})

	if _, err := j.post(t, "text/plain", strings.NewReader("sent")); err == nil {
		t.Error("the caller got an answer")
	}

	if c := j.newest(t); c.Status != 0 || c.Pending || c.Response.Body != "half an ans" {
		t.Errorf("%+v", c)
	}
}

func TestPanicsPassThroughUntouched(t *testing.T) {
	t.Parallel()
	j := newJournal(1)
	defer func() {
		if p := recover(); p != "a bug" {
			t.Errorf("recovered %v", p)
		}
		if c := j.All()[0]; c.Status != 0 || c.Pending {
			t.Errorf("%+v", c)
		}
	}()

	j.Middleware(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("a bug") })).
		ServeHTTP(httptest.NewRecorder(), request("", ""))
}

func TestHijackedCallsHaveNoStatus(t *testing.T) {
	t.Parallel()
	for name, hijack := range map[string]func(w http.ResponseWriter) (net.Conn, *bufio.ReadWriter, error){
		"by the controller": func(w http.ResponseWriter) (net.Conn, *bufio.ReadWriter, error) {
			return http.NewResponseController(w).Hijack()
		},
		"by assertion": func(w http.ResponseWriter) (net.Conn, *bufio.ReadWriter, error) {
			return w.(http.Hijacker).Hijack()
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			j := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if conn, _, err := hijack(w); err == nil {
					_ = conn.Close()
				}
			})

			if _, err := j.post(t, "text/plain", strings.NewReader("sent")); err == nil {
				t.Error("the caller got an answer")
			}

			if c := j.newest(t); c.Status != 0 || c.Pending {
				t.Errorf("%+v", c)
			}
		})
	}
}

func TestHijackingWhatCannotBeHijackedIsAnError(t *testing.T) {
	t.Parallel()
	c := pass(t, request("", ""), func(w http.ResponseWriter, r *http.Request) {
		if _, _, err := http.NewResponseController(w).Hijack(); err == nil {
			t.Error("a recorder was hijacked")
		}
		w.WriteHeader(http.StatusTeapot)
	})

	if c.Status != http.StatusTeapot {
		t.Errorf("status %d", c.Status)
	}
}

func TestFlushedPiecesArriveAtOnce(t *testing.T) {
	t.Parallel()
	for name, flush := range map[string]func(w http.ResponseWriter) error{
		"by the controller": func(w http.ResponseWriter) error { return http.NewResponseController(w).Flush() },
		"by assertion":      func(w http.ResponseWriter) error { w.(http.Flusher).Flush(); return nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			more := make(chan struct{})
			j := serve(t, func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.WriteString(w, "one")
				if err := flush(w); err != nil {
					t.Error(err)
				}
				<-more
				_, _ = io.WriteString(w, "two")
			})

			resp, err := j.Client().Get(j.URL)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = resp.Body.Close() }()
			first := make([]byte, 3)
			if _, err := io.ReadFull(resp.Body, first); err != nil || string(first) != "one" {
				t.Errorf("%q, %v", first, err)
			}
			close(more)
			_, _ = io.ReadAll(resp.Body)

			if c := j.newest(t); c.Status != http.StatusOK || c.Response.Body != "onetwo" {
				t.Errorf("%+v", c)
			}
		})
	}
}

func TestControllerReachesTheConnection(t *testing.T) {
	t.Parallel()
	j := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if err := http.NewResponseController(w).SetWriteDeadline(time.Now().Add(time.Hour)); err != nil {
			t.Error(err)
		}
	})

	if _, err := j.post(t, "text/plain", strings.NewReader("sent")); err != nil {
		t.Error(err)
	}
}

func TestDepartedClientsAreStillNoticed(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{"with a body": "sent", "without": ""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			arrived := make(chan struct{})
			j := serve(t, func(_ http.ResponseWriter, r *http.Request) {
				_, _ = io.ReadAll(r.Body)
				close(arrived)
				<-r.Context().Done()
				panic(http.ErrAbortHandler)
			})
			ctx, leave := context.WithCancel(t.Context())
			go func() {
				<-arrived
				leave()
			}()
			r, err := http.NewRequestWithContext(ctx, http.MethodPost, j.URL, strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}

			if resp, err := j.Client().Do(r); err == nil {
				_ = resp.Body.Close()
				t.Error("the caller got an answer")
			}

			if c := j.newest(t); c.Status != 0 || c.Request.Body != body {
				t.Errorf("%+v", c)
			}
		})
	}
}

func TestHandlersNeedNotReadTheBody(t *testing.T) {
	t.Parallel()
	j := serve(t, func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusUnauthorized) })

	for range 2 {
		if _, err := j.post(t, "text/plain", strings.NewReader("sent")); err != nil {
			t.Fatal(err)
		}
		if c := j.newest(t); c.Status != http.StatusUnauthorized || c.Request.Bytes != 0 {
			t.Errorf("%+v", c)
		}
	}
}

func TestCallsWithoutBodyKeepNone(t *testing.T) {
	t.Parallel()
	j := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		if r.Body != http.NoBody {
			t.Errorf("the body is a %T", r.Body)
		}
	})

	resp, err := j.Client().Get(j.URL)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
}

func TestInformationalStatusesAreNotTheAnswer(t *testing.T) {
	t.Parallel()
	j := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusEarlyHints)
		w.WriteHeader(http.StatusNoContent)
	})

	if _, err := j.post(t, "text/plain", strings.NewReader("sent")); err != nil {
		t.Error(err)
	}

	if c := j.newest(t); c.Status != http.StatusNoContent {
		t.Errorf("%+v", c)
	}
}

func TestDurationIsThatOfTheRealClock(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := pass(t, request("", ""), func(http.ResponseWriter, *http.Request) { time.Sleep(1500 * time.Microsecond) })

		if c.DurationMS != 1.5 || !c.At.Equal(noon) {
			t.Errorf("%v ms at %v", c.DurationMS, c.At)
		}
	})
}

func TestOrderedTroubleIsInTheJournal(t *testing.T) {
	t.Parallel()
	rules := faults.New()
	rules.OnStrike = func(r *http.Request, rule faults.Rule) { calls.Note(r.Context(), rule.Summary()) }
	t.Cleanup(rules.Close)
	j := serve(t, rules.Middleware(http.HandlerFunc(echo)).ServeHTTP)
	for _, c := range []struct {
		kind   faults.Kind
		status int
		fault  string
	}{
		{faults.Status, 503, "rule 1: status 503 before the effect"},
		{faults.Reset, 0, "rule 2: reset before the effect"},
		{faults.Garbage, 200, "rule 3: garbage (malformed) before the effect"},
		{faults.Slow, 200, "rule 4: slow by 1ms before the effect"},
	} {
		if _, err := rules.Add(faults.Rule{Kind: c.kind, DelayMS: 1, Count: 1}); err != nil {
			t.Fatal(err)
		}
		_, _ = j.post(t, "text/plain", strings.NewReader("sent"))
		got := j.newest(t)
		if got.Status != c.status || got.Fault != c.fault || got.Request.Body != "sent" {
			t.Errorf("%s: %+v", c.kind, got)
		}
	}
}
