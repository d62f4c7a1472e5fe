package outbox_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"portal/internal/outbox"
)

var start = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// office is a courier under a clock of its own.
type office struct {
	*outbox.Courier
	store    *memory
	at       time.Time
	log      strings.Builder
	outcomes map[string]int
}

func newOffice(s outbox.Sender) *office {
	o := &office{store: &memory{}, at: start, outcomes: map[string]int{}}
	o.Courier = &outbox.Courier{
		Notices: o.store, Sender: s, Now: func() time.Time { return o.at }, Jitter: func() float64 { return 0 },
		Observe: func(outcome string) { o.outcomes[outcome]++ }, Log: slog.New(slog.NewTextHandler(&o.log, nil)),
	}
	return o
}

func (o *office) deliver(t *testing.T) int {
	t.Helper()
	n, err := o.DeliverDue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// until lets time pass and delivers on the way until the notice is done with, or for four days.
func (o *office) until(t *testing.T, id string) (n *kept) {
	t.Helper()
	for end := o.at.Add(96 * time.Hour); o.at.Before(end); o.at = o.at.Add(time.Second) {
		o.deliver(t)
		if n = o.store.get(id); n.status != outbox.Pending {
			break
		}
		if wait := n.due.Sub(o.at); wait > time.Minute {
			o.at = o.at.Add(wait - time.Minute)
		}
	}
	return n
}

func TestANoticeIsTriedForThreeDaysAndGivenUp(t *testing.T) {
	t.Parallel()
	o := newOffice(always(outbox.Answer{Status: 500, Cause: "out of order"}))
	o.store.add("a", start)
	n := o.until(t, "a")
	if n.status != outbox.GivenUp || n.cause != "out of order" {
		t.Errorf("%s: %s", n.status, n.cause)
	}
	want := []time.Duration{
		5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour, 10 * time.Hour, 14 * time.Hour,
		20 * time.Hour, 24 * time.Hour,
	}
	var waits []time.Duration
	for i := range len(n.attempts) - 1 {
		waits = append(waits, n.attempts[i+1].At.Sub(n.attempts[i].At))
	}
	if diff := cmp.Diff(want, waits); diff != "" {
		t.Errorf("waits (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]int{outbox.Failed: 9, outbox.GivenUp: 1}, o.outcomes); diff != "" {
		t.Errorf("outcomes (-want +got):\n%s", diff)
	}
	if log := o.log.String(); strings.Count(log, "level=ERROR") != 1 || !strings.Contains(log, `msg="notice given up" notice=a`) {
		t.Error(log)
	}
	if strings.Contains(o.log.String(), "somebody") {
		t.Error("the log says whom it is about")
	}
}

func TestWhatFailedTogetherIsNotTriedAgainTogether(t *testing.T) {
	t.Parallel()
	o := newOffice(always(outbox.Answer{Status: 500}))
	o.store.add("a", start)
	o.Jitter = func() float64 { return 0.5 }
	o.deliver(t)
	if got := o.store.get("a").due.Sub(start); got != 5250*time.Millisecond {
		t.Errorf("again after %s", got)
	}
}

func TestGoneIsGivenUpAtOnceAndIsNoTrouble(t *testing.T) {
	t.Parallel()
	o := newOffice(always(outbox.Answer{Status: 410, Cause: "no more"}))
	for i := range 20 {
		o.store.add(fmt.Sprint(i), start)
	}
	o.deliver(t)
	if o.outcomes[outbox.GivenUp] != 20 {
		t.Errorf("%v, want all 20 given up", o.outcomes)
	}
}

func TestAFailingNoticeHoldsBackNoOther(t *testing.T) {
	t.Parallel()
	o := newOffice(sender(func(_ context.Context, n outbox.Notice, _ time.Time) outbox.Answer {
		if n.ID == "bad" {
			return outbox.Answer{Status: 400}
		}
		return outbox.Answer{Status: 204}
	}))
	o.store.add("bad", start)
	o.store.add("good", start)
	if n := o.deliver(t); n != 1 || o.store.get("good").status != outbox.Delivered {
		t.Errorf("%d delivered", n)
	}
}

func TestRetryAfterIsHonouredWithinReason(t *testing.T) {
	t.Parallel()
	for asked, want := range map[time.Duration]time.Duration{
		time.Second: 5 * time.Second, time.Minute: time.Minute, 30 * time.Minute: 30 * time.Minute, 1000 * time.Hour: time.Hour,
	} {
		o := newOffice(always(outbox.Answer{Status: 429, RetryAfter: asked}))
		o.store.add("a", start)
		o.deliver(t)
		if got := o.store.get("a").due.Sub(start); got != want {
			t.Errorf("asked for %s: again after %s, want %s", asked, got, want)
		}
	}
}

func TestAReceiverThatAsksForAPauseHasOneForAll(t *testing.T) {
	t.Parallel()
	sent := 0
	o := newOffice(sender(func(context.Context, outbox.Notice, time.Time) outbox.Answer {
		sent++
		return outbox.Answer{Status: 503, RetryAfter: time.Hour}
	}))
	o.store.add("a", start)
	o.store.add("b", start)
	o.deliver(t)
	o.at = o.at.Add(4 * time.Minute)
	if o.deliver(t); sent != 1 {
		t.Errorf("%d sent within the pause", sent)
	}
	o.at = o.at.Add(time.Minute) // no longer than five minutes
	if o.deliver(t); sent != 2 {
		t.Errorf("%d sent after the pause", sent)
	}
}

func TestAReceiverInTroubleIsSparedUntilItIsWell(t *testing.T) {
	t.Parallel()
	sent, well := 0, false
	o := newOffice(sender(func(context.Context, outbox.Notice, time.Time) outbox.Answer {
		sent++
		if well {
			return outbox.Answer{Status: 200}
		}
		return outbox.Answer{Cause: "no answer"}
	}))
	for i := range 100 {
		o.store.add(fmt.Sprint(i), start)
	}
	if o.deliver(t); sent != 5 {
		t.Errorf("%d sent at once to a receiver that is away", sent)
	}
	for range 10 {
		o.at = o.at.Add(31 * time.Second)
		o.deliver(t)
	}
	if sent != 15 {
		t.Errorf("%d sent after ten pauses, want one each", sent)
	}
	well = true
	o.at = o.at.Add(31 * time.Second)
	if n := o.deliver(t); n < 85 {
		t.Errorf("%d delivered once it is well", n)
	}
	well, sent = false, 0
	o.at = o.at.Add(time.Hour)
	o.store.add("x", o.at)
	o.store.add("y", o.at)
	if o.deliver(t); sent != 2 {
		t.Errorf("%d of two sent: a single failure is no trouble", sent)
	}
}

func TestAReceiverInTroubleIsAskedByOneAtATime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var now, late, sent atomic.Int32
		o := newOffice(sender(func(context.Context, outbox.Notice, time.Time) outbox.Answer {
			n := now.Add(1)
			defer now.Add(-1)
			if sent.Add(1) > 8 && n > 1 { // those of before the trouble was known have ended
				late.Add(1)
			}
			time.Sleep(10 * time.Second) // of the bubble's time
			return outbox.Answer{Cause: "no answer"}
		}))
		o.Now, o.Observe, o.Log = time.Now, func(string) {}, slog.New(slog.DiscardHandler)
		for i := range 50 {
			o.store.add(fmt.Sprint(i), time.Now())
		}
		ctx, stop := context.WithTimeout(t.Context(), 10*time.Minute)
		defer stop()
		o.Run(ctx, t.Context())
		if n := sent.Load(); late.Load() != 0 || n < 15 || n > 8+15 {
			t.Errorf("%d sent, %d of them beside another", n, late.Load())
		}
	})
}

