package webhooks_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"portal/internal/sandbox/sumsub/webhooks"
)

func TestDuplicatesHaveTheSameBytes(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, webhooks.Options{})
	enqueue(q, "applicantCreated")
	enqueue(q, "applicantPending")
	enqueue(q, "applicantReviewed")
	sent := []call{rc.next(t), rc.next(t), rc.next(t)}

	out := disturb(t, q, webhooks.Trouble{Mode: webhooks.Duplicate, Count: 2})
	drain(t, q)

	got := []string{rc.next(t).body, rc.next(t).body}
	want := []string{sent[1].body, sent[2].body}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) || len(out.IDs) != 2 {
		t.Errorf("repeated %v by %v", got, out.IDs)
	}
}

func TestDuplicateMayBeNamed(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, webhooks.Options{})
	enqueue(q, "applicantCreated")
	enqueue(q, "applicantPending")

	disturb(t, q, webhooks.Trouble{Mode: webhooks.Duplicate, ID: q.Status().Deliveries[1].ID})
	drain(t, q)

	if got := rc.events(); got[2] != "applicantCreated" {
		t.Errorf("arrived: %v", got)
	}
}

// five are events in the order of an applicant's life.
var five = []string{"applicantCreated", "applicantPending", "applicantPrechecked", "applicantOnHold", "applicantReviewed"}

func TestShuffledWebhooksArriveInAnotherOrder(t *testing.T) {
	t.Parallel()
	orders := map[string]bool{}
	for _, seed := range []uint64{1, 1, 2} {
		rc := listen(t)
		q := open(t, rc, webhooks.Options{})
		disturb(t, q, webhooks.Trouble{Mode: webhooks.Shuffle, Count: 5, Seed: seed})
		enqueue(q, five[:4]...)
		if s := q.Status(); s.Waiting != 4 || s.Troubles[0].Taken != 4 || s.Deliveries[0].HeldBy != webhooks.Shuffle {
			t.Errorf("while four of five are there: %+v", s)
		}
		enqueue(q, five[4])
		drain(t, q)

		got := rc.events()
		orders[strings.Join(got, " ")] = true
		sorted := slices.Sorted(slices.Values(got))
		if slices.Equal(got, five) || !slices.Equal(sorted, slices.Sorted(slices.Values(five))) {
			t.Errorf("arrived: %v", got)
		}
		if left := q.Status().Troubles; len(left) != 0 {
			t.Errorf("still ordered: %+v", left)
		}
	}
	if len(orders) != 2 {
		t.Errorf("two seeds made the orders %v", orders)
	}
}

func TestIncompleteShuffleEndsInTime(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q, c := openBy(t, rc, webhooks.Options{})
	disturb(t, q, webhooks.Trouble{Mode: webhooks.Shuffle, Count: 50, WithinMS: 60_000})
	enqueue(q, "applicantCreated", "applicantPending")
	due, ok := q.NextDue()

	c.advance(q, time.Minute)
	drain(t, q)

	if got := rc.events(); !slices.Equal(got, []string{"applicantPending", "applicantCreated"}) || !ok || !due.Equal(start.Add(time.Minute)) {
		t.Errorf("arrived: %v, due at %v", got, due)
	}
	if left := q.Status().Troubles; len(left) != 0 {
		t.Errorf("still ordered: %+v", left)
	}
}

func TestShuffleAlwaysChangesTheOrder(t *testing.T) {
	t.Parallel()
	for seed := range uint64(8) {
		rc := listen(t)
		q := open(t, rc, webhooks.Options{})
		disturb(t, q, webhooks.Trouble{Mode: webhooks.Shuffle, Count: 2, Seed: seed})
		enqueue(q, five[:2]...)
		drain(t, q)

		if got := rc.events(); !slices.Equal(got, []string{five[1], five[0]}) {
			t.Errorf("seed %d: arrived %v", seed, got)
		}
	}
}

