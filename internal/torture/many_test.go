package torture

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"portal/internal/onboarding"
	provider "portal/internal/sandbox/passfort"
)

// enteredAtOnce is how many of hundreds are entered at the same time.
const enteredAtOnce = 8

// Fifty entries at once, at two replicas, while somebody else writes to the same company as fast as they can: each entry
// has one profile, all are linked, and nothing of the other's is lost.
func TestFiftyAtOnceLoseNothing(t *testing.T) {
	t.Parallel()
	const many = 50
	w := newWorks(t, 2, unlimited, provider.Options{RatePerHour: -1, AppearDelayMS: -1}, false)
	runners, stop := w.start(t)
	stranger := &stranger{run: &run{sandbox: w.sandbox, way: w.way(t)}, company: string(w.company.Profile)}
	writing, rest := context.WithCancel(t.Context())
	var all sync.WaitGroup
	all.Go(func() { stranger.write(writing) })
	began := time.Now()
	w.enter(t, many, many, func(p *replica) { runners[p].Wake(w.company.ID) })
	w.await(t, many)
	took := time.Since(began)
	rest()
	all.Wait()
	stop()
	t.Logf("%d entries linked in %s, with %d writes and %d rounds after a 412; the other wrote %d times", many, took.Round(time.Millisecond),
		w.meter.outcome("update_collected_data ok"), w.meter.outcome("update_collected_data conflict"), len(stranger.marks))
	w.wantWhole(t, many, stranger.profiles())
	stranger.wantMarks(t)
}

// Five hundred entries keep within the limits that the provider sets to writes and creations, without reaching them once.
func TestFiveHundredKeepToTheLimits(t *testing.T) {
	t.Parallel()
	const many = 500
	w := newWorks(t, 1, portalLimit, provider.Options{RatePerHour: providerLimit, RateBurst: 100, AppearDelayMS: -1}, true)
	began, begins := time.Now(), w.now()
	w.enter(t, many, enteredAtOnce, func(*replica) {})
	for w.linked(t) < many {
		if w.now().Sub(begins) > time.Hour {
			t.Fatalf("%d of %d are linked after an hour", w.linked(t), many)
		}
		if err := w.replicas[0].linker.Advance(t.Context(), w.company.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := w.sandbox.Advance(5 * time.Second); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d entries are linked after %s of the provider's time, in %s: %s", many, w.now().Sub(begins).Round(time.Second),
		time.Since(began).Round(time.Millisecond), w.meter)
	if n := w.meter.refused(); n > 0 {
		t.Errorf("the provider's limit was reached %d times", n)
	}
	w.wantWhole(t, many, nil)
}

// BenchmarkAssociates links five hundred associates of one company where nothing limits it.
func BenchmarkAssociates(b *testing.B) {
	const many = 500
	for b.Loop() {
		w := newWorks(b, 2, unlimited, provider.Options{RatePerHour: -1, AppearDelayMS: -1}, false)
		runners, stop := w.start(b)
		began := time.Now()
		w.enter(b, many, enteredAtOnce, func(p *replica) { runners[p].Wake(w.company.ID) })
		entered := time.Since(began)
		w.await(b, many)
		b.ReportMetric(entered.Seconds(), "s-to-enter")
		b.ReportMetric(time.Since(began).Seconds(), "s-to-all-linked")
		b.Log(w.meter)
		stop()
		w.wantWhole(b, many, nil)
	}
}

// start has every replica link, until stop.
func (w *works) start(t testing.TB) (runners map[*replica]*onboarding.Runner, stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var all sync.WaitGroup
	runners = map[*replica]*onboarding.Runner{}
	for _, p := range w.replicas {
		runner := onboarding.NewRunner(p.linker, slog.New(slog.DiscardHandler))
		runners[p] = runner
		all.Go(func() { runner.Run(ctx, context.WithoutCancel(ctx)) })
		all.Go(func() { runner.Sweep(ctx) })
	}
	return runners, func() { cancel(); all.Wait() }
}

// await returns when all are linked.
func (w *works) await(t testing.TB, many int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for n := w.linked(t); n < many; n = w.linked(t) {
		if !linger(ctx, 50*time.Millisecond) {
			t.Fatalf("%d of %d are linked: %s", n, many, w.meter)
		}
	}
}

// stranger writes to a company's data without the portal.
type stranger struct {
	*run
	company string
}

// write leaves marks until ctx ends.
func (s *stranger) write(ctx context.Context) {
	for i := 0; ctx.Err() == nil; i++ {
		m := mark{company: s.company, text: fmt.Sprintf("stranger%04d", i)}
		if err := s.leaveMark(ctx, m, i%50%len(marksOf)); err != nil {
			s.say("the stranger's change failed: %v", err)
		}
	}
}

// profiles are those that it has put among the directors.
func (s *stranger) profiles() (ids []string) {
	for _, m := range s.marks {
		if m.profile != "" {
			ids = append(ids, m.profile)
		}
	}
	return ids
}

// wantMarks fails unless each mark is there once.
func (s *stranger) wantMarks(t *testing.T) {
	t.Helper()
	f := s.fileOf(s.company)
	for _, m := range s.marks {
		s.wantMark(f, m)
	}
	for _, text := range s.found {
		t.Error(text)
	}
}
