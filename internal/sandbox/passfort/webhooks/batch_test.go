package webhooks_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox/passfort/webhooks"
)

// batching are patient options with batches of a shape; RetryNow makes one go out.
func batching(shape webhooks.Shape) webhooks.Options {
	o := patient()
	o.Batching, o.BatchShape = true, shape
	return o
}

func TestBatchIsAnArrayOfEnvelopes(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, batching(""))

	enqueue(q, "A", "B", "C")
	q.RetryNow()

	got := rc.next(t)
	if !strings.HasPrefix(got.body, `[{"id":`) || len(got.messages) != 3 || got.messages[2].Secret != "s3cret" {
		t.Errorf("body: %s", got.body)
	}
}

func TestBatchOfOneIsAnArrayToo(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, batching(webhooks.Array))

	enqueue(q, "A")
	q.RetryNow()

	if got := rc.next(t); !strings.HasPrefix(got.body, `[{"id":`) {
		t.Errorf("body: %s", got.body)
	}
}

func TestBatchMayBeAnObject(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, batching(webhooks.Object))

	enqueue(q, "A", "B")
	q.RetryNow()

	if got := rc.next(t); !strings.HasPrefix(got.body, `{"webhooks":[{"id":`) || len(got.messages) != 2 {
		t.Errorf("body: %s", got.body)
	}
}

func TestBatchingMayLeaveMessagesSingle(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, batching(webhooks.Single))

	enqueue(q, "A", "B")
	drain(t, q)

	for _, r := range rc.requests() {
		if !strings.HasPrefix(r.body, `{"id":`) || len(r.messages) != 1 {
			t.Errorf("body: %s", r.body)
		}
	}
	if diff := cmp.Diff([]string{"A", "B"}, rc.events()); diff != "" {
		t.Error(diff)
	}
}

func TestBatchGoesOutByItselfAfterItsPeriod(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	o := batching(webhooks.Array)
	o.BatchEveryMS = 5
	q := open(t, rc, o)

	enqueue(q, "A", "B")
	drain(t, q)

	if diff := cmp.Diff([]string{"A", "B"}, rc.events()); diff != "" {
		t.Error(diff)
	}
}

func TestBatchHasAHundredMessagesAtMost(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	o := batching(webhooks.Array)
	o.BatchEveryMS = 1
	q := open(t, rc, o)
	rc.refuses(http.StatusServiceUnavailable)
	enqueueMany(q, 250)
	failed(t, q, 1)
	rc.answers(nil)
	q.RetryNow()
	drain(t, q)

	if diff := cmp.Diff([]int{100, 100, 50}, rc.sizes()); diff != "" {
		t.Error(diff)
	}
}

func TestFirstBatchWaitsItsPeriod(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q, c := openBy(t, rc)
	o := q.Options()
	o.Batching = true
	if err := q.SetOptions(o); err != nil {
		t.Fatal(err)
	}

	enqueueMany(q, 100)
	c.advance(q, time.Hour)
	drain(t, q)

	if all := rc.requests(); len(all) != 1 {
		t.Errorf("%d requests, want 1", len(all))
	}
}

func TestNextBatchWaitsItsPeriodToo(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q, c := openBy(t, rc)
	o := q.Options()
	o.Batching = true
	if err := q.SetOptions(o); err != nil {
		t.Fatal(err)
	}
	enqueueMany(q, 150)
	q.RetryNow()
	until(t, q, "a hundred delivered", func(s webhooks.Status) bool { return s.Waiting == 50 })

	enqueueMany(q, 25)
	c.advance(q, time.Hour)
	drain(t, q)

	if all := rc.requests(); len(all) != 2 || len(all[1].messages) != 75 {
		t.Errorf("%d requests, want two of 100 and 75 messages", len(all))
	}
}

func TestLargeMessagesDoNotShareARequest(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	o := batching(webhooks.Array)
	q := open(t, rc, o)
	large := map[string]any{"text": strings.Repeat("x", 3<<19)}

	for range 3 {
		q.Enqueue("A", large)
	}
	q.RetryNow()

	if got := len(rc.next(t).messages); got != 2 {
		t.Errorf("%d messages of 1.5 MiB in one request, want 2", got)
	}
}

func TestRefusedBatchIsTriedAgainAsAWhole(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, batching(webhooks.Array))
	rc.refuses(http.StatusNoContent)
	enqueue(q, "A", "B")
	q.RetryNow()
	s := failed(t, q, 1)
	rc.answers(nil)
	q.RetryNow()
	drain(t, q)

	if f := s.Failures[0]; f.Messages != 2 || f.Attempt != 1 || f.Event != "A" {
		t.Errorf("failure: %+v", f)
	}
	if diff := cmp.Diff([]string{"A", "B"}, rc.events()); diff != "" {
		t.Error(diff)
	}
}