func TestRefusedHeadOfAShuffleHoldsNothingBack(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, webhooks.Options{})
	rc.refuses(http.StatusBadGateway)
	disturb(t, q, webhooks.Trouble{Mode: webhooks.Shuffle, Count: 3})

	enqueue(q, five[:3]...)

	if got := rc.events(); len(got) != 3 {
		t.Errorf("arrived: %v", got)
	}
}

func TestLateWebhooksAreOvertaken(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q, c := openBy(t, rc, webhooks.Options{})
	disturb(t, q, webhooks.Trouble{Mode: webhooks.Late, DelayMS: 3_600_000})

	enqueue(q, "applicantPending")
	enqueue(q, "applicantReviewed")
	held := q.Status().Deliveries[0]
	c.advance(q, time.Hour)

	if got := rc.events(); !slices.Equal(got, []string{"applicantReviewed", "applicantPending"}) {
		t.Errorf("arrived: %v", got)
	}
	if held.HeldBy != webhooks.Late || !held.NextAttempt.Equal(start.Add(time.Hour)) {
		t.Errorf("held: %+v", held)
	}
}

func TestUnknownTypeIsSentEvenIfOthersAreNotEnabled(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, webhooks.Options{Events: []string{"applicantReviewed"}})

	disturb(t, q, webhooks.Trouble{Mode: webhooks.Unknown, ApplicantID: "a1"})
	disturb(t, q, webhooks.Trouble{Mode: webhooks.Unknown, Event: "kytTxn", Data: map[string]any{"kytTxnId": "x"}})
	drain(t, q)

	got := map[string]call{}
	for range 2 {
		c := rc.next(t)
		got[c.event()] = c
	}
	if got["applicantSomethingNew"].payload["applicantId"] != "a1" || got["kytTxn"].payload["kytTxnId"] != "x" {
		t.Errorf("arrived: %+v", got)
	}
	if c := got["kytTxn"]; c.header.Get("X-Payload-Digest") != webhooks.Digest(webhooks.SHA256, "s3cret", []byte(c.body)) {
		t.Error("the unknown webhook is not signed")
	}
}

func TestForgedWebhooksCarryNoValidSignature(t *testing.T) {
	t.Parallel()
	for wrong, algorithm := range map[webhooks.Wrong]string{
		"": "HMAC_SHA256_HEX", webhooks.WrongBody: "HMAC_SHA256_HEX", webhooks.WrongAlgorithm: "HMAC_MD5_HEX", webhooks.WrongHeader: "",
	} {
		rc := listen(t)
		q := open(t, rc, webhooks.Options{})
		enqueue(q, "applicantReviewed")
		honest := rc.next(t)
		rc.refuses(http.StatusUnauthorized)

		out := disturb(t, q, webhooks.Trouble{Mode: webhooks.BadSecret, Wrong: wrong})

		got := rc.next(t)
		valid := got.header.Get("X-Payload-Digest") == webhooks.Digest(webhooks.SHA256, "s3cret", []byte(got.body))
		if name := got.header.Get("X-Payload-Digest-Alg"); name != algorithm || valid && algorithm == "HMAC_SHA256_HEX" {
			t.Errorf("%q: %v", wrong, got.header)
		}
		if strings.TrimSpace(got.body) != honest.body || out.Receiver.Status != http.StatusUnauthorized {
			t.Errorf("%q: %s, answered %+v", wrong, got.body, out.Receiver)
		}
		if d := q.Status().Deliveries[0]; d.State != webhooks.Forged || d.ID != out.IDs[0] {
			t.Errorf("%q: %+v", wrong, d)
		}
		if _, err := q.Resend(out.IDs[0]); !errors.Is(err, webhooks.ErrNotFound) {
			t.Errorf("%q: it could be resent as an honest one: %v", wrong, err)
		}
	}
}

