package webhooks_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox/passfort/webhooks"
)

// reloaded is the snapshot after a journey through a file.
func reloaded(t *testing.T, s webhooks.Snapshot) webhooks.Snapshot {
	t.Helper()
	file, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var again webhooks.Snapshot
	if err := json.Unmarshal(file, &again); err != nil {
		t.Fatal(err)
	}
	return again
}

// stalled is a queue that has delivered A, and B and C wait.
func stalled(t *testing.T, rc *receiver) *webhooks.Queue {
	t.Helper()
	q := open(t, rc, patient())
	enqueue(q, "A")
	drain(t, q)
	rc.refuses(http.StatusServiceUnavailable)
	enqueue(q, "B", "C")
	failed(t, q, 1)
	return q
}

func TestLoadedQueueGoesOnWhereTheSavedOneStopped(t *testing.T) {
	t.Parallel()
	rc, other := listen(t), listen(t)
	before := stalled(t, rc)
	snapshot := reloaded(t, before.Save())

	q := open(t, other, patient())
	if err := q.Load(snapshot); err != nil {
		t.Fatal(err)
	}
	drain(t, q)

	if diff := cmp.Diff([]string{"B", "C"}, other.events()); diff != "" {
		t.Error(diff)
	}
	waited, got := before.Status().Messages, q.Status().Delivered
	if got[1].ID != waited[0].ID || got[1].Attempts != 2 || got[0].ID != waited[1].ID {
		t.Errorf("delivered: %+v", got)
	}
}

func TestLoadedHistoryCanBeRepeated(t *testing.T) {
	t.Parallel()
	rc, other := listen(t), listen(t)
	before := stalled(t, rc)
	id := before.Status().Delivered[0].ID

	q := open(t, other, patient())
	if err := q.Load(reloaded(t, before.Save())); err != nil {
		t.Fatal(err)
	}
	disturb(t, q, webhooks.Trouble{Mode: webhooks.Duplicate, ID: id})
	drain(t, q)

	if diff := cmp.Diff([]string{"B", "C", "A"}, other.events()); diff != "" {
		t.Error(diff)
	}
}

func TestSavedAgainIsTheSame(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	before := stalled(t, rc)
	before.Close()
	snapshot := before.Save()

	q := open(t, rc, patient())
	rc.hangs(t)
	if err := q.Load(reloaded(t, snapshot)); err != nil {
		t.Fatal(err)
	}

	if diff := cmp.Diff(snapshot, q.Save()); diff != "" {
		t.Error(diff)
	}
}

func TestLoadReplacesWhatWaits(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := stalled(t, rc)
	rc.hangs(t)
	q.RetryNow()

	if err := q.Load(webhooks.Snapshot{}); err != nil {
		t.Fatal(err)
	}
	drain(t, q)

	if s := q.Status(); s.State != webhooks.Idle || len(s.Delivered) != 0 {
		t.Errorf("status: %+v", s)
	}
}

func TestLoadedMessagesAreLostWhileWebhooksAreOff(t *testing.T) {
	t.Parallel()
	before := stalled(t, listen(t))
	q := webhooks.New(webhooks.Config{Now: fixed})
	defer q.Close()

	if err := q.Load(before.Save()); err != nil {
		t.Fatal(err)
	}

	if s := q.Status(); s.Waiting != 0 || len(s.Delivered) != 1 {
		t.Errorf("status: %+v", s)
	}
}

func TestHeldMessagesAndOrderedBatchesAreSaved(t *testing.T) {
	t.Parallel()
	rc, other := listen(t), listen(t)
	before := open(t, rc, patient())
	rc.hangs(t)
	enqueue(before, "A")
	disturb(t, before, webhooks.Trouble{Mode: webhooks.Batch, Count: 2})
	enqueue(before, "B", "C")
	disturb(t, before, webhooks.Trouble{Mode: webhooks.Late, DelayMS: 3_600_000})
	enqueue(before, "D")

	q := open(t, other, patient())
	if err := q.Load(reloaded(t, before.Save())); err != nil {
		t.Fatal(err)
	}
	drain(t, q)

	if diff := cmp.Diff([]int{1, 2, 1}, other.sizes()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"A", "B", "C", "D"}, other.events()); diff != "" {
		t.Error(diff)
	}
}

func TestNewBatchDoesNotMixWithALoadedOne(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, patient())
	rc.refuses(http.StatusServiceUnavailable)
	data := json.RawMessage(`{}`)
	err := q.Load(webhooks.Snapshot{Waiting: []webhooks.Saved{
		{Message: webhooks.Message{ID: "1", Event: "A", Data: data}, Batch: 1},
		{Message: webhooks.Message{ID: "2", Event: "B", Data: data}, Batch: 1},
	}})
	if err != nil {
		t.Fatal(err)
	}
	failed(t, q, 1)
	disturb(t, q, webhooks.Trouble{Mode: webhooks.Batch, Count: 2})
	enqueue(q, "C", "D")
	rc.answers(nil)
	q.RetryNow()
	drain(t, q)

	if all := rc.requests(); len(all) != 2 || len(all[0].messages) != 2 || len(all[1].messages) != 2 {
		t.Errorf("requests: %+v", all)
	}
}

func TestLoadedMessageMayBeLargerThanQueuedOnes(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, quick())
	large := json.RawMessage(`"` + strings.Repeat("x", 5<<20) + `"`)

	err := q.Load(webhooks.Snapshot{Waiting: []webhooks.Saved{
		{Message: webhooks.Message{ID: "1", Event: "A", Data: large}, Batch: 1},
		{Message: webhooks.Message{ID: "2", Event: "B", Data: json.RawMessage(`{}`)}, Batch: 1},
	}})
	if err != nil {
		t.Fatal(err)
	}
	drain(t, q)

	if got := rc.requests(); len(got) != 2 {
		t.Errorf("%d requests, want 2", len(got))
	}
}

func TestManyAttemptsDoNotOverflowTheBackoff(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, patient())
	rc.refuses(http.StatusServiceUnavailable)
	m := webhooks.Message{ID: "1", Event: "A", Data: json.RawMessage(`{}`)}

	if err := q.Load(webhooks.Snapshot{Waiting: []webhooks.Saved{{Message: m, Attempts: 1_000_000}}}); err != nil {
		t.Fatal(err)
	}

	if s := failed(t, q, 1); !s.NextRetry.Equal(start.Add(10 * time.Hour)) {
		t.Errorf("next retry %v", s.NextRetry)
	}
}

func TestDamagedSnapshotChangesNothing(t *testing.T) {
	t.Parallel()
	q := stalled(t, listen(t))
	good := webhooks.Message{ID: "1", Event: "A", Data: json.RawMessage(`{}`)}
	for name, damaged := range map[string]webhooks.Snapshot{
		"no id":             {Waiting: []webhooks.Saved{{Message: webhooks.Message{Event: "A", Data: good.Data}}}},
		"no data":           {Delivered: []webhooks.Delivered{{Message: webhooks.Message{ID: "1", Event: "A"}}}},
		"no event":          {Delivered: []webhooks.Delivered{{Message: webhooks.Message{ID: "1", Data: good.Data}}}},
		"negative attempts": {Waiting: []webhooks.Saved{{Message: good, Attempts: -1}}},
		"negative batch":    {Waiting: []webhooks.Saved{{Message: good, Batch: -1}}},
	} {
		if err := q.Load(damaged); err == nil {
			t.Errorf("%s: was accepted", name)
		}
	}
	if s := q.Status(); s.Waiting != 2 || len(s.Delivered) != 1 {
		t.Errorf("status: %+v", s)
	}
}
