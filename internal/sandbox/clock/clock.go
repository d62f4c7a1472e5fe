// Package clock tells the sandbox's time, which runs with the real one but can be set forward: ninety days pass in a
// call, so that a test need not wait for a customer request to expire.
package clock

import (
	"errors"
	"math"
	"sync"
	"time"
)

var (
	// ErrBackwards refuses to turn a clock back: the providers' own time never runs backwards either.
	ErrBackwards = errors.New("the clock can only be advanced")
	// ErrTooFar refuses to set a clock further forward than a duration can say, which is nearly three centuries.
	ErrTooFar = errors.New("the clock cannot be advanced that far")
)

// Clock is a time source that can be set forward. It is safe for concurrent use.
type Clock struct {
	source func() time.Time

	mu    sync.Mutex
	ahead time.Duration
}

// New returns a clock that runs with source, usually time.Now.
func New(source func() time.Time) *Clock {
	return &Clock{source: source}
}

// Now is the sandbox's present moment, in UTC.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now()
}

func (c *Clock) now() time.Time { return c.source().Add(c.ahead).UTC() }

// After is the moment that advancing by d leads to.
func (c *Clock) After(d time.Duration) (time.Time, error) {
	if d < 0 {
		return time.Time{}, ErrBackwards
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if d > math.MaxInt64-c.ahead {
		return time.Time{}, ErrTooFar
	}
	return c.now().Add(d), nil
}

// AdvanceTo sets the clock forward to a moment that After gave, or to one before it. A moment that has passed changes
// nothing.
func (c *Clock) AdvanceTo(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead += max(t.Sub(c.now()), 0)
}

// Ahead is how far the clock was set forward.
func (c *Clock) Ahead() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ahead
}

// SetAhead sets the clock forward by d in all, as a saved state had it.
func (c *Clock) SetAhead(d time.Duration) error {
	if d < 0 {
		return ErrBackwards
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead = d
	return nil
}

// Reset brings the clock back to its source, as at the start.
func (c *Clock) Reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead = 0
}
