package onboarding_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"portal/internal/onboarding"
)

// slow answers a creation of a profile only when its context ends or after a time.
type slow struct {
	*provider
	after time.Duration
}

func (p *slow) CreateProfile(ctx context.Context, stub onboarding.StubProfile) (onboarding.ProfileID, error) {
	select {
	case <-time.After(p.after):
		return p.provider.CreateProfile(ctx, stub)
	case <-ctx.Done():
		return "", &onboarding.Error{Kind: onboarding.Unanswered, Err: ctx.Err()}
	}
}

// running starts a runner in the bubble of synctest, whose time the engine takes.
func running(t *testing.T, answerAfter time.Duration) (w *world, r *onboarding.Runner, stop func()) {
	t.Helper()
	w = newWorld()
	w.Now = time.Now
	w.Provider = &slow{provider: w.provider, after: answerAfter}
	r = onboarding.NewRunner(w.Engine, w.Engine.Log)
	ctx, cancel := context.WithCancel(t.Context())
	calls, cut := context.WithCancel(t.Context())
	context.AfterFunc(ctx, func() { time.AfterFunc(2*time.Second, cut) })
	var under sync.WaitGroup
	under.Go(func() { r.Run(ctx, calls) })
	synctest.Wait()
	under.Go(func() { r.Sweep(ctx) })
	synctest.Wait()
	return w, r, func() { cancel(); under.Wait() }
}

func TestRunnerMovesOnWhatIsDue(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, _, stop := running(t, 0)
		defer stop()
		if _, err := w.Start(t.Context(), someone, "individual", "", onboarding.Facts{}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Second) // of the bubble's time: two sweeps
		wantStatus(t, w.records.only(t), onboarding.Open)
	})
}

func TestWorkGoesOnWhenTheApplicantLeaves(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, runner, stop := running(t, 30*time.Second)
		defer stop()
		r, err := w.Start(t.Context(), someone, "individual", "", onboarding.Facts{})
		if err != nil {
			t.Fatal(err)
		}
		patience, leave := context.WithTimeout(t.Context(), time.Second)
		defer leave()
		began := time.Now()
		runner.Advance(patience, r.ID)
		if took := time.Since(began); took != time.Second {
			t.Errorf("the applicant waited %s", took)
		}
		time.Sleep(time.Minute)
		wantStatus(t, w.records.only(t), onboarding.Open)
		if len(w.provider.profiles) != 1 {
			t.Errorf("calls %v: the claim was not kept while the provider was slow", w.provider.calls)
		}
	})
}

func TestStopWaitsForAnswersAndStoresWhatIsMissing(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answer time.Duration
		want   onboarding.Status
	}{
		"answer in time":    {time.Second, onboarding.Open},
		"no answer by then": {time.Hour, onboarding.Unclear},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w, runner, stop := running(t, c.answer)
				r, err := w.Start(t.Context(), someone, "individual", "", onboarding.Facts{})
				if err != nil {
					t.Fatal(err)
				}
				go runner.Advance(t.Context(), r.ID)
				synctest.Wait()
				began := time.Now()
				stop()
				if took := time.Since(began); took > 3*time.Second {
					t.Errorf("stopping took %s", took)
				}
				wantStatus(t, w.records.only(t), c.want)
			})
		})
	}
}

func TestAStepUnderWayIsWaitedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, runner, stop := running(t, 3*time.Second)
		defer stop()
		r, err := w.Start(t.Context(), someone, "individual", "", onboarding.Facts{})
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(1500 * time.Millisecond) // a sweep has begun it
		runner.Advance(t.Context(), r.ID)
		wantStatus(t, w.records.only(t), onboarding.Open)
	})
}

func TestStoppedRunnerBeginsNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, runner, stop := running(t, 0)
		stop()
		r, err := w.Start(t.Context(), someone, "individual", "", onboarding.Facts{})
		if err != nil {
			t.Fatal(err)
		}
		runner.Advance(t.Context(), r.ID)
		wantStatus(t, w.records.only(t), onboarding.Starting)
		if len(w.provider.calls) != 0 {
			t.Errorf("calls %v", w.provider.calls)
		}
	})
}

// clumsy panics the first time.
type clumsy struct {
	*provider
	fell atomic.Bool
}

func (p *clumsy) CreateProfile(ctx context.Context, stub onboarding.StubProfile) (onboarding.ProfileID, error) {
	if !p.fell.Swap(true) {
		panic("dropped it")
	}
	return p.provider.CreateProfile(ctx, stub)
}

func TestAPanicEndsAStepAndNotTheProcess(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, runner, stop := running(t, 0)
		defer stop()
		w.Provider = &clumsy{provider: w.provider}
		r, err := w.Start(t.Context(), someone, "individual", "", onboarding.Facts{})
		if err != nil {
			t.Fatal(err)
		}
		runner.Advance(t.Context(), r.ID)
		wantStatus(t, w.records.only(t), onboarding.Starting)
		time.Sleep(settle + 10*time.Second) // and does not hold the claim for ever
		wantStatus(t, w.records.only(t), onboarding.Open)
	})
}

// deaf lists nothing: the store is away.
type deaf struct{ onboarding.Mover }

func (deaf) Due(context.Context, int) ([]onboarding.RegistrationID, error) {
	return nil, &onboarding.Error{Kind: onboarding.Busy}
}

func TestASweepSaysOnceThatTheStoreIsAway(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		onboarding.NewRunner(deaf{}, slog.New(slog.NewTextHandler(&out, nil))).Sweep(ctx)
		if n := strings.Count(out.String(), "\n"); n != 1 {
			t.Errorf("%d lines", n)
		}
	})
}
