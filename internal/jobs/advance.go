package jobs

import (
	"context"
	"sync"

	"github.com/google/uuid"
	"github.com/riverqueue/river"

	"portal/internal/onboarding"
)

// advanceAttempts is how often a job is begun that was cut short by a stop, or by a panic. After that the registration's
// own due time and its sweep do the rest.
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
	advance func(ctx context.Context, id onboarding.RegistrationID)
	under   *sync.WaitGroup
}

// Work is part of river.Worker.
func (a *advancer) Work(ctx context.Context, job *river.Job[advanceArgs]) error {
	a.under.Add(1)
	defer a.under.Done()
	a.advance(ctx, onboarding.RegistrationID(job.Args.Registration))
	return ctx.Err()
}
