package webhooks_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"testing"
	"time"

	"portal/internal/sandbox/sumsub/webhooks"
)

func TestWebhooksAreOffWithoutAnAddress(t *testing.T) {
	t.Parallel()
	q := webhooks.New(webhooks.Config{Now: time.Now})
	defer q.Close()
	enqueue(q, "applicantPending")

	if s := q.Status(); s.State != webhooks.Off || len(s.Deliveries) != 0 {
		t.Errorf("status: %+v", s)
	}
	if _, err := q.Resend("x"); !errors.Is(err, webhooks.ErrOff) {
		t.Errorf("err = %v", err)
	}
}

func TestTurningWebhooksOffLosesWhatWaits(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, webhooks.Options{})
	rc.refuses(http.StatusBadGateway)
	enqueue(q, "applicantPending")

	if err := q.SetOptions(webhooks.Options{}); err != nil {
		t.Fatal(err)
	}

	drain(t, q)
	if s := q.Status(); s.State != webhooks.Off || s.Waiting != 0 {
		t.Errorf("status: %+v", s)
	}
}

func TestImpossibleOptionsAreRefused(t *testing.T) {
	t.Parallel()
	q := open(t, listen(t), webhooks.Options{})
	for name, o := range map[string]webhooks.Options{
		"relative":      {URL: "/hooks"},
		"other scheme":  {URL: "ftp://example.com"},
		"algorithm":     {Algorithm: "md5"},
		"timeout":       {TimeoutMS: -1},
		"unknown event": {Events: []string{"applicantreviewed"}},
	} {
		if err := q.SetOptions(o); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
	for _, event := range webhooks.Events() {
		if err := (webhooks.Options{Events: []string{event}}).Check(); err != nil {
			t.Error(err)
		}
	}
}

func TestWaitGivesUpWithItsContext(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, webhooks.Options{TimeoutMS: 600_000})
	rc.hangs(t)
	q.Enqueue("applicantPending", about("a"))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()

	if err := q.Wait(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v", err)
	}
}

func TestResetForgetsEverythingEvenWhileAReceiverHangs(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, webhooks.Options{TimeoutMS: 600_000})
	enqueue(q, "applicantCreated")
	rc.next(t)
	rc.hangs(t)
	q.Enqueue("applicantPending", about("a"))
	rc.next(t)
	disturb(t, q, webhooks.Trouble{Mode: webhooks.Shuffle})
	if err := q.SetOptions(webhooks.Options{URL: rc.url, NoRetries: true}); err != nil {
		t.Fatal(err)
	}

	q.Reset()

	if s := q.Status(); s.State != webhooks.Idle || len(s.Deliveries) != 0 || len(s.Troubles) != 0 || q.Options().NoRetries {
		t.Errorf("after the reset: %+v", s)
	}
	rc.answers(nil)
	enqueue(q, "applicantReviewed")
	if got := only(t, q); got.State != webhooks.Delivered {
		t.Errorf("delivery: %+v", got)
	}
}

func TestResetGivesUpWhatIsOnItsWayWithoutATrace(t *testing.T) {
	t.Parallel()
	began, ended := make(chan struct{}), make(chan struct{})
	client := &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		close(began)
		<-r.Context().Done()
		close(ended)
		return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody, Request: r}, nil // an answer that crosses the reset
	})}
	o := webhooks.Options{URL: "http://receiver.test/", TimeoutMS: 600_000}
	q := webhooks.New(webhooks.Config{Now: time.Now, Options: o, Client: client})
	q.Enqueue("applicantPending", about("a"))
	<-began

	q.Reset()
	select {
	case <-ended:
	case <-time.After(patience):
		t.Fatal("the request goes on")
	}
	q.Close() // which waits for everything

	if s := q.Status(); len(s.Deliveries) != 0 {
		t.Errorf("deliveries: %+v", s.Deliveries)
	}
}