func TestWhatWasNeverSentForThreeDaysIsNotSentAnyMore(t *testing.T) {
	t.Parallel()
	o := newOffice(sender(func(_ context.Context, n outbox.Notice, _ time.Time) outbox.Answer {
		if n.ID == "old" {
			t.Error("sent")
		}
		return outbox.Answer{Status: 200}
	}))
	o.store.add("old", start.Add(-73*time.Hour))
	o.store.add("new", start.Add(-71*time.Hour))
	if n := o.deliver(t); n != 1 {
		t.Errorf("%d delivered, want the new one", n)
	}
	if n := o.store.get("old"); n.status != outbox.GivenUp || len(n.attempts) != 0 || !strings.Contains(n.cause, "three days") {
		t.Errorf("%+v", n)
	}
}

func TestAPanicIsAFailure(t *testing.T) {
	t.Parallel()
	o := newOffice(sender(func(context.Context, outbox.Notice, time.Time) outbox.Answer { panic("a bug") }))
	o.store.add("a", start)
	o.deliver(t)
	if n := o.store.get("a"); n.status != outbox.Pending || len(n.attempts) != 1 || !strings.Contains(o.log.String(), "a bug") {
		t.Errorf("%+v\n%s", n, &o.log)
	}
}

func TestAStopIsNotTheReceiversFault(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	o := newOffice(sender(func(context.Context, outbox.Notice, time.Time) outbox.Answer {
		stop()
		return outbox.Answer{Cause: "broken off"}
	}))
	o.store.add("a", start)
	_, _ = o.DeliverDue(ctx)
	if n := o.store.get("a"); len(n.attempts) != 0 || !n.until.IsZero() || n.due != start {
		t.Errorf("%+v, want it due as it was", n)
	}
}

