package webhooks

import "time"

// moment is a time to come, by the real clock and by the sandbox's. The real one makes it come even if the sandbox's
// stands still, as in a test; the sandbox's makes it come early when that clock is set forward, and is what people see.
type moment struct{ real, shown time.Time }

// in is the moment after a while.
func (q *Queue) in(d time.Duration) moment {
	return moment{real: time.Now().Add(d), shown: q.config.Now().Add(d)}
}

// left is how long it takes until a moment comes; it has come if nothing is left.
func (q *Queue) left(m moment) time.Duration {
	return min(time.Until(m.real), m.shown.Sub(q.config.Now()))
}

// pause is how long the next request still has to wait.
func (q *Queue) pause() time.Duration {
	if q.rush {
		return 0
	}
	return q.left(q.notBefore)
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

// milliseconds is a member of the JSON as a duration.
func milliseconds(n int) time.Duration { return time.Duration(n) * time.Millisecond }
