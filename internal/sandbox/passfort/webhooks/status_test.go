package webhooks_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox/passfort/webhooks"
)

func TestStatusOfAStalledQueueSaysWhatAPersonNeeds(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, patient())
	enqueue(q, "A")
	drain(t, q)
	first := rc.next(t).messages[0]
	rc.refuses(http.StatusTeapot)
	enqueue(q, "B", "C")

	got, err := json.Marshal(failed(t, q, 1))
	if err != nil {
		t.Fatal(err)
	}

	second := rc.next(t).messages[0]
	third := q.Status().Messages[1].ID
	at := start.Unix()
	want := fmt.Sprintf(`{"state":"stalled","url":%q,"waiting":2,"messages":[`+
		`{"id":%q,"event":"B","timestamp":%d,"profile_id":"p-B"},{"id":%q,"event":"C","timestamp":%d,"profile_id":"p-C"}],`+
		`"attempts":1,"next_retry":"2026-03-01T13:00:00Z","failures":[{"at":"2026-03-01T12:00:00Z","id":%q,"event":"B",`+
		`"messages":1,"attempt":1,"status":418,"error":""}],"delivered":[{"id":%q,"event":"A","at":"2026-03-01T12:00:00Z",`+
		`"status":200,"attempts":1}],"forged":[],"troubles":[]}`, rc.url, second.ID, at, third, at, second.ID, first.ID)
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error(diff)
	}
}

func TestIdleStatusHasNoRetry(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, patient())
	enqueue(q, "A")
	drain(t, q)

	if s := q.Status(); s.State != webhooks.Idle || s.NextRetry != nil || s.Attempts != 0 {
		t.Errorf("status: %+v", s)
	}
}

func TestFirstAttemptIsDelivering(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, patient())
	rc.hangs(t)
	enqueue(q, "A")
	rc.next(t)

	if s := q.Status(); s.State != webhooks.Delivering || s.NextRetry != nil || s.Waiting != 1 {
		t.Errorf("status: %+v", s)
	}
}

func TestEveryRetryWaitsTwiceAsLongUpToTheLimit(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	o := patient() // an hour, and ten at most
	q := open(t, rc, o)
	rc.refuses(http.StatusInternalServerError)
	enqueue(q, "A")

	var waits []time.Duration
	for attempt := range 6 {
		s := failed(t, q, attempt+1)
		waits = append(waits, s.NextRetry.Sub(start))
		q.RetryNow()
	}

	want := []time.Duration{time.Hour, 2 * time.Hour, 4 * time.Hour, 8 * time.Hour, 10 * time.Hour, 10 * time.Hour}
	if diff := cmp.Diff(want, waits); diff != "" {
		t.Error(diff)
	}
}

func TestSuccessStartsTheBackoffAnew(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, patient())
	rc.refuses(http.StatusInternalServerError)
	enqueue(q, "A")
	failed(t, q, 1)
	q.RetryNow()
	failed(t, q, 2)
	rc.answers(func(w http.ResponseWriter, r request) {
		if r.messages[0].Event != "A" {
			w.WriteHeader(http.StatusInternalServerError)
		}
	})
	enqueue(q, "B")
	q.RetryNow()

	s := failed(t, q, 3)

	if s.Attempts != 1 || !s.NextRetry.Equal(start.Add(time.Hour)) {
		t.Errorf("attempts %d, next retry %v", s.Attempts, s.NextRetry)
	}
}

func TestStatusShowsTheLastTenFailures(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, quick())
	rc.refuses(http.StatusInternalServerError)
	enqueue(q, "A")

	s := until(t, q, "twelve attempts", func(s webhooks.Status) bool { return s.Attempts >= 12 })

	if len(s.Failures) != 10 || s.Failures[0].Attempt != s.Attempts || s.Failures[9].Attempt != s.Attempts-9 {
		t.Errorf("after %d attempts: %+v", s.Attempts, s.Failures)
	}
}

func TestStatusShowsTheLastHundredDelivered(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, quick())
	enqueueMany(q, 120)
	drain(t, q)

	got := q.Status().Delivered

	if len(got) != 100 || got[0].Event != "119" || got[99].Event != "20" {
		t.Errorf("%d delivered: %+v", len(got), got)
	}
}

func TestStatusCountsAllButListsAHundredOfTheWaiting(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, patient())
	rc.hangs(t)
	enqueueMany(q, 120)

	if s := q.Status(); s.Waiting != 120 || len(s.Messages) != 100 || s.Messages[99].Event != "99" {
		t.Errorf("%d wait, %d listed", s.Waiting, len(s.Messages))
	}
}

func TestUndeliverableDataIsAFailureAndHoldsNothingBack(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, quick())

	q.Enqueue("A", map[string]any{"x": func() {}})
	q.Enqueue("B", map[string]any{"x": string(make([]byte, 5<<20))})
	enqueue(q, "C")
	drain(t, q)

	if diff := cmp.Diff([]string{"C"}, rc.events()); diff != "" {
		t.Error(diff)
	}
	if s := q.Status(); len(s.Failures) != 2 || s.Failures[0].Error == "" || s.Failures[1].Error == "" {
		t.Errorf("failures: %+v", s.Failures)
	}
}

func TestDataIsCopiedWhenItIsQueued(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, batching(webhooks.Array))
	data := map[string]any{"profile_id": "then"}

	q.Enqueue("A", data)
	data["profile_id"] = "now"
	q.RetryNow()

	if got := rc.next(t).messages[0].Data["profile_id"]; got != "then" {
		t.Errorf("profile_id is %v", got)
	}
}
