package webhooks

import (
	"slices"
	"time"
)

// tell tells those who wait how things stand. The lock is held.
func (q *Queue) tell() {
	signal(&q.idle, len(q.waiting) > 0)
	now := q.config.Now()
	signal(&q.quiet, slices.ContainsFunc(q.waiting, func(d *delivery) bool {
		at, ok := d.next()
		return d.giveUp != nil || ok && !at.After(now)
	}))
}

// signal opens a channel while something is so, and closes it when it no longer is.
func signal(c *chan struct{}, so bool) {
	switch {
	case so && *c == nil:
		*c = make(chan struct{})
	case !so && *c != nil:
		close(*c)
		*c = nil
	}
}

// sleep ends after a while, when the queue changes, and when it is closed.
func (q *Queue) sleep(d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-q.wake:
	case <-q.ctx.Done():
	}
}

// NextDue is when something becomes due by itself, if anything does: an attempt, or the end of a shuffle's patience.
func (q *Queue) NextDue() (time.Time, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	var times []time.Time
	for _, d := range q.waiting {
		if at, ok := d.next(); ok {
			times = append(times, at)
		}
	}
	if len(times) == 0 || q.closed {
		return time.Time{}, false
	}
	return slices.MinFunc(times, time.Time.Compare), true
}

// CatchUp begins what is due by now and returns when it has been answered, or its time-out is over.
func (q *Queue) CatchUp() {
	q.mu.Lock()
	q.changed()
	quiet := q.quiet
	q.mu.Unlock()
	if quiet == nil {
		return
	}
	select {
	case <-quiet:
	case <-q.ctx.Done():
	}
}
