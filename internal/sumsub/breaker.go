package sumsub

import (
	"errors"
	"sync/atomic"
	"time"

	"github.com/sony/gobreaker/v2"

	"portal/internal/onboarding"
)

// breakFor is how long an endpoint is left alone before one call may try it again.
const breakFor = 10 * time.Second

// breaker refuses an endpoint's calls while the endpoint is out of order. It goes by the real clock.
type breaker struct {
	endpoint *endpoint
	circuit  *gobreaker.CircuitBreaker[struct{}]
	tell     func(call string, open bool)
	until    atomic.Pointer[time.Time] // when the latest pause ends
}

// outage is an error that is the provider's fault, or that of the way to it: no connection, no answer, or one that
// makes no sense.
type outage struct{ error }

// Unwrap returns the error itself.
func (o outage) Unwrap() error { return o.error }

// noEvidence is an error that tells nothing about the provider: the call was not made, or its caller did not wait.
type noEvidence struct{ error }

// Unwrap returns the error itself.
func (n noEvidence) Unwrap() error { return n.error }

// newBreakers returns a breaker for each endpoint, or none if after is negative.
func newBreakers(after int, tell func(call string, open bool)) map[*endpoint]*breaker {
	if after < 0 {
		return nil
	}
	if tell == nil {
		tell = func(string, bool) {}
	}
	breakers := map[*endpoint]*breaker{}
	for _, e := range endpoints {
		breakers[e] = newBreaker(e, after, tell)
	}
	return breakers
}

func newBreaker(e *endpoint, after int, tell func(call string, open bool)) *breaker {
	b := &breaker{endpoint: e, tell: tell}
	b.circuit = gobreaker.NewCircuitBreaker[struct{}](gobreaker.Settings{
		Timeout:       breakFor,
		ReadyToTrip:   func(n gobreaker.Counts) bool { return int64(n.ConsecutiveFailures) >= int64(after) },
		OnStateChange: b.changed,
		IsSuccessful: func(err error) bool {
			_, ok := errors.AsType[outage](err)
			return !ok
		},
		IsExcluded: func(err error) bool {
			_, ok := errors.AsType[noEvidence](err)
			return ok
		},
	})
	return b
}

// changed notes when a pause ends. That a call is let through to see is not worth telling, only what it finds out.
func (b *breaker) changed(_ string, from, to gobreaker.State) {
	if to == gobreaker.StateOpen {
		until := time.Now().Add(breakFor)
		b.until.Store(&until)
	}
	if from == gobreaker.StateClosed || to == gobreaker.StateClosed {
		b.tell(b.endpoint.name, to != gobreaker.StateClosed)
	}
}

var errOpen = errors.New("not asked, since the last calls failed")

// run makes the call unless the breaker is open. A nil breaker never is.
func (b *breaker) run(attempt func() error) error {
	if b == nil {
		return attempt()
	}
	_, err := b.circuit.Execute(func() (struct{}, error) { return struct{}{}, attempt() })
	switch {
	case errors.Is(err, gobreaker.ErrOpenState):
		refusal := b.endpoint.failed(onboarding.Busy, errOpen)
		refusal.RetryAfter = max(time.Until(*b.until.Load()), 0)
		return refusal
	case errors.Is(err, gobreaker.ErrTooManyRequests): // for how long, nobody knows
		return b.endpoint.failed(onboarding.Busy, errOpen)
	default:
		return err
	}
}
