package passfort

import (
	"context"
	"errors"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"portal/internal/onboarding"
)

func TestServersThatStallAreGivenUpInTime(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		api          http.HandlerFunc
		create, read time.Duration // zero: it succeeds
	}{
		"no answer":         {hang, 62 * time.Second, 10 * time.Second},
		"a late answer":     {answerAfter(63 * time.Second), 62 * time.Second, 10 * time.Second},
		"half an answer":    {halfAnAnswer, 65 * time.Second, 15 * time.Second},
		"an answer in time": {answerAfter(9 * time.Second), 0, 0},
		"a slow creation":   {answerAfter(61 * time.Second), 0, 10 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c := piped(t, test.api, Options{})
				took, err := ended(t.Context(), c, true)
				wantSlow(t, took, err, test.create, onboarding.Unanswered)
				took, err = ended(t.Context(), c, false)
				wantSlow(t, took, err, test.read, onboarding.Busy)
			})
		})
	}
}

// wantSlow checks that a call was given up after a time, or not at all if that is zero.
func wantSlow(t *testing.T, took time.Duration, err error, after time.Duration, kind onboarding.Kind) {
	t.Helper()
	if after == 0 {
		if err != nil {
			t.Error("given up:", err)
		}
		return
	}
	if took != after || onboarding.KindOf(err) != kind || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("after %v: %v; want %s after %v", took, err, kind, after)
	}
}

func TestConnectionsThatStallAreGivenUpInTime(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*Client){
		"dial": func(c *Client) {
			c.transport.(*http.Transport).DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
				<-ctx.Done()
				return nil, ctx.Err()
			}
		},
		"dial and handshake": func(c *Client) {
			c.base.Scheme = "https" // nobody answers the handshake
			dial := c.transport.(*http.Transport).DialContext
			c.transport.(*http.Transport).DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
				time.Sleep(3 * time.Second)
				return dial(ctx, network, addr)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				network := make(pipes, 2)
				c := piped(t, hang, Options{})
				c.transport.(*http.Transport).DialContext = network.dial // accepted by nobody
				change(c)
				for _, creating := range []bool{true, false} {
					took, err := ended(t.Context(), c, creating)
					wantSlow(t, took, err, 5*time.Second, onboarding.Busy)
				}
			})
		})
	}
}

func TestTheCallersOwnDeadlineCounts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := piped(t, hang, Options{})
		for creating, kind := range map[bool]onboarding.Kind{true: onboarding.Unanswered, false: onboarding.Busy} {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			took, err := ended(ctx, c, creating)
			wantSlow(t, took, err, time.Second, kind)
		}
	})
}
