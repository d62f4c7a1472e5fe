package outbox

import (
	"sync"
	"time"
)

const (
	failuresInARow = 5                // after which the receiver is taken to be in trouble
	pause          = 30 * time.Second // between attempts, while it is
	longestPause   = 5 * time.Minute  // that a receiver may ask for
)

// patience spares a receiver that is in trouble: after a row of failures it is asked by one worker at a time, with a
// pause after each, until it takes a notice. Were every notice of a long backlog tried whenever it is due, a receiver
// that has just come back would be overrun. The zero value is ready.
type patience struct {
	mu     sync.Mutex
	failed int       // in a row
	until  time.Time // nobody asks before
	busy   bool      // the one who may ask is at it
}

// mayAsk says whether the receiver may be asked now. Whoever may calls asked afterwards; alone says that nobody else may
// until then.
func (p *patience) mayAsk(now time.Time) (alone, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if now.Before(p.until) || p.busy {
		return false, false
	}
	p.busy = p.failed >= failuresInARow
	return p.busy, true
}

// asked lets the next one ask.
func (p *patience) asked(alone bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if alone {
		p.busy = false
	}
}

// took notes that the receiver is well.
func (p *patience) took() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.failed, p.until = 0, time.Time{}
}

// refused notes a failure, and for how long the receiver itself wants to be left alone.
func (p *patience) refused(now time.Time, alone time.Duration, jitter float64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.failed++
	wait := min(alone, longestPause)
	if p.failed >= failuresInARow {
		wait = max(wait, pause+time.Duration(jitter*float64(pause)/10))
	}
	if until := now.Add(wait); until.After(p.until) {
		p.until = until
	}
}

// learn takes from an attempt how the receiver is. One that wants no more of something is well.
func (c *Courier) learn(a Attempt) {
	if a.Taken() || a.Status == gone {
		c.receiver.took()
		return
	}
	c.receiver.refused(a.At.Add(a.Took), a.RetryAfter, c.Jitter())
}
