package webhooks_test

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox/passfort/webhooks"
)

func fixed() time.Time { return start }

func TestRetryNowDoesNotWaitForTheNextRetry(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, patient())
	rc.refuses(http.StatusBadGateway)
	enqueue(q, "A")
	failed(t, q, 1)

	rc.answers(nil)
	q.RetryNow()
	drain(t, q)

	if got := q.Status().Delivered[0].Attempts; got != 2 {
		t.Errorf("delivered at attempt %d", got)
	}
}

func TestWakeRetriesWhatTheAdvancedClockMakesDue(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q, c := openBy(t, rc)
	rc.refuses(http.StatusBadGateway)
	enqueue(q, "A")
	failed(t, q, 1)
	rc.answers(nil)

	c.advance(q, 59*time.Minute)
	early := q.Status()
	c.advance(q, time.Minute)
	drain(t, q)

	if early.State != webhooks.Stalled || !early.NextRetry.Equal(start.Add(time.Hour)) {
		t.Errorf("after 59 minutes: %+v", early)
	}
	if got := q.Status().Delivered[0]; got.Attempts != 2 || !got.At.Equal(start.Add(time.Hour)) {
		t.Errorf("delivered: %+v", got)
	}
}

func TestWaitGivesUpWithItsContext(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, patient())
	rc.hangs(t)
	enqueue(q, "A")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()

	if err := q.Wait(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v", err)
	}
}

func TestResetForgetsEverythingEvenWhileAReceiverHangs(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, quick())
	enqueue(q, "A")
	drain(t, q)
	rc.next(t)
	rc.hangs(t)
	changed := q.Options()
	changed.Secret = "changed"
	if err := q.SetOptions(changed); err != nil {
		t.Fatal(err)
	}
	enqueue(q, "B", "C")
	rc.next(t)
	disturb(t, q, webhooks.Trouble{Mode: webhooks.Shuffle})

	q.Reset()
	reset := q.Status()
	rc.answers(nil)
	enqueue(q, "D")
	drain(t, q)

	if reset.Waiting != 0 || len(reset.Delivered) != 0 || len(reset.Troubles) != 0 || reset.State != webhooks.Idle {
		t.Errorf("after the reset: %+v", reset)
	}
	if diff := cmp.Diff([]string{"A", "D"}, rc.events()); diff != "" {
		t.Error(diff)
	}
	if got := q.Options().Secret; got != "s3cret" {
		t.Errorf("the secret is still %q", got)
	}
}

func TestCloseEndsADeliveryThatHangs(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, patient())
	rc.hangs(t)
	enqueue(q, "A", "B")
	rc.next(t)
	waited := make(chan error, 1)
	go func() { waited <- q.Wait(t.Context()) }()

	q.Close()
	q.Close()

	if err := <-waited; !errors.Is(err, webhooks.ErrClosed) {
		t.Errorf("Wait = %v", err)
	}
	if got := len(q.Save().Waiting); got != 2 {
		t.Errorf("%d messages still wait, want 2", got)
	}
}

func TestCloseWaitsUntilDeliveryHasStopped(t *testing.T) {
	t.Parallel()
	arrived := make(chan struct{})
	var ended atomic.Bool
	client := &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		close(arrived)
		<-r.Context().Done()
		time.Sleep(20 * time.Millisecond) // a transport that takes its time to give up
		ended.Store(true)
		return nil, r.Context().Err()
	})}
	o := patient()
	o.URL = "http://receiver.test/"
	q := webhooks.New(webhooks.Config{Now: fixed, Options: o, Client: client})
	enqueue(q, "A")
	<-arrived

	q.Close()

	if !ended.Load() {
		t.Error("a request is still on its way")
	}
}

func TestCloseEndsAStalledQueue(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, patient())
	rc.refuses(http.StatusBadGateway)
	enqueue(q, "A")
	failed(t, q, 1)

	q.Close()

	if err := q.Wait(t.Context()); !errors.Is(err, webhooks.ErrClosed) {
		t.Errorf("Wait = %v", err)
	}
}

func TestClosedQueueTakesNothing(t *testing.T) {
	t.Parallel()
	q := open(t, listen(t), quick())
	q.Close()

	enqueue(q, "A")
	q.RetryNow()
	_, err := q.Disturb(t.Context(), webhooks.Trouble{Mode: webhooks.Unknown})

	if !errors.Is(err, webhooks.ErrClosed) {
		t.Errorf("Disturb = %v", err)
	}
	if got := q.Status().Waiting; got != 0 {
		t.Errorf("%d messages wait", got)
	}
}

func TestSameRandomnessMakesTheSameIDs(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	ids := func(seed byte) string {
		o := quick()
		o.URL = rc.url
		q := webhooks.New(webhooks.Config{Now: fixed, Random: constant(seed), Options: o})
		defer q.Close()
		enqueue(q, "A")
		drain(t, q)
		return q.Status().Delivered[0].ID
	}

	if one, again, other := ids(1), ids(1), ids(2); one != again || one == other {
		t.Errorf("ids are %s and %s, and %s", one, again, other)
	}
}

// constant is a source of very poor randomness.
type constant byte

func (c constant) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(c)
	}
	return len(p), nil
}
