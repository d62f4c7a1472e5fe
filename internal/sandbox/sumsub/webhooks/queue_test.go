package webhooks_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"portal/internal/sandbox/sumsub/webhooks"
)

// clock is a clock that stands still until it is advanced.
type clock struct{ ahead atomic.Int64 }

func (c *clock) now() time.Time { return start.Add(time.Duration(c.ahead.Load())) }

// advance sets the clock forward and lets the queue catch up.
func (c *clock) advance(q *webhooks.Queue, d time.Duration) {
	c.ahead.Add(int64(d))
	q.CatchUp()
}

// openBy returns a queue that delivers to the receiver by a clock of its own.
func openBy(t *testing.T, rc *receiver, o webhooks.Options) (*webhooks.Queue, *clock) {
	t.Helper()
	c := &clock{}
	o.URL, o.Secret = rc.url, "s3cret"
	if err := o.Check(); err != nil {
		t.Fatal(err)
	}
	q := webhooks.New(webhooks.Config{Now: c.now, Options: o})
	t.Cleanup(q.Close)
	return q, c
}

// open is openBy for tests in which time does not matter.
func open(t *testing.T, rc *receiver, o webhooks.Options) *webhooks.Queue {
	t.Helper()
	q, _ := openBy(t, rc, o)
	return q
}

// about is the data of an event as the provider gives it.
func about(applicant string) map[string]any {
	return map[string]any{
		"applicantId": applicant, "inspectionId": applicant + "1", "externalUserId": "user-of-" + applicant,
		"applicantType": "individual", "levelName": "id-only", "sandboxMode": true, "reviewStatus": "init",
		"clientId": "portal",
	}
}

// enqueue queues events about an applicant each, and waits for what becomes of them at once.
func enqueue(q *webhooks.Queue, events ...string) {
	for _, event := range events {
		q.Enqueue(event, about("a-"+event))
	}
	q.CatchUp()
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

// disturb makes trouble that must be possible.
func disturb(t *testing.T, q *webhooks.Queue, trouble webhooks.Trouble) webhooks.Outcome {
	t.Helper()
	out, err := q.Disturb(t.Context(), trouble)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// only is the single delivery that the queue knows of.
func only(t *testing.T, q *webhooks.Queue) webhooks.Delivery {
	t.Helper()
	all := q.Status().Deliveries
	if len(all) != 1 {
		t.Fatalf("there are %d deliveries, want one: %+v", len(all), all)
	}
	return all[0]
}
