package webhooks_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox/passfort/webhooks"
)

func TestDuplicatesComeAgainWithTheSameIDBehindWhatWaits(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, patient())
	enqueue(q, "A", "B", "C")
	drain(t, q)
	rc.refuses(http.StatusServiceUnavailable)
	enqueue(q, "D")
	failed(t, q, 1)

	out := disturb(t, q, webhooks.Trouble{Mode: webhooks.Duplicate, Count: 2})
	rc.answers(nil)
	q.RetryNow()
	drain(t, q)

	if diff := cmp.Diff([]string{"A", "B", "C", "D", "B", "C"}, rc.events()); diff != "" {
		t.Error(diff)
	}
	all := rc.requests()
	if all[1].body != all[4].body || all[2].body != all[5].body {
		t.Error("a duplicate differs from the first delivery")
	}
	if diff := cmp.Diff([]string{all[1].messages[0].ID, all[2].messages[0].ID}, out.IDs); diff != "" {
		t.Error(diff)
	}
}

func TestOneDuplicateUnlessMoreAreOrdered(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, patient())
	enqueue(q, "A", "B")
	drain(t, q)

	disturb(t, q, webhooks.Trouble{Mode: webhooks.Duplicate})
	drain(t, q)

	if diff := cmp.Diff([]string{"A", "B", "B"}, rc.events()); diff != "" {
		t.Error(diff)
	}
}

func TestDuplicateMayBeNamed(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, patient())
	enqueue(q, "A", "B", "C")
	drain(t, q)

	disturb(t, q, webhooks.Trouble{Mode: webhooks.Duplicate, ID: rc.requests()[1].messages[0].ID})
	drain(t, q)

	if diff := cmp.Diff([]string{"A", "B", "C", "B"}, rc.events()); diff != "" {
		t.Error(diff)
	}
}

func TestUnknownEventIsQueuedEvenIfOthersAreNotEnabled(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	o := quick()
	o.Events = []string{"A"}
	q := open(t, rc, o)

	out := disturb(t, q, webhooks.Trouble{Mode: webhooks.Unknown, ProfileID: "p1"})
	drain(t, q)

	got := rc.next(t).messages[0]
	want := envelope{
		ID: out.IDs[0], Event: "SOMETHING_NEW_CHANGED", Secret: "s3cret", Timestamp: start.Unix(),
		Data: map[string]any{"profile_id": "p1", "customer_ref": nil},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestUnknownEventIsSentAsItIsWritten(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, quick())

	disturb(t, q, webhooks.Trouble{Mode: webhooks.Unknown, Event: "Brand-New", Data: map[string]any{"x": 1.0}})
	drain(t, q)

	got := rc.next(t).messages[0]
	if diff := cmp.Diff(map[string]any{"x": 1.0}, got.Data); diff != "" || got.Event != "Brand-New" {
		t.Errorf("event %q, data %s", got.Event, diff)
	}
}

func TestImpossibleTroubleIsRefused(t *testing.T) {
	t.Parallel()
	q := open(t, listen(t), quick())
	for name, body := range map[string]string{
		"no mode":              `{}`,
		"unknown mode":         `{"mode":"boom"}`,
		"another provider":     `{"mode":"late","provider":"sumsub"}`,
		"nothing to repeat":    `{"mode":"duplicate"}`,
		"id never delivered":   `{"mode":"duplicate","id":"x"}`,
		"id and count":         `{"mode":"duplicate","id":"x","count":1}`,
		"count of one":         `{"mode":"shuffle","count":1}`,
		"count too high":       `{"mode":"batch","count":101}`,
		"negative delay":       `{"mode":"late","delay_ms":-1}`,
		"negative within":      `{"mode":"batch","within_ms":-1}`,
		"member of another":    `{"mode":"late","seed":1}`,
		"place of another":     `{"mode":"unknown","place":"body"}`,
		"wrong place":          `{"mode":"bad_secret","place":"cookie","event":"A"}`,
		"nothing to copy":      `{"mode":"bad_secret"}`,
		"data without event":   `{"mode":"bad_secret","data":{}}`,
		"two kinds of data":    `{"mode":"unknown","data":{},"profile_id":"p"}`,
		"events of a batch":    `{"mode":"batch","event":"A"}`,
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
	if s := q.Status(); s.Waiting != 0 || len(s.Troubles) != 0 || len(s.Forged) != 0 {
		t.Errorf("status: %+v", s)
	}
}

func TestRefusalSaysWhatTheModeUses(t *testing.T) {
	t.Parallel()
	q := open(t, listen(t), quick())

	_, err := q.Disturb(t.Context(), webhooks.Trouble{Mode: webhooks.Late, Seed: 1})

	if want := "seed means nothing to the mode late, which uses count, delay_ms"; err == nil || err.Error() != want {
		t.Errorf("err = %v, want %s", err, want)
	}
}

func TestOutcomeSpellsTheDefaultsOut(t *testing.T) {
	t.Parallel()
	q := open(t, listen(t), quick())

	got, err := json.Marshal(disturb(t, q, webhooks.Trouble{Mode: webhooks.Shuffle, Provider: "passfort"}))

	if want := `{"provider":"passfort","mode":"shuffle","count":5,"within_ms":2000}`; err != nil || string(got) != want {
		t.Errorf("outcome: %s, %v", got, err)
	}
}

func TestThereIsNoTroubleWhileWebhooksAreOff(t *testing.T) {
	t.Parallel()
	q := webhooks.New(webhooks.Config{Now: fixed})
	defer q.Close()

	for _, mode := range []webhooks.Mode{"duplicate", "shuffle", "late", "unknown", "bad_secret", "batch"} {
		if _, err := q.Disturb(t.Context(), webhooks.Trouble{Mode: mode}); !errors.Is(err, webhooks.ErrOff) {
			t.Errorf("%s: err = %v", mode, err)
		}
	}
}
