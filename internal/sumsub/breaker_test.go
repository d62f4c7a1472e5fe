package sumsub

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"portal/internal/breaker"
	"portal/internal/onboarding"
)

func TestBreakerOpensAfterARowOfFailures(t *testing.T) {
	t.Parallel()
	for name, trouble := range map[string]http.HandlerFunc{"500": says(500, ""), "garbage": says(200, "<html>"), "cut": cut, "hang": hang} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var told []bool
				a := &troubled{bad: 5, trouble: trouble}
				c := piped(t, a.ServeHTTP, Options{Breaker: func(call string, open bool) {
					if call != "request_check" {
						t.Error("told of", call)
					}
					told = append(told, open)
				}})
				for range 5 {
					if _, err := ended(t.Context(), c, changing); onboarding.KindOf(err) != onboarding.Unanswered {
						t.Fatal("got", err)
					}
				}
				time.Sleep(4 * time.Second)
				_, err := ended(t.Context(), c, changing)
				e, ok := errors.AsType[*onboarding.Error](err)
				if !ok || !errors.Is(err, breaker.ErrOpen) || e.Kind != onboarding.Busy || e.RetryAfter != 6*time.Second || a.asked.Load() != 5 {
					t.Errorf("asked %d times: %+v", a.asked.Load(), err)
				}
				if _, err := ended(t.Context(), c, reading); err != nil {
					t.Error("another endpoint is refused as well:", err)
				}
				time.Sleep(6*time.Second + time.Millisecond)
				if _, err := ended(t.Context(), c, changing); err != nil || !slices.Equal(told, []bool{true, false}) {
					t.Errorf("told %v: %v", told, err)
				}
			})
		})
	}
}

func TestBreakerGoesByTheProvidersFaultsAlone(t *testing.T) {
	t.Parallel()
	for _, answer := range []http.HandlerFunc{says(400, ""), says(401, ""), says(404, ""), says(409, `{"errorCode":3000}`), says(429, "")} {
		synctest.Test(t, func(t *testing.T) {
			c := piped(t, answer, Options{BreakAfter: 1})
			for range 3 {
				if _, err := ended(t.Context(), c, changing); err == nil || errors.Is(err, breaker.ErrOpen) {
					t.Error("got", err)
				}
			}
		})
	}
}

func TestBreakerDoesNotGoByImpatientCallers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := piped(t, hang, Options{BreakAfter: 1})
		for range 3 {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			_, err := ended(ctx, c, changing)
			cancel()
			if onboarding.KindOf(err) != onboarding.Unanswered {
				t.Error("got", err)
			}
		}
	})
}