// roundTripper answers requests without a network.
type roundTripper func(r *http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestTimeAloneMakesDeliveriesDue(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := webhooks.New(webhooks.Config{Now: time.Now, Options: webhooks.Options{URL: rc.url}})
	t.Cleanup(q.Close)
	disturb(t, q, webhooks.Trouble{Mode: webhooks.Late, DelayMS: 20})
	began := time.Now()

	q.Enqueue("applicantPending", about("a"))
	drain(t, q)

	if took := time.Since(began); took < 20*time.Millisecond {
		t.Errorf("was late by %v only", took)
	}
}

func TestCloseEndsADeliveryThatHangsAndKeepsIt(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, webhooks.Options{TimeoutMS: 600_000})
	rc.hangs(t)
	q.Enqueue("applicantPending", about("a"))
	rc.next(t)
	waited := make(chan error, 1)
	go func() { waited <- q.Wait(t.Context()) }()

	q.Close()
	q.Close()

	if err := <-waited; !errors.Is(err, webhooks.ErrClosed) {
		t.Errorf("Wait = %v", err)
	}
	q.Enqueue("applicantReviewed", about("a"))
	if got := q.Save().Waiting; len(got) != 1 || len(got[0].Attempts) != 0 {
		t.Errorf("waiting: %+v", got)
	}
	if _, err := q.Disturb(t.Context(), webhooks.Trouble{Mode: webhooks.Unknown}); !errors.Is(err, webhooks.ErrClosed) {
		t.Errorf("Disturb = %v", err)
	}
	if _, ok := q.NextDue(); ok {
		t.Error("something is still due")
	}
}

func TestSavedQueueGoesOnWhereItWas(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q, c := openBy(t, rc, webhooks.Options{})
	enqueue(q, "applicantCreated")
	rc.refuses(http.StatusBadGateway)
	enqueue(q, "applicantPending")
	c.advance(q, 5*time.Minute)
	raw, err := json.Marshal(q.Save())
	if err != nil {
		t.Fatal(err)
	}
	q.Close()
	rc.answers(nil)
	var saved webhooks.Snapshot
	if err := json.Unmarshal(raw, &saved); err != nil {
		t.Fatal(err)
	}

	next, later := openBy(t, rc, webhooks.Options{})
	later.ahead.Store(int64(5 * time.Minute))
	if err := next.Load(saved); err != nil {
		t.Fatal(err)
	}
	due, _ := next.NextDue()
	later.advance(next, time.Hour)

	if !due.Equal(start.Add(65 * time.Minute)) {
		t.Errorf("due at %v", due)
	}
	got := next.Status().Deliveries
	if len(got) != 2 || got[0].Event != "applicantPending" || len(got[0].Attempts) != 3 || got[0].State != webhooks.Delivered {
		t.Errorf("deliveries: %+v", got)
	}
	bodies := []string{}
	for range 4 {
		bodies = append(bodies, rc.next(t).body)
	}
	if bodies[1] != bodies[3] {
		t.Error("the body changed on the way")
	}
}

func TestSnapshotThatCannotBeUsedChangesNothing(t *testing.T) {
	t.Parallel()
	q := open(t, listen(t), webhooks.Options{})
	enqueue(q, "applicantCreated")
	good := q.Save().Log[0]
	for name, spoil := range map[string]func(d *webhooks.Delivery){
		"no id":    func(d *webhooks.Delivery) { d.ID = "" },
		"no event": func(d *webhooks.Delivery) { d.Event = "" },
		"no body":  func(d *webhooks.Delivery) { d.Body = "" },
		"no state": func(d *webhooks.Delivery) { d.State = "" },
	} {
		bad := good
		spoil(&bad)
		if err := q.Load(webhooks.Snapshot{Log: []webhooks.Delivery{bad}}); err == nil {
			t.Errorf("%s was loaded", name)
		}
		if err := q.Load(webhooks.Snapshot{Waiting: []webhooks.Delivery{bad}}); err == nil {
			t.Errorf("%s was loaded to wait", name)
		}
	}
	if got := only(t, q); got.ID != good.ID {
		t.Errorf("delivery: %+v", got)
	}
}

func TestWakeIsEnoughForWhatTheClockMakesDue(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q, c := openBy(t, rc, webhooks.Options{})
	rc.refuses(http.StatusBadGateway)
	enqueue(q, "applicantPending")
	rc.answers(nil)

	c.ahead.Store(int64(5 * time.Minute))
	q.Wake()
	drain(t, q)

	if got := only(t, q); len(got.Attempts) != 2 {
		t.Errorf("delivery: %+v", got)
	}
}

func TestSameRandomnessMakesTheSameIDs(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	id := func(seed byte) string {
		q := webhooks.New(webhooks.Config{Now: time.Now, Random: constant(seed), Options: webhooks.Options{URL: rc.url}})
		defer q.Close()
		enqueue(q, "applicantPending")
		return q.Status().Deliveries[0].ID
	}

	if ids := []string{id(1), id(1), id(2)}; ids[0] != ids[1] || slices.Contains(ids[:2], ids[2]) {
		t.Errorf("ids: %v", ids)
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
