package webhooks_test

import (
	"context"
	"fmt"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"portal/internal/sandbox/passfort/webhooks"
)

// open returns a queue that delivers to the receiver by a clock that stands still.
func open(t *testing.T, rc *receiver, o webhooks.Options) *webhooks.Queue {
	t.Helper()
	o.URL = rc.url
	if err := o.Check(); err != nil {
		t.Fatal(err)
	}
	q := webhooks.New(webhooks.Config{Now: func() time.Time { return start }, Options: o})
	t.Cleanup(q.Close)
	return q
}

// clock is a clock that stands still until it is advanced.
type clock struct{ ahead atomic.Int64 }

func (c *clock) now() time.Time { return start.Add(time.Duration(c.ahead.Load())) }

// advance sets the clock forward and tells the queue.
func (c *clock) advance(q *webhooks.Queue, d time.Duration) {
	c.ahead.Add(int64(d))
	q.Wake()
}

// openBy returns a queue that delivers patiently to the receiver by a clock of its own.
func openBy(t *testing.T, rc *receiver) (*webhooks.Queue, *clock) {
	t.Helper()
	c := &clock{}
	o := patient()
	o.URL = rc.url
	q := webhooks.New(webhooks.Config{Now: c.now, Options: o})
	t.Cleanup(q.Close)
	return q, c
}

// patient are options by which nothing is tried again by itself while a test runs.
func patient() webhooks.Options {
	return webhooks.Options{
		Secret: "s3cret", TimeoutMS: 3_600_000, BackoffMS: 3_600_000, BackoffMaxMS: 36_000_000, BatchEveryMS: 3_600_000,
	}
}

// quick are options by which everything is tried again at once.
func quick() webhooks.Options {
	return webhooks.Options{Secret: "s3cret", BackoffMS: 1, BackoffMaxMS: 2, BatchEveryMS: 1}
}

// enqueue queues events without data of interest.
func enqueue(q *webhooks.Queue, events ...string) {
	for _, event := range events {
		q.Enqueue(event, map[string]any{"profile_id": "p-" + event})
	}
}

// enqueueMany queues numbered events and leaves the queue time to deliver each before the next.
func enqueueMany(q *webhooks.Queue, count int) {
	for n := range count {
		enqueue(q, fmt.Sprint(n))
		runtime.Gosched()
	}
}

// drain waits until nothing waits any more.
func drain(t *testing.T, q *webhooks.Queue) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := q.Wait(ctx); err != nil {
		s := q.Status()
		t.Fatalf("%v: %s with %d waiting", err, s.State, s.Waiting)
	}
}

// until waits for the queue to look a certain way.
func until(t *testing.T, q *webhooks.Queue, what string, done func(s webhooks.Status) bool) webhooks.Status {
	t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if s := q.Status(); done(s) {
			return s
		}
	}
	s := q.Status()
	t.Fatalf("never %s: %s with %d waiting, %d failures", what, s.State, s.Waiting, len(s.Failures))
	return s
}

// failed waits until so many failures are known.
func failed(t *testing.T, q *webhooks.Queue, count int) webhooks.Status {
	t.Helper()
	return until(t, q, fmt.Sprintf("%d failures", count), func(s webhooks.Status) bool { return len(s.Failures) == count })
}

// disturb makes trouble that must be possible.
func disturb(t *testing.T, q *webhooks.Queue, trouble webhooks.Trouble) webhooks.Outcome {
	t.Helper()
	out, err := q.Disturb(t.Context(), trouble)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
