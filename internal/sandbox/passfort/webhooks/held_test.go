package webhooks_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox/passfort/webhooks"
)

func TestShuffledMessagesWaitUntilTheyAreComplete(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, patient())
	disturb(t, q, webhooks.Trouble{Mode: webhooks.Shuffle, Count: 3, Seed: 7, WithinMS: 3_600_000})

	enqueue(q, "A", "B")
	held := q.Status()
	enqueue(q, "C", "D")
	drain(t, q)

	if held.State != webhooks.Delivering || held.Waiting != 2 || held.Messages[0].HeldBy != webhooks.Shuffle {
		t.Errorf("while two of three were there: %+v", held)
	}
	if held.Troubles[0].Taken != 2 || held.Troubles[0].Count != 3 {
		t.Errorf("troubles: %+v", held.Troubles)
	}
	got := rc.events()
	if slices.Equal(got[:3], []string{"A", "B", "C"}) || got[3] != "D" {
		t.Errorf("delivered %v", got)
	}
	slices.Sort(got)
	if diff := cmp.Diff([]string{"A", "B", "C", "D"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestIncompleteShuffleEndsInTime(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q, c := openBy(t, rc)
	disturb(t, q, webhooks.Trouble{Mode: webhooks.Shuffle, Count: 50, WithinMS: 3_600_000})

	enqueue(q, "A", "B")
	c.advance(q, time.Hour)
	drain(t, q)
	enqueue(q, "C")
	drain(t, q)

	if diff := cmp.Diff([]string{"B", "A", "C"}, rc.events()); diff != "" {
		t.Error(diff)
	}
	if got := q.Status().Troubles; len(got) != 0 {
		t.Errorf("still ordered: %+v", got)
	}
}

func TestHeldMessageIsReleasedInRealTimeToo(t *testing.T) {
	t.Parallel()
	for _, trouble := range []webhooks.Trouble{
		{Mode: webhooks.Shuffle, WithinMS: 20},
		{Mode: webhooks.Batch, WithinMS: 20},
		{Mode: webhooks.Late, DelayMS: 20},
	} {
		t.Run(string(trouble.Mode), func(t *testing.T) {
			t.Parallel()
			rc := listen(t)
			q := open(t, rc, patient())
			disturb(t, q, trouble)
			began := time.Now()

			enqueue(q, "A")
			drain(t, q)

			if took := time.Since(began); took < 20*time.Millisecond {
				t.Errorf("was held for %v only", took)
			}
		})
	}
}

func TestShuffleAlwaysChangesTheOrder(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, patient())

	for seed := range uint64(8) {
		disturb(t, q, webhooks.Trouble{Mode: webhooks.Shuffle, Count: 2, Seed: seed})
		enqueue(q, "A", "B")
	}
	drain(t, q)

	if got, want := strings.Join(rc.events(), ""), strings.Repeat("BA", 8); got != want {
		t.Errorf("delivered %s, want %s", got, want)
	}
}

func TestSameSeedShufflesTheSameWay(t *testing.T) {
	t.Parallel()
	shuffled := func(seed uint64) string {
		rc := listen(t)
		q := open(t, rc, patient())
		disturb(t, q, webhooks.Trouble{Mode: webhooks.Shuffle, Count: 10, Seed: seed})
		enqueue(q, "A", "B", "C", "D", "E", "F", "G", "H", "I", "J")
		drain(t, q)
		return strings.Join(rc.events(), "")
	}

	if one, again, other := shuffled(1), shuffled(1), shuffled(2); one != again || one == other {
		t.Errorf("seed 1: %s, then %s; seed 2: %s", one, again, other)
	}
}

func TestLateMessagesAreOvertaken(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q, c := openBy(t, rc)
	disturb(t, q, webhooks.Trouble{Mode: webhooks.Late, DelayMS: 3_600_000})
	disturb(t, q, webhooks.Trouble{Mode: webhooks.Late, Count: 2, DelayMS: 1_800_000})

	enqueue(q, "A", "B", "C", "D", "E")
	s := until(t, q, "three held", func(s webhooks.Status) bool { return s.Waiting == 3 })
	c.advance(q, 30*time.Minute)
	until(t, q, "one held", func(s webhooks.Status) bool { return s.Waiting == 1 })
	c.advance(q, 30*time.Minute)
	drain(t, q)

	if diff := cmp.Diff([]string{"D", "E", "B", "C", "A"}, rc.events()); diff != "" {
		t.Error(diff)
	}
	if s.Messages[0].Event != "A" || s.Messages[0].HeldBy != webhooks.Late || s.State != webhooks.Delivering {
		t.Errorf("status: %+v", s)
	}
}

func TestEveryLateMessageIsLateByTheSameTime(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q, c := openBy(t, rc)
	disturb(t, q, webhooks.Trouble{Mode: webhooks.Late, Count: 2, DelayMS: 3_600_000})

	enqueue(q, "A")
	c.advance(q, 30*time.Minute)
	enqueue(q, "B")
	c.advance(q, 30*time.Minute)
	s := until(t, q, "one left", func(s webhooks.Status) bool { return s.Waiting == 1 })

	if s.Messages[0].Event != "B" || s.Messages[0].HeldBy != webhooks.Late {
		t.Errorf("waiting: %+v", s.Messages)
	}
}

func TestMessagesThatAreDueGoBeforeNewOnesInTheOrderOfTheirMoments(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q, c := openBy(t, rc)
	rc.hangs(t)
	enqueue(q, "A")
	rc.next(t)
	disturb(t, q, webhooks.Trouble{Mode: webhooks.Late, DelayMS: 3_600_000})
	disturb(t, q, webhooks.Trouble{Mode: webhooks.Late, DelayMS: 1_800_000})
	enqueue(q, "B", "C")

	c.advance(q, time.Hour)
	enqueue(q, "D")

	var line []string
	for _, m := range q.Status().Messages {
		line = append(line, m.Event)
	}
	if diff := cmp.Diff([]string{"A", "C", "B", "D"}, line); diff != "" {
		t.Error(diff)
	}
}

func TestOrderedBatchTravelsInOneRequestWithoutBatching(t *testing.T) {
	t.Parallel()
	for shape, begins := range map[webhooks.Shape]string{
		webhooks.Array: `[{"id"`, webhooks.Object: `{"webhooks":[{"id"`, webhooks.Single: `[{"id"`,
	} {
		t.Run(string(shape), func(t *testing.T) {
			t.Parallel()
			rc := listen(t)
			o := patient()
			o.BatchShape = shape
			q := open(t, rc, o)
			disturb(t, q, webhooks.Trouble{Mode: webhooks.Batch, Count: 3, WithinMS: 3_600_000})

			enqueue(q, "A", "B", "C", "D")
			drain(t, q)

			all := rc.requests()
			if len(all) != 2 || len(all[0].messages) != 3 || !strings.HasPrefix(all[0].body, begins) {
				t.Fatalf("requests: %+v", all)
			}
			if diff := cmp.Diff([]string{"A", "B", "C", "D"}, rc.events()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestOrderedBatchIsSentIncompleteInTheEnd(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q, c := openBy(t, rc)
	disturb(t, q, webhooks.Trouble{Mode: webhooks.Batch, WithinMS: 3_600_000})

	enqueue(q, "A", "B")
	c.advance(q, time.Hour)
	drain(t, q)
	enqueue(q, "C")
	drain(t, q)

	if all := rc.requests(); len(all) != 2 || len(all[0].messages) != 2 {
		t.Errorf("requests: %+v", all)
	}
}

func TestOrderedBatchDoesNotMixWithOtherMessages(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	o := batching(webhooks.Array)
	o.BatchEveryMS = 1
	q := open(t, rc, o)
	rc.refuses(http.StatusServiceUnavailable)
	enqueue(q, "A")
	disturb(t, q, webhooks.Trouble{Mode: webhooks.Batch, Count: 2})
	enqueue(q, "B", "C", "D")
	failed(t, q, 1)
	rc.answers(nil)
	q.RetryNow()
	drain(t, q)

	if diff := cmp.Diff([]int{1, 2, 1}, rc.sizes()); diff != "" {
		t.Error(diff)
	}
}

func TestTroublesTakeTheirMessagesOneAfterTheOther(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, patient())
	disturb(t, q, webhooks.Trouble{Mode: webhooks.Shuffle, Count: 2})
	disturb(t, q, webhooks.Trouble{Mode: webhooks.Batch, Count: 2})

	enqueue(q, "A", "B", "C", "D")
	drain(t, q)

	if diff := cmp.Diff([]string{"B", "A", "C", "D"}, rc.events()); diff != "" {
		t.Error(diff)
	}
	if all := rc.requests(); len(all) != 3 {
		t.Errorf("%d requests, want 3", len(all))
	}
}
