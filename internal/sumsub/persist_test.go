package sumsub

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"portal/internal/onboarding"
)

// troubled answers badly at first, and counts.
type troubled struct {
	asked   atomic.Int32
	bad     int32
	trouble http.HandlerFunc
}

func (a *troubled) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if a.asked.Add(1) <= a.bad {
		a.trouble(w, r)
		return
	}
	well(w, r)
}

var cut = func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

func TestReadsAreMadeAgainAndChangesAreNot(t *testing.T) {
	t.Parallel()
	for name, trouble := range map[string]http.HandlerFunc{"502": says(502, ""), "garbage": says(200, "<html>"), "cut": cut} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				a := &troubled{bad: 2, trouble: trouble}
				c := piped(t, a.ServeHTTP, Options{BreakAfter: -1})
				if took, err := ended(t.Context(), c, reading); err != nil || took != 1200*time.Millisecond || a.asked.Load() != 3 {
					t.Errorf("asked %d times in %v: %v", a.asked.Load(), took, err)
				}
				a.asked.Store(0)
				a.bad = 1
				if _, err := ended(t.Context(), c, changing); onboarding.KindOf(err) != onboarding.Unanswered || a.asked.Load() != 1 {
					t.Errorf("asked %d times: %v", a.asked.Load(), err)
				}
			})
		})
	}
}

func TestRefusalsAreNotAskedForAgain(t *testing.T) {
	t.Parallel()
	for _, status := range []int{400, 401, 404, 409, 429} {
		synctest.Test(t, func(t *testing.T) {
			a := &troubled{bad: 9, trouble: says(status, "")}
			if _, err := ended(t.Context(), piped(t, a.ServeHTTP, Options{}), reading); err == nil || a.asked.Load() != 1 {
				t.Errorf("%d: asked %d times: %v", status, a.asked.Load(), err)
			}
		})
	}
}

func TestWhatWasNotSentIsSentAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := piped(t, well, Options{BreakAfter: -1})
		transport := c.transport.(*http.Transport)
		dial, down := transport.DialContext, 2
		transport.DialContext = func(ctx context.Context, n, addr string) (net.Conn, error) {
			if down--; down >= 0 {
				return nil, syscall.ECONNREFUSED
			}
			return dial(ctx, n, addr)
		}
		if took, err := ended(t.Context(), c, changing); err != nil || took != 1200*time.Millisecond {
			t.Errorf("after %v: %v", took, err)
		}
		down = 9
		transport.CloseIdleConnections()
		if _, err := ended(t.Context(), c, changing); onboarding.KindOf(err) != onboarding.Busy {
			t.Errorf("got %v, though nothing was sent", err)
		}
	})
}

func TestServersThatStallAreGivenUpInTime(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		call func(ctx context.Context, c *Client) error
		want time.Duration
		kind onboarding.Kind
	}{
		"read":         {reading, 10 * time.Second, onboarding.Busy},
		"change":       {changing, 20 * time.Second, onboarding.Unanswered},
		"small upload": {uploading(1000), 30 * time.Second, onboarding.Unanswered},
		"upload":       {uploading(640 << 10), 40 * time.Second, onboarding.Unanswered},
		"great upload": {uploading(50 << 20), 3 * time.Minute, onboarding.Unanswered},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c := piped(t, hang, Options{})
				took, err := ended(t.Context(), c, test.call)
				if took != test.want || onboarding.KindOf(err) != test.kind || !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("after %v: %v; want %s after %v", took, err, test.kind, test.want)
				}
				ctx, cancel := context.WithTimeout(t.Context(), time.Second)
				defer cancel()
				if took, err := ended(ctx, c, test.call); took != time.Second || onboarding.KindOf(err) != test.kind {
					t.Errorf("the caller waited a second, and the call ended after %v: %v", took, err)
				}
			})
		})
	}
}

func TestEveryCallTakesATurn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var writes []bool
		waits := []time.Duration{time.Second, 500 * time.Millisecond, 0, 0}
		c := piped(t, well, Options{Turn: func(_ context.Context, write bool) (wait time.Duration, err error) {
			writes = append(writes, write)
			wait, waits = waits[0], waits[1:]
			return wait, nil
		}})
		if took, err := ended(t.Context(), c, reading); err != nil || took != 1500*time.Millisecond {
			t.Errorf("after %v: %v", took, err)
		}
		if _, err := ended(t.Context(), c, changing); err != nil || len(writes) != 4 || writes[0] || !writes[3] {
			t.Errorf("turns %v: %v", writes, err)
		}
	})
}

func TestUploadsOfACrowdAskForTheirTurnsOneByOne(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const crowd = 300
		var asking, most atomic.Int64
		var next time.Time
		took := func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set(imageHeader, "1")
			says(http.StatusOK, `{}`)(w, r)
		}
		c := piped(t, took, Options{Turn: func(context.Context, bool) (time.Duration, error) {
			most.Store(max(most.Load(), asking.Add(1)))
			defer asking.Add(-1)
			time.Sleep(time.Millisecond) // the store's
			if wait := time.Until(next); wait > 0 {
				return wait, nil
			}
			next = time.Now().Add(time.Second / 8)
			return 0, nil
		}})
		var all sync.WaitGroup
		for range crowd {
			all.Go(func() {
				if err := uploading(1000)(t.Context(), c); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if most.Load() != 1 {
			t.Errorf("%d asked for a turn at once", most.Load())
		}
	})
}

func TestUploadsDoNotWaitForTheirTurnsForEver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := piped(t, well, Options{Turn: func(context.Context, bool) (time.Duration, error) { return 10 * time.Second, nil }})
		var all sync.WaitGroup
		for range 3 { // one asks, the others stand in line
			all.Go(func() {
				took, err := ended(t.Context(), c, uploading(1000))
				if e, ok := errors.AsType[*onboarding.Error](err); !ok || e.Kind != onboarding.Busy || e.RetryAfter <= 0 || took > uploadTurnWithin {
					t.Errorf("after %v: %v", took, err)
				}
			})
		}
		all.Wait()
	})
}

func TestWhoseTurnIsFarIsRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		waits      []time.Duration
		took, told time.Duration
		err        error
	}{
		"far":          {[]time.Duration{3 * time.Second}, 0, 3 * time.Second, nil},
		"ever farther": {[]time.Duration{time.Second, 900 * time.Millisecond, 200 * time.Millisecond}, 1900 * time.Millisecond, 200 * time.Millisecond, nil},
		"not known":    {[]time.Duration{0}, 0, 0, errors.New("no store")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				a := &troubled{}
				c := piped(t, a.ServeHTTP, Options{BreakAfter: 1, Turn: func(context.Context, bool) (wait time.Duration, err error) {
					wait, test.waits = test.waits[0], test.waits[1:]
					return wait, test.err
				}})
				took, err := ended(t.Context(), c, changing)
				e, ok := errors.AsType[*onboarding.Error](err)
				if !ok || e.Kind != onboarding.Busy || e.RetryAfter != test.told || took != test.took || a.asked.Load() != 0 {
					t.Errorf("after %v, asked %d times: %+v", took, a.asked.Load(), err)
				}
			})
		})
	}
}
