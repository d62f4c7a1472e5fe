package webhooks

import (
	"context"
	"slices"
	"time"
)

// maxFlights is how many attempts are under way at once at most. More than a receiver is likely to have workers.
const maxFlights = 64

// longest is how long the goroutine sleeps at most; whatever changes wakes it earlier.
const longest = time.Hour

// run starts attempts while something waits. There is one such goroutine at most.
func (q *Queue) run() {
	for {
		pause, more := q.start()
		if !more {
			return
		}
		q.sleep(pause)
	}
}

// start begins every attempt that is due and says how long there will be nothing more to do.
func (q *Queue) start() (pause time.Duration, more bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed || len(q.waiting) == 0 {
		q.working = false
		return 0, false
	}
	now := q.config.Now()
	q.release(now)
	pause, flights := longest, q.flights()
	for _, d := range q.waiting {
		if flights < maxFlights && d.ready(now) {
			q.fly(d)
			flights++
		} else if at, ok := d.next(); ok && at.After(now) {
			pause = min(pause, at.Sub(now))
		}
	}
	q.tell()
	return pause, true
}

// next is when a delivery becomes due by itself.
func (d *delivery) next() (time.Time, bool) {
	switch {
	case d.giveUp != nil:
		return time.Time{}, false
	case d.pen != nil:
		return d.pen.until, true
	default:
		return d.due, d.free()
	}
}

// flights counts the attempts under way. The lock is held.
func (q *Queue) flights() int {
	n := 0
	for _, d := range q.waiting {
		if d.giveUp != nil {
			n++
		}
	}
	return n
}

// fly begins an attempt. The lock is held.
func (q *Queue) fly(d *delivery) {
	ctx, cancel := context.WithCancel(q.ctx)
	d.giveUp, d.heldBy = cancel, ""
	o, body := q.options, []byte(d.Body)
	q.work.Go(func() {
		defer cancel()
		q.settle(d, q.post(ctx, o, o.headers(body), body))
	})
}

// settle takes what was accepted out of what waits, and what was not if it has no attempt left.
func (q *Queue) settle(d *delivery, a Answer) {
	q.mu.Lock()
	defer q.mu.Unlock()
	d.giveUp = nil
	if d.abandoned || q.closed && a.Status == 0 {
		return
	}
	d.attempts = append(d.attempts, Attempt{At: q.config.Now(), Answer: a})
	wait, again := waitAfter(d.Event, len(d.attempts))
	switch {
	case a.ok():
		q.end(d, Delivered)
	case !again || q.options.NoRetries:
		q.end(d, Failed)
	default:
		d.due = q.config.Now().Add(wait)
	}
	q.changed()
}

// end moves a delivery from what waits to the log. The lock is held.
func (q *Queue) end(d *delivery, s State) {
	q.waiting = slices.DeleteFunc(q.waiting, func(other *delivery) bool { return other == d })
	q.over(Delivery{Message: d.Message, State: s, Attempts: d.attempts})
}

// changed follows every change of what waits: it starts the goroutine or wakes it, and tells those who wait.
func (q *Queue) changed() {
	if q.closed {
		return
	}
	q.tell()
	if len(q.waiting) > 0 && !q.working {
		q.working = true
		q.work.Go(q.run)
	}
	select {
	case q.wake <- struct{}{}:
	default: // it has been told already
	}
}
