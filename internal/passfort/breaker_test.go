package passfort

import (
	"context"
	"errors"
	"net"
	"net/http"
	"slices"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"portal/internal/breaker"
	"portal/internal/onboarding"
)

// wantRefused checks that the next creation is refused by the breaker, for so long.
func wantRefused(t *testing.T, a *troubled, c *Client, wait time.Duration) {
	t.Helper()
	before := a.asked.Load()
	took, err := ended(t.Context(), c, true)
	e, ok := errors.AsType[*onboarding.Error](err)
	if !ok || !errors.Is(err, breaker.ErrOpen) || e.Kind != onboarding.Busy || e.RetryAfter != wait || took > 0 {
		t.Errorf("after %v: %+v, want a refusal for %v", took, err, wait)
	}
	if a.asked.Load() != before {
		t.Error("the provider was asked")
	}
}

func TestBreakerOpensAfterARowOfFailures(t *testing.T) {
	t.Parallel()
	for name, trouble := range troubles {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				a := &troubled{}
				c := a.client(t, Options{})
				a.answers(trouble)
				_ = create(t.Context(), c, 4)
				a.answers(well)
				_ = create(t.Context(), c, 1) // which ends the row
				a.answers(trouble)
				if err := create(t.Context(), c, 5); errors.Is(err, breaker.ErrOpen) {
					t.Fatal("opened too early")
				}
				wantRefused(t, a, c, 10*time.Second)
				time.Sleep(4 * time.Second)
				wantRefused(t, a, c, 6*time.Second)
				if _, err := ended(t.Context(), c, false); errors.Is(err, breaker.ErrOpen) {
					t.Error("another endpoint is refused as well")
				}
			})
		})
	}
}

func TestBreakerOpensWithoutAConnection(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := &troubled{}
		c := a.client(t, Options{BreakAfter: 2})
		c.transport.(*http.Transport).DialContext = func(context.Context, string, string) (net.Conn, error) {
			return nil, syscall.ECONNREFUSED
		}
		_ = create(t.Context(), c, 2)
		wantRefused(t, a, c, 10*time.Second)
	})
}

func TestBreakerGoesByTheProvidersFaultsAlone(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]http.HandlerFunc{
		"400": says(400, ""), "401": says(401, ""), "404": says(404, ""), "409": says(409, ""), "412": says(412, ""),
		"429": says(429, ""), "refusal": says(200, `{"errors":[{"code":104}]}`), "not set up": says(200, `{"errors":[{"code":502}]}`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				a := &troubled{}
				c := a.client(t, Options{})
				a.answers(answer)
				if err := create(t.Context(), c, 20); err == nil || errors.Is(err, breaker.ErrOpen) {
					t.Error("got", err)
				}
			})
		})
	}
}

func TestCallersWhoLeaveProveNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := &troubled{}
		c := a.client(t, Options{})
		a.answers(unwell)
		_ = create(t.Context(), c, 4)
		a.answers(hang)
		left, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		_ = create(left, c, 10) // neither the fifth failure nor the end of the row
		a.answers(unwell)
		if err := create(t.Context(), c, 1); errors.Is(err, breaker.ErrOpen) {
			t.Fatal("opened by those who left")
		}
		wantRefused(t, a, c, 10*time.Second)
	})
}

func TestBreakerLetsOneCallTry(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := &troubled{}
		c := a.client(t, Options{})
		a.answers(unwell)
		_ = create(t.Context(), c, 5)
		time.Sleep(11 * time.Second)
		_ = create(t.Context(), c, 1)
		wantRefused(t, a, c, 10*time.Second) // it tried, and the pause begins anew
		time.Sleep(11 * time.Second)
		a.answers(answerAfter(time.Second))
		tried := make(chan error)
		go func() { tried <- create(t.Context(), c, 1) }()
		synctest.Wait()
		wantRefused(t, a, c, 0) // one is enough
		if err := <-tried; err != nil {
			t.Error("the trial failed:", err)
		}
		if err := create(t.Context(), c, 1); err != nil {
			t.Error("still refused:", err)
		}
		if !slices.Equal(a.told, []bool{true, false}) {
			t.Error("told", a.told)
		}
	})
}

func TestATrialWithoutAResultLeavesItToTheNext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := &troubled{}
		c := a.client(t, Options{})
		a.answers(unwell)
		_ = create(t.Context(), c, 5)
		time.Sleep(11 * time.Second)
		left, cancel := context.WithCancel(t.Context())
		cancel()
		_ = create(left, c, 1)
		a.answers(well)
		if err := create(t.Context(), c, 1); err != nil {
			t.Error("nobody may try:", err)
		}
	})
}

func TestBreakerCanBeSwitchedOff(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := &troubled{}
		c := a.client(t, Options{BreakAfter: -1})
		a.answers(unwell)
		_ = create(t.Context(), c, 50)
		if n := a.asked.Load(); n != 50 || len(a.told) > 0 {
			t.Errorf("asked %d times, told %v", n, a.told)
		}
	})
}
