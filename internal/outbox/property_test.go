package outbox_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"portal/internal/outbox"
)

// world is two replicas, a receiver with moods, and what it has seen.
type world struct {
	replicas [2]*office
	at       time.Time
	mood     string
	received map[string]int
	sending  map[string]bool
	overlaps []string
}

func newWorld() *world {
	w := &world{at: start, mood: "well", received: map[string]int{}, sending: map[string]bool{}}
	shared := &memory{}
	for i := range w.replicas {
		o := newOffice(sender(func(_ context.Context, n outbox.Notice, _ time.Time) outbox.Answer { return w.take(1-i, n) }))
		o.Notices, o.store, o.Now = shared, shared, func() time.Time { return w.at }
		w.replicas[i] = o
	}
	return w
}

// take is the receiver. While it is at a notice, the other replica looks for work of its own.
func (w *world) take(other int, n outbox.Notice) outbox.Answer {
	if w.sending[n.ID] {
		w.overlaps = append(w.overlaps, n.ID)
	}
	w.sending[n.ID] = true
	defer delete(w.sending, n.ID)
	if len(w.sending) < 4 {
		_, _ = w.replicas[other].DeliverDue(context.Background())
	}
	switch w.mood {
	case "away":
		return outbox.Answer{Cause: "no answer"}
	case "unheard": // it has the notice, and its answer is lost
		w.received[n.ID]++
		return outbox.Answer{Cause: "no answer"}
	case "busy":
		return outbox.Answer{Status: 429, RetryAfter: time.Hour}
	case "slow":
		if len(w.sending) == 1 { // the others' time is the same
			w.at = w.at.Add(5 * time.Second)
		}
	}
	w.received[n.ID]++
	return outbox.Answer{Status: 200}
}

// crash has a replica die between claiming a notice and sending it.
func (w *world) crash() {
	_, _, _ = w.replicas[0].store.Claim(context.Background(), w.at, w.at.Add(30*time.Second))
}

// Whatever fails and whoever dies: a notice comes at least once or is given up after the last attempt, and is never sent
// twice at once.
func TestEveryNoticeComesOrIsGivenUpAfterTheLastAttempt(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld()
		added := 0
		for range rapid.IntRange(5, 60).Draw(rt, "steps") {
			switch rapid.SampledFrom([]string{"add", "deliver", "deliver", "wait", "mood", "crash"}).Draw(rt, "step") {
			case "add":
				w.replicas[0].store.add(fmt.Sprint(added), w.at)
				added++
			case "deliver":
				_, _ = w.replicas[rapid.IntRange(0, 1).Draw(rt, "replica")].DeliverDue(rt.Context())
			case "wait":
				w.at = w.at.Add(time.Duration(rapid.IntRange(1, 7200).Draw(rt, "seconds")) * time.Second)
			case "mood":
				w.mood = rapid.SampledFrom([]string{"well", "away", "unheard", "busy", "slow"}).Draw(rt, "mood")
			case "crash":
				w.crash()
			}
		}
		w.mood = "well"
		for range 40 { // an hour each, more than any wait but one a day
			w.at = w.at.Add(time.Hour)
			_, _ = w.replicas[0].DeliverDue(rt.Context())
		}
		w.check(rt)
	})
}

func (w *world) check(rt *rapid.T) {
	if len(w.overlaps) > 0 {
		rt.Errorf("sent twice at once: %v", w.overlaps)
	}
	for _, n := range w.replicas[0].store.notices {
		switch {
		case n.status == outbox.Delivered && w.received[n.ID] == 0:
			rt.Errorf("notice %s is said to be delivered and never came", n.ID)
		case n.status == outbox.Pending:
			rt.Errorf("notice %s is still pending: %+v at %s", n.ID, n, w.at)
		case n.status == outbox.GivenUp && len(n.attempts) != 10 && n.cause != "it waited for three days without being sent":
			rt.Errorf("notice %s was given up after %d attempts", n.ID, len(n.attempts))
		}
	}
}
