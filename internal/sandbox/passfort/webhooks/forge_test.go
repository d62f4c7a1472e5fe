package webhooks_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox/passfort/webhooks"
)

func TestForgedSecretIsWrongWhereItIsOrdered(t *testing.T) {
	t.Parallel()
	for place, right := range map[webhooks.Place]struct{ body, header bool }{
		"":                {false, false},
		webhooks.InBoth:   {false, false},
		webhooks.InBody:   {false, true},
		webhooks.InHeader: {true, false},
	} {
		t.Run("in "+string(place), func(t *testing.T) {
			t.Parallel()
			rc := listen(t)
			q := open(t, rc, patient())

			disturb(t, q, webhooks.Trouble{Mode: webhooks.BadSecret, Event: "A", Place: place})

			got := rc.next(t)
			body, header := got.messages[0].Secret, got.header.Get("Authorization")
			if (body == "s3cret") != right.body || (header == "Bearer s3cret") != right.header || body == "" || header == "" {
				t.Errorf("in the body %q, in the header %q", body, header)
			}
		})
	}
}

func TestForgerDoesNotWaitInLine(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, patient())
	rc.hangs(t)
	enqueue(q, "A")
	rc.next(t)
	rc.refuses(http.StatusForbidden)

	out := disturb(t, q, webhooks.Trouble{Mode: webhooks.BadSecret, Event: "B"})

	if got := rc.next(t).messages[0]; got.Event != "B" || got.ID != out.IDs[0] {
		t.Errorf("forged: %+v", got)
	}
	if s := q.Status(); s.State != webhooks.Delivering || s.Waiting != 1 || s.Attempts != 0 {
		t.Errorf("status: %+v", s)
	}
}

func TestForgeryCopiesTheLastMessageUnderANewID(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, patient())
	enqueue(q, "A", "B")
	drain(t, q)
	rc.next(t)
	original := rc.next(t).messages[0]

	disturb(t, q, webhooks.Trouble{Mode: webhooks.BadSecret})

	got := rc.next(t).messages[0]
	if got.ID == original.ID || got.Event != "B" {
		t.Errorf("forged: %+v", got)
	}
	if diff := cmp.Diff(original.Data, got.Data); diff != "" {
		t.Error(diff)
	}
}

func TestForgeryCopiesWhatWaitsIfNothingWasDelivered(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, patient())
	rc.refuses(http.StatusUnauthorized)
	enqueue(q, "A")
	failed(t, q, 1)
	rc.next(t)

	disturb(t, q, webhooks.Trouble{Mode: webhooks.BadSecret})

	if got := rc.next(t).messages[0].Event; got != "A" {
		t.Errorf("event is %s", got)
	}
}

func TestForgeryIsReportedInTheAnswerAndTheStatus(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, patient())
	rc.refuses(http.StatusUnauthorized)

	out := disturb(t, q, webhooks.Trouble{
		Mode: webhooks.BadSecret, Event: "A", Place: webhooks.InHeader, Data: map[string]any{"x": 1},
	})

	got, err := json.Marshal(out)
	want := fmt.Sprintf(`{"mode":"bad_secret","event":"A","data":{"x":1},"place":"header","ids":[%q],`+
		`"receiver":{"status":401,"error":""}}`, out.IDs[0])
	if diff := cmp.Diff(want, string(got)); diff != "" || err != nil {
		t.Error(diff, err)
	}
	answer := webhooks.Answer{Status: 401}
	forged := []webhooks.Forgery{{At: start, ID: out.IDs[0], Event: "A", Place: "header", Answer: answer}}
	if diff := cmp.Diff(forged, q.Status().Forged); diff != "" {
		t.Error(diff)
	}
}

func TestForgeryFollowsTheShapeOfBatches(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, batching(webhooks.Object))

	disturb(t, q, webhooks.Trouble{Mode: webhooks.BadSecret, Event: "A"})

	if got := rc.next(t).body; got[:13] != `{"webhooks":[` {
		t.Errorf("body: %s", got)
	}
}

func TestForgeryEndsWithItsCallerAndWithTheQueue(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(cancel context.CancelFunc, q *webhooks.Queue){
		"the caller leaves":   func(cancel context.CancelFunc, _ *webhooks.Queue) { cancel() },
		"the queue is closed": func(_ context.CancelFunc, q *webhooks.Queue) { q.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rc := listen(t)
			q := open(t, rc, patient())
			rc.hangs(t)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			outcomes := make(chan webhooks.Outcome, 1)
			go func() {
				out, _ := q.Disturb(ctx, webhooks.Trouble{Mode: webhooks.BadSecret, Event: "A"})
				outcomes <- out
			}()
			rc.next(t)

			end(cancel, q)

			if out := <-outcomes; out.Receiver == nil || out.Receiver.Status != 0 || out.Receiver.Error == "" {
				t.Errorf("outcome: %+v", out)
			}
		})
	}
}