func TestForgedWebhookMayBeInvented(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, webhooks.Options{})

	disturb(t, q, webhooks.Trouble{Mode: webhooks.BadSecret, Data: map[string]any{"applicantId": "victim", "reviewStatus": "completed"}})

	if got := rc.next(t); got.event() != "applicantReviewed" || got.payload["applicantId"] != "victim" {
		t.Errorf("arrived: %s", got.body)
	}
	drain(t, q)
}

func TestFieldsCanBeMissing(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, webhooks.Options{})
	disturb(t, q, webhooks.Trouble{Mode: webhooks.MissingField})
	disturb(t, q, webhooks.Trouble{Mode: webhooks.MissingField, Fields: []string{"createdAtMs", "externalUserId"}})

	enqueue(q, "applicantCreated")
	enqueue(q, "applicantPending")
	enqueue(q, "applicantReviewed")

	for i, missing := range [][]string{{"applicantType", "sandboxMode", "clientId"}, {"createdAtMs", "externalUserId"}, {}} {
		c := rc.next(t)
		for _, name := range missing {
			if _, ok := c.payload[name]; ok {
				t.Errorf("webhook %d has %s", i, name)
			}
		}
		if want := 11 - len(missing); len(c.payload) != want || !strings.Contains(c.body, "\n  \"type\" : ") {
			t.Errorf("webhook %d has %d members, want %d: %s", i, len(c.payload), want, c.body)
		}
	}
}

func TestImpossibleTroubleIsRefused(t *testing.T) {
	t.Parallel()
	q := open(t, listen(t), webhooks.Options{})
	for name, body := range map[string]string{
		"no mode":              `{}`,
		"unknown mode":         `{"mode":"batch"}`,
		"another provider":     `{"mode":"late","provider":"passfort"}`,
		"nothing to repeat":    `{"mode":"duplicate"}`,
		"id never delivered":   `{"mode":"duplicate","id":"x"}`,
		"id and count":         `{"mode":"duplicate","id":"x","count":1}`,
		"count of one":         `{"mode":"shuffle","count":1}`,
		"count too high":       `{"mode":"shuffle","count":101}`,
		"negative delay":       `{"mode":"late","delay_ms":-1}`,
		"negative within":      `{"mode":"shuffle","within_ms":-1}`,
		"member of another":    `{"mode":"late","seed":1}`,
		"wrong of another":     `{"mode":"unknown","wrong":"key"}`,
		"wrong wrong":          `{"mode":"bad_secret","wrong":"cookie","event":"applicantReviewed"}`,
		"nothing to copy":      `{"mode":"bad_secret"}`,
		"two kinds of data":    `{"mode":"unknown","data":{},"applicant_id":"p"}`,
		"fields of another":    `{"mode":"late","fields":["type"]}`,
		"delay of a duplicate": `{"mode":"duplicate","delay_ms":1}`,
	} {
		var trouble webhooks.Trouble
		if err := json.Unmarshal([]byte(body), &trouble); err != nil {
			t.Fatal(err)
		}
		if _, err := q.Disturb(t.Context(), trouble); err == nil {
			t.Errorf("%s: was accepted", name)
		}
	}
	if s := q.Status(); s.Waiting != 0 || len(s.Troubles) != 0 || len(s.Deliveries) != 0 {
		t.Errorf("status: %+v", s)
	}
}

func TestThereIsNoTroubleWhileWebhooksAreOff(t *testing.T) {
	t.Parallel()
	q := webhooks.New(webhooks.Config{Now: time.Now})
	defer q.Close()

	for _, mode := range []webhooks.Mode{"duplicate", "shuffle", "late", "unknown", "bad_secret", "missing_field"} {
		if _, err := q.Disturb(t.Context(), webhooks.Trouble{Mode: mode}); !errors.Is(err, webhooks.ErrOff) {
			t.Errorf("%s: err = %v", mode, err)
		}
	}
}
