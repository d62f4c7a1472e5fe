// Package clock tells the sandbox's time, which runs with the real one but can be set forward: ninety days pass in a
// call, so that a test need not wait for a customer request to expire.
package clock

import (
	"errors"
	"sync"
	"time"
)

// ErrBackwards refuses to turn a clock back: the providers' own time never runs backwards either.
var ErrBackwards = errors.New("the clock can only be advanced")

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
	return c.source().Add(c.ahead).UTC()
}

// Advance sets the clock forward by d and returns the new time.
func (c *Clock) Advance(d time.Duration) (time.Time, error) {
	if d < 0 {
		return time.Time{}, ErrBackwards
	}
	c.mu.Lock()
	c.ahead += d
	c.mu.Unlock()
	return c.Now(), nil
}

// Reset brings the clock back to its source, as at the start.
func (c *Clock) Reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead = 0
}
