package web_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"portal/internal/sandbox/sumsub/webhooks"
)

// queue is Sumsub's side of the mailroom.
type queue struct {
	*webhooks.Queue
	m *mailroom
}

func (m *mailroom) queue(o webhooks.Options) queue {
	m.t.Helper()
	o.URL, o.Secret = m.url+"sumsub", webhookSecret
	q := webhooks.New(webhooks.Config{Now: time.Now, Options: o})
	m.t.Cleanup(q.Close)
	return queue{q, m}
}

// happen has so many things happen to three applicants.
func (q queue) happen(n int) {
	q.m.t.Helper()
	for k := range n {
		q.Enqueue("applicantReviewed", map[string]any{
			"applicantId": fmt.Sprintf("applicant-%d", k%3), "externalUserId": "ours", "applicantType": "individual", "clientId": "c", "sandboxMode": true,
			"reviewStatus": "completed", "reviewResult": map[string]any{
				"reviewAnswer": "RED", "reviewRejectType": "RETRY", "rejectLabels": []string{"BAD_SELFIE", "LOW_QUALITY"},
				"moderationComment": "„Größer“ & heller, <bitte>: ${clientSupportEmail}\n",
			},
		})
	}
}

// arrived waits until Sumsub has nothing left, and has what has come handed on.
func (q queue) arrived() {
	q.m.t.Helper()
	ctx, cancel := context.WithTimeout(q.m.t.Context(), 20*time.Second)
	defer cancel()
	if err := q.Wait(ctx); err != nil {
		q.m.t.Fatalf("%v: %+v", err, q.Status())
	}
	q.m.process()
}

func (q queue) disturb(trouble webhooks.Trouble) webhooks.Outcome {
	q.m.t.Helper()
	out, err := q.Disturb(q.m.t.Context(), trouble)
	if err != nil {
		q.m.t.Fatal(err)
	}
	return out
}

func TestSumsubsOwnFormOfJSONIsTaken(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]webhooks.Options{
		"by SHA-256": {}, "by SHA-512": {Algorithm: webhooks.SHA512}, "with little in them": {MissingOptional: true}, "with another mode": {SandboxModeAsString: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMailroom(t, mailroomOptions{})
			q := m.queue(o)
			q.happen(9)
			q.arrived()
			if n := m.count("select count(*) from webhooks where provider = 'sumsub' and status = 'processed' and event = 'APPLICANTREVIEWED' and customer_ref = 'ours'"); n != 9 || len(m.handed) != 9 {
				t.Errorf("%d processed, %d handed on, want 9", n, len(m.handed))
			}
			for _, d := range q.Status().Deliveries {
				if d.State != webhooks.Delivered || len(d.Attempts) != 1 {
					t.Errorf("a delivery is %s after %+v", d.State, d.Attempts)
				}
			}
		})
	}
}

func TestTroublesOfSumsubLoseAndDoubleNothing(t *testing.T) {
	t.Parallel()
	m := newMailroom(t, mailroomOptions{})
	q := m.queue(webhooks.Options{})
	q.happen(3)
	q.arrived()
	q.disturb(webhooks.Trouble{Mode: webhooks.Duplicate, Count: 3})
	q.arrived()
	q.disturb(webhooks.Trouble{Mode: webhooks.Shuffle, Count: 4, Seed: 7, WithinMS: 100})
	q.happen(4)
	q.arrived()
	q.disturb(webhooks.Trouble{Mode: webhooks.Late, DelayMS: 50})
	q.happen(2)
	q.arrived()
	q.disturb(webhooks.Trouble{Mode: webhooks.MissingField, Count: 2})
	q.happen(2)
	q.disturb(webhooks.Trouble{Mode: webhooks.Unknown, ApplicantID: "applicant-1"})
	q.arrived()
	for _, wrong := range []webhooks.Wrong{webhooks.WrongKey, webhooks.WrongBody, webhooks.WrongAlgorithm, webhooks.WrongHeader} {
		if out := q.disturb(webhooks.Trouble{Mode: webhooks.BadSecret, Wrong: wrong}); out.Receiver.Status != http.StatusUnauthorized {
			t.Errorf("a wrong %s: %+v", wrong, out.Receiver)
		}
	}
	m.process()
	if n := m.count("select count(*) from webhooks where status = 'processed'"); n != 12 || len(m.handed) != 12 {
		t.Errorf("%d stored, %d handed on, want 12", n, len(m.handed))
	}
}
