package jobs_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"portal/internal/jobs"
	"portal/internal/localpg"
	"portal/internal/onboarding"
)

func nothing(context.Context, onboarding.RegistrationID) {}

func TestPeriodicJobIsDoneByOneAtATime(t *testing.T) {
	t.Parallel()
	pool, rounds, next := localpg.New(t), make(chan string, 10), make(chan struct{})
	for _, name := range []string{"one", "other"} {
		work(t, jobs.Options{Pool: pool, Advance: nothing, Periodic: []jobs.Periodic{{
			Name: "look around", Every: time.Second, AtStart: true,
			Run: func(context.Context) error { rounds <- name; <-next; return nil },
		}}})
	}
	t.Cleanup(func() { close(next) })
	heard(t, rounds)
	select {
	case <-rounds:
		t.Fatal("two rounds at once")
	case <-time.After(2500 * time.Millisecond): // two more are asked for meanwhile
	}
	next <- struct{}{}
	heard(t, rounds)
}

func TestFailedRoundIsLoggedAndFollowedByAnother(t *testing.T) {
	t.Parallel()
	pool, rounds, log := localpg.New(t), make(chan struct{}), &notes{}
	stop := work(t, jobs.Options{Pool: pool, Advance: nothing, Log: log.log(), Periodic: []jobs.Periodic{{
		Name: "look around", Every: time.Second,
		Run: func(context.Context) error { rounds <- struct{}{}; return errors.New("too dark") },
	}}})
	heard(t, rounds)
	heard(t, rounds)
	stop()
	if log.count("level=WARN") != 2 || log.count(`job="look around" error="too dark"`) != 2 {
		t.Errorf("log:\n%s", &log.buf)
	}
}

func TestWorkerRefusesPeriodicJobsItCannotTellApart(t *testing.T) {
	t.Parallel()
	fine := jobs.Periodic{Name: "look around", Every: time.Minute, Run: func(context.Context) error { return nil }}
	nameless, hectic, idle := fine, fine, fine
	nameless.Name, hectic.Every, idle.Run = "", time.Millisecond, nil
	for name, list := range map[string][]jobs.Periodic{
		"the same name": {fine, fine}, "no name": {nameless}, "no pause": {hectic}, "no work": {idle},
	} {
		if _, err := jobs.New(jobs.Options{Pool: localpg.New(t), Advance: nothing, Periodic: list}); err == nil {
			t.Error("accepted:", name)
		}
	}
}

func TestARoundIsEndedWhenItTakesTooLong(t *testing.T) {
	t.Parallel()
	ended := make(chan error, 1)
	work(t, jobs.Options{Pool: localpg.New(t), Advance: nothing, Periodic: []jobs.Periodic{{
		Name: "look around", Every: time.Hour, AtStart: true, Within: 100 * time.Millisecond,
		Run: func(ctx context.Context) error { <-ctx.Done(); ended <- ctx.Err(); return nil },
	}}})
	if err := heard(t, ended); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
}
