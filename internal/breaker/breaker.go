// Package breaker leaves an endpoint of a provider alone while it is out of order, so that its callers are refused at once
// instead of waiting for what will not come. The clients of providers have a [Breaker] for each endpoint and tell it what
// their errors are evidence of: see [Outage] and [NoEvidence].
package breaker

import (
	"errors"
	"sync/atomic"
	"time"

	"github.com/sony/gobreaker/v2"

	"portal/internal/onboarding"
)

// breakFor is how long an endpoint is left alone before one call may try it again.
const breakFor = 10 * time.Second

// ErrOpen is in the chain of the Busy of a call that was not made.
var ErrOpen = errors.New("not asked, since the last calls failed")

// About is what a breaker knows of its endpoint.
type About struct {
	Name string // what operators know its calls by
	// Failed is the error of one of its calls.
	Failed func(kind onboarding.Kind, cause error) *onboarding.Error
}

// Breaker refuses an endpoint's calls while the endpoint is out of order. It goes by the real clock. A nil one never does.
type Breaker struct {
	about   About
	circuit *gobreaker.CircuitBreaker[struct{}]
	tell    func(call string, open bool)
	until   atomic.Pointer[time.Time] // when the latest pause ends
}

type outage struct{ error }

// Unwrap returns the error itself.
func (o outage) Unwrap() error { return o.error }

// Outage marks an error that is the provider's fault, or that of the way to it: no connection, no answer, or one that
// makes no sense.
func Outage(err error) error { return outage{err} }

// IsOutage says whether an error was marked so.
func IsOutage(err error) bool {
	_, ok := errors.AsType[outage](err)
	return ok
}

type noEvidence struct{ error }

// Unwrap returns the error itself.
func (n noEvidence) Unwrap() error { return n.error }

// NoEvidence marks an error that tells nothing about the provider: the call was not made, or its caller did not wait.
func NoEvidence(err error) error { return noEvidence{err} }

// Each returns a breaker for each endpoint, which opens after so many failures in a row; none if after is negative. tell, if
// given, hears when one opens and when it has closed again.
func Each[E comparable](endpoints []E, about func(E) About, after int, tell func(call string, open bool)) map[E]*Breaker {
	if after < 0 {
		return nil
	}
	if tell == nil {
		tell = func(string, bool) {}
	}
	breakers := map[E]*Breaker{}
	for _, e := range endpoints {
		b := &Breaker{about: about(e), tell: tell}
		b.circuit = b.newCircuit(after)
		breakers[e] = b
	}
	return breakers
}

func (b *Breaker) newCircuit(after int) *gobreaker.CircuitBreaker[struct{}] {
	return gobreaker.NewCircuitBreaker[struct{}](gobreaker.Settings{
		Timeout:       breakFor,
		ReadyToTrip:   func(n gobreaker.Counts) bool { return int64(n.ConsecutiveFailures) >= int64(after) },
		OnStateChange: b.changed,
		IsSuccessful:  func(err error) bool { return !IsOutage(err) },
		IsExcluded: func(err error) bool {
			_, ok := errors.AsType[noEvidence](err)
			return ok
		},
	})
}

// changed notes when a pause ends. That a call is let through to see is not worth telling, only what it finds out.
func (b *Breaker) changed(_ string, from, to gobreaker.State) {
	if to == gobreaker.StateOpen {
		until := time.Now().Add(breakFor)
		b.until.Store(&until)
	}
	if from == gobreaker.StateClosed || to == gobreaker.StateClosed {
		b.tell(b.about.Name, to != gobreaker.StateClosed)
	}
}

// Run makes the call unless the breaker is open.
func (b *Breaker) Run(attempt func() error) error {
	if b == nil {
		return attempt()
	}
	_, err := b.circuit.Execute(func() (struct{}, error) { return struct{}{}, attempt() })
	switch {
	case errors.Is(err, gobreaker.ErrOpenState):
		refusal := b.about.Failed(onboarding.Busy, ErrOpen)
		refusal.RetryAfter = max(time.Until(*b.until.Load()), 0)
		return refusal
	case errors.Is(err, gobreaker.ErrTooManyRequests): // for how long, nobody knows
		return b.about.Failed(onboarding.Busy, ErrOpen)
	default:
		return err
	}
}
