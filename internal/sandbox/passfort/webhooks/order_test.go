package webhooks_test

import (
	"net/http"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMessagesArriveInTheOrderOfTheirEvents(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, patient())

	enqueue(q, "A", "B", "C", "D")
	drain(t, q)

	if diff := cmp.Diff([]string{"A", "B", "C", "D"}, rc.events()); diff != "" {
		t.Error(diff)
	}
}

func TestOneRefusedMessageHoldsBackAllLaterOnes(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, quick())
	rc.refuses(http.StatusInternalServerError)

	enqueue(q, "A", "B", "C")
	for range 5 {
		if got := rc.next(t).messages[0].Event; got != "A" {
			t.Errorf("%s went past a refused A", got)
		}
	}
	rc.answers(nil)
	drain(t, q)

	if diff := cmp.Diff([]string{"A", "B", "C"}, rc.events()); diff != "" {
		t.Error(diff)
	}
}

func TestOneRequestIsOnItsWayAtATime(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, quick())
	var now, most atomic.Int32
	rc.answers(func(http.ResponseWriter, request) {
		most.Store(max(most.Load(), now.Add(1)))
		now.Add(-1)
	})

	var callers sync.WaitGroup
	for range 8 {
		callers.Go(func() {
			for range 20 {
				enqueue(q, "A")
				q.RetryNow()
			}
		})
	}
	callers.Wait()
	drain(t, q)

	if most.Load() != 1 {
		t.Errorf("%d requests at a time", most.Load())
	}
}

func TestConcurrentCallersKeepTheirOrderAndEachMessageArrivesOnce(t *testing.T) {
	t.Parallel()
	const callers, each = 16, 50
	for name, batching := range map[string]bool{"one by one": false, "in batches": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rc := listen(t)
			o := quick()
			o.Batching = batching
			q := open(t, rc, o)

			var group sync.WaitGroup
			for caller := range callers {
				group.Go(func() {
					for n := range each {
						q.Enqueue("A", map[string]any{"caller": caller, "n": n})
					}
				})
			}
			group.Wait()
			drain(t, q)

			checkOrder(t, rc, callers, each)
		})
	}
}

// checkOrder says whether every caller's messages came once each and in order.
func checkOrder(t *testing.T, rc *receiver, callers, each int) {
	t.Helper()
	next := map[int]int{}
	ids := map[string]bool{}
	for _, r := range rc.requests() {
		for _, m := range r.messages {
			caller, n := int(m.Data["caller"].(float64)), int(m.Data["n"].(float64))
			if n != next[caller] || ids[m.ID] {
				t.Errorf("message %d of caller %d came when %d was due", n, caller, next[caller])
			}
			next[caller], ids[m.ID] = n+1, true
		}
	}
	if len(ids) != callers*each {
		t.Errorf("%d messages came, want %d", len(ids), callers*each)
	}
}
