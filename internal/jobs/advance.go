package jobs

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"

	"portal/internal/onboarding"
)

// advanceAttempts is how often a registration is tried to be advanced for one wake-up. What stops it for longer than
// these few seconds is the registration's own due time to wait out, and then its sweep takes over: a queue that goes
// on trying as well would only double the calls.
const advanceAttempts = 3

// advanceArgs ask for a registration to be advanced.
type advanceArgs struct {
	Registration uuid.UUID `json:"registration"`
	Version      int64     `json:"version"` // for people who look into the queue: which change this belongs to
}

// Kind names the job in the table.
func (advanceArgs) Kind() string { return "advance_registration" }

// advancer works off the jobs that advance a registration.
type advancer struct {
	river.WorkerDefaults[advanceArgs]
	advance func(ctx context.Context, id onboarding.RegistrationID) error
	log     *slog.Logger
	under   *sync.WaitGroup
}

// Work is part of river.Worker.
func (a *advancer) Work(ctx context.Context, job *river.Job[advanceArgs]) error {
	a.under.Add(1)
	defer a.under.Done()
	id := onboarding.RegistrationID(job.Args.Registration)
	err := a.advance(ctx, id)
	if err == nil || onboarding.KindOf(err) == onboarding.Conflict {
		return nil
	}
	if ctx.Err() == nil {
		a.report(ctx, job.Attempt, id, err)
	}
	return err
}

// report is loud only about the last attempt.
func (a *advancer) report(ctx context.Context, attempt int, id onboarding.RegistrationID, err error) {
	level := slog.LevelInfo
	if attempt >= advanceAttempts {
		level = slog.LevelWarn
	}
	a.log.Log(ctx, level, "registration not advanced by its job", slog.Int("attempt", attempt),
		slog.String("registration_id", id.String()), slog.Any("error", err))
}

// NextRetry is part of river.Worker: seconds, so that the applicant who waits gains from it.
func (a *advancer) NextRetry(job *river.Job[advanceArgs]) time.Time {
	return job.AttemptedAt.Add(time.Duration(job.Attempt) * time.Second)
}
