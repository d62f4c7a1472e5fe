package webhooks_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"portal/internal/sandbox/sumsub/webhooks"
)

func TestHangingDeliveryHoldsNoOtherBack(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, webhooks.Options{TimeoutMS: 600_000})
	hang := make(chan struct{})
	t.Cleanup(func() { close(hang) })
	rc.answers(func(_ http.ResponseWriter, c call) {
		if c.event() == "applicantCreated" {
			<-hang
		}
	})

	q.Enqueue("applicantCreated", about("a"))
	rc.next(t)
	q.Enqueue("applicantPending", about("a"))
	q.Enqueue("applicantReviewed", about("a"))

	got := []string{rc.next(t).event(), rc.next(t).event()}
	slices.Sort(got)
	if !slices.Equal(got, []string{"applicantPending", "applicantReviewed"}) {
		t.Errorf("arrived: %v", got)
	}
}

func TestRetriesFollowSumsubsTable(t *testing.T) {
	t.Parallel()
	for event, waits := range map[string][]time.Duration{
		"applicantReviewed":       {5 * time.Minute, time.Hour, 5 * time.Hour, 18 * time.Hour},
		"applicantActionReviewed": {30 * time.Second, 30 * time.Second, time.Minute, 5 * time.Minute},
	} {
		t.Run(event, func(t *testing.T) {
			t.Parallel()
			rc := listen(t)
			q, c := openBy(t, rc, webhooks.Options{})
			rc.refuses(http.StatusBadGateway)
			enqueue(q, event)
			for i, wait := range waits {
				due, ok := q.NextDue()
				if !ok || due.Sub(c.now()) != wait {
					t.Fatalf("after %d attempts: due in %v", i+1, due.Sub(c.now()))
				}
				c.advance(q, wait-time.Second)
				if n := len(only(t, q).Attempts); n != i+1 {
					t.Fatalf("%d attempts a second before the time", n)
				}
				c.advance(q, time.Second)
			}
			got := only(t, q)
			if got.State != webhooks.Failed || len(got.Attempts) != 5 || got.Attempts[4].Status != http.StatusBadGateway || got.NextAttempt != nil {
				t.Errorf("at the end: %+v", got)
			}
			drain(t, q)
		})
	}
}

func TestRetryThatIsAcceptedIsTheLast(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q, c := openBy(t, rc, webhooks.Options{})
	rc.refuses(http.StatusInternalServerError)
	enqueue(q, "applicantReviewed")
	if s := q.Status(); s.State != webhooks.Retrying || s.Waiting != 1 {
		t.Errorf("after the first failure: %+v", s)
	}
	rc.refuses(http.StatusNoContent)

	c.advance(q, 5*time.Minute)

	got := only(t, q)
	if got.State != webhooks.Delivered || len(got.Attempts) != 2 || !got.Attempts[1].At.Equal(start.Add(5*time.Minute)) {
		t.Errorf("delivery: %+v", got)
	}
	if first, second := rc.next(t), rc.next(t); first.body != second.body {
		t.Error("the retry has another body")
	}
}

func TestOnlySuccessCountsAsReceived(t *testing.T) {
	t.Parallel()
	for _, status := range []int{200, 201, 202, 204, 301, 302, 400, 401, 404, 429, 500, 503} {
		rc := listen(t)
		q := open(t, rc, webhooks.Options{NoRetries: true})
		rc.refuses(status)
		enqueue(q, "applicantPending")
		want := webhooks.Failed
		if status < 300 {
			want = webhooks.Delivered
		}
		if got := only(t, q); got.State != want || got.Attempts[0].Status != status {
			t.Errorf("%d: %+v", status, got)
		}
	}
}

func TestSilentReceiverIsGivenUpAfterTheTimeout(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, webhooks.Options{TimeoutMS: 20, NoRetries: true})
	rc.hangs(t)

	enqueue(q, "applicantPending")

	if got := only(t, q).Attempts[0]; got.Status != 0 || got.Error != "no answer within 20ms" {
		t.Errorf("attempt: %+v", got)
	}
}

func TestFiveSecondsUnlessGiven(t *testing.T) {
	t.Parallel()
	q := open(t, listen(t), webhooks.Options{})

	if got := q.Options().TimeoutMS; got != 5000 {
		t.Errorf("%d ms", got)
	}
}

func TestReceiverThatIsNotThereIsTriedAgain(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	q := open(t, &receiver{url: server.URL}, webhooks.Options{})

	enqueue(q, "applicantPending")

	if got := only(t, q); got.State != webhooks.Waiting || got.Attempts[0].Error == "" || !got.NextAttempt.Equal(start.Add(5*time.Minute)) {
		t.Errorf("delivery: %+v", got)
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	elsewhere, rc := listen(t), listen(t)
	q := open(t, rc, webhooks.Options{NoRetries: true})
	rc.answers(func(w http.ResponseWriter, _ call) {
		w.Header().Set("Location", elsewhere.url)
		w.WriteHeader(http.StatusTemporaryRedirect)
	})

	enqueue(q, "applicantPending")

	if len(elsewhere.events()) != 0 || only(t, q).State != webhooks.Failed {
		t.Error("the redirect was followed")
	}
}

func TestOnlyEnabledEventsAreSent(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, webhooks.Options{Events: []string{"applicantReviewed"}})

	enqueue(q, "applicantPending", "applicantReviewed")

	if got := rc.events(); !slices.Equal(got, []string{"applicantReviewed"}) {
		t.Errorf("arrived: %v", got)
	}
}

func TestResendDeliversTheSameBytesAtOnce(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, webhooks.Options{})
	rc.refuses(http.StatusBadGateway)
	enqueue(q, "applicantReviewed")
	waiting := only(t, q)
	rc.answers(nil)

	if _, err := q.Resend(waiting.ID); err != nil {
		t.Fatal(err)
	}
	q.CatchUp()
	delivered := only(t, q)
	again, err := q.Resend(waiting.ID)
	if err != nil {
		t.Fatal(err)
	}
	drain(t, q)

	first := rc.next(t)
	if delivered.State != webhooks.Delivered || again.ID == waiting.ID || rc.next(t).body != first.body || rc.next(t).body != first.body {
		t.Errorf("delivered %+v, again %+v", delivered, again)
	}
	if _, err := q.Resend("none"); !errors.Is(err, webhooks.ErrNotFound) {
		t.Errorf("err = %v", err)
	}
}

func TestManyDeliveriesAllArrive(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, webhooks.Options{})
	for range 500 {
		q.Enqueue("applicantPending", about("a"))
	}
	drain(t, q)

	if got := len(rc.events()); got != 500 {
		t.Errorf("%d arrived", got)
	}
	if got := len(q.Status().Deliveries); got != 200 {
		t.Errorf("the log has %d", got)
	}
}

func TestDeliveriesOfOneApplicantAreListedAlone(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, webhooks.Options{})
	enqueue(q, "applicantCreated", "applicantPending")
	rc.refuses(http.StatusBadGateway)
	q.Enqueue("applicantReviewed", about("a-applicantCreated"))
	q.CatchUp()

	got := q.Of("a-applicantCreated")

	if len(got) != 2 || got[0].Event != "applicantReviewed" || got[0].State != webhooks.Waiting || got[1].Event != "applicantCreated" {
		t.Errorf("deliveries: %+v", got)
	}
}