func TestASlowAttemptEndsWithinItsClaim(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var o *office
		o = newOffice(sender(func(ctx context.Context, _ outbox.Notice, _ time.Time) outbox.Answer {
			<-ctx.Done()
			if left := time.Until(o.store.get("a").until); left < 10*time.Second { // for the calls of the store
				t.Errorf("the claim is good for %s more", left)
			}
			return outbox.Answer{Cause: "no answer in time"}
		}))
		o.Now = time.Now
		o.store.add("a", time.Now())
		began := time.Now()
		o.deliver(t)
		if n := o.store.get("a"); len(n.attempts) != 1 || time.Since(began) != 15*time.Second {
			t.Errorf("%d attempts in %s", len(n.attempts), time.Since(began))
		}
	})
}

func TestWithoutAReceiverNothingIsSentAndUnsentNoticesAreForgotten(t *testing.T) {
	t.Parallel()
	o := newOffice(nil)
	o.store.err = errors.New("nobody is to ask")
	o.Run(t.Context(), t.Context()) // returns at once
	if n := o.deliver(t); n != 0 {
		t.Errorf("%d delivered", n)
	}
	if s, err := o.Standing(t.Context()); err != nil || s != (outbox.Standing{}) {
		t.Errorf("standing %+v, %v", s, err)
	}
	if err := o.Forget(t.Context()); err != nil {
		t.Fatal(err)
	}
	month := start.Add(-720 * time.Hour)
	if diff := cmp.Diff([]time.Time{month, month}, o.store.forgot); diff != "" {
		t.Errorf("ended (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]time.Time{start.Add(-72 * time.Hour)}, o.store.unsent); diff != "" {
		t.Errorf("unsent (-want +got):\n%s", diff)
	}
}

func TestWithAReceiverUnsentNoticesAreKept(t *testing.T) {
	t.Parallel()
	o := newOffice(always(outbox.Answer{Status: 200}))
	if err := o.Forget(t.Context()); err != nil || len(o.store.forgot) == 0 || len(o.store.unsent) != 0 {
		t.Errorf("forgot %v and %v, %v", o.store.forgot, o.store.unsent, err)
	}
}

func TestRunSendsAFewAtOnceAndEndsWithItsWork(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var now, most atomic.Int32
		o := newOffice(sender(func(context.Context, outbox.Notice, time.Time) outbox.Answer {
			n := now.Add(1)
			defer now.Add(-1)
			for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
			}
			time.Sleep(time.Second) // of the bubble's time
			return outbox.Answer{Status: 200}
		}))
		o.Now, o.Observe, o.Log = time.Now, func(string) {}, slog.New(slog.DiscardHandler)
		for i := range 10 {
			o.store.add(fmt.Sprint(i), time.Now())
		}
		ctx, stop := context.WithTimeout(t.Context(), 2500*time.Millisecond)
		defer stop()
		o.Run(ctx, t.Context())
		if now.Load() != 0 || most.Load() != 4 {
			t.Errorf("%d at most at once, %d still under way", most.Load(), now.Load())
		}
		for _, n := range o.store.notices {
			if n.status != outbox.Delivered {
				t.Errorf("notice %s is %s", n.ID, n.status)
			}
		}
	})
}
