package jobs

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"

	"portal/internal/onboarding"
)

// Options of a worker; all but Sessions are required.
type Options struct {
	// Pool is where the jobs are.
	Pool *pgxpool.Pool
	// Sessions is where a connection is one's own, to be told of new jobs: it takes one more than that pool may have. It may
	// be Pool; without it the worker asks for jobs once a second.
	Sessions *pgxpool.Pool
	// Advance takes a registration as far as it goes now. What stops it is written down in the registration.
	Advance func(ctx context.Context, id onboarding.RegistrationID)
	// Mail tells the applicant of a registration what its change to that version has made known.
	Mail func(ctx context.Context, id onboarding.RegistrationID, version int64, mail onboarding.Mail) error
	// Periodic are done by one of all the workers of a database, which should all have the same.
	Periodic []Periodic
	Log      *slog.Logger
}

// Worker works jobs off, beside any number of others.
type Worker struct {
	client *river.Client[pgx.Tx]
	log    *slog.Logger
	under  sync.WaitGroup // jobs under way
}

const (
	jobsAtOnce  = 32              // registrations advanced at once by one worker
	jobFor      = 4 * time.Minute // above what a registration's calls take together
	rescueAfter = 5 * time.Minute // when a job of a worker that died is taken from it
	leaveFor    = time.Second     // how long River may take to store how jobs ended that were cut off
	startAgain  = time.Second
	keepDone    = 10 * time.Minute // a look at what has just happened, not a history
	keepFailed  = 24 * time.Hour
)

// New returns a worker that does nothing until [Worker.Run].
func New(o Options) (*Worker, error) {
	w := &Worker{log: o.Log}
	schedule, err := schedule(o.Periodic)
	if err != nil {
		return nil, err
	}
	workers := river.NewWorkers()
	river.AddWorker(workers, &advancer{advance: o.Advance, under: &w.under})
	river.AddWorker(workers, &mailWorker{mail: o.Mail, under: &w.under})
	river.AddWorker(workers, newRounds(o.Periodic, o.Log, &w.under))
	w.client, err = river.NewClient(newDriver(o.Pool, o.Sessions), &river.Config{
		Queues: map[string]river.QueueConfig{
			river.QueueDefault: {MaxWorkers: jobsAtOnce},
			periodicQueue:      {MaxWorkers: max(1, len(o.Periodic))}, // not to wait behind slow registrations
		},
		Workers: workers, PeriodicJobs: schedule, PollOnly: o.Sessions == nil,
		FetchOnlyKnownKinds: true, // during an upgrade the newer release's jobs wait for it
		JobTimeout:          jobFor, RescueStuckJobsAfter: rescueAfter,
		CompletedJobRetentionPeriod: keepDone, CancelledJobRetentionPeriod: keepDone, DiscardedJobRetentionPeriod: keepFailed,
		ReindexerSchedule: river.NeverSchedule(), // takes the owner of the table, which the portal need not be; autovacuum does
		Logger:            riverLog(o.Log), ErrorHandler: panics{o.Log},
	})
	if err != nil {
		return nil, fmt.Errorf("setting up the worker of jobs: %w", err)
	}
	return w, nil
}

// Run works until ctx ends. The jobs under way may then go on until work ends, and it returns when none is left. While
// Postgres is away it waits for it, at the start as well as later.
func (w *Worker) Run(ctx, work context.Context) {
	if !w.start(ctx, work) {
		return
	}
	stopped := w.client.Stopped()
	<-ctx.Done()
	if w.client.Stop(work) != nil { // work has ended before the jobs, and River has them end with it
		w.leave(stopped)
	}
	w.under.Wait()
}

// leave gives River a moment to store how jobs ended.
func (w *Worker) leave(stopped <-chan struct{}) {
	late := time.NewTimer(leaveFor)
	defer late.Stop()
	select {
	case <-stopped:
	case <-late.C: // Postgres is away: others find out by themselves what this worker leaves behind
		w.log.Warn("job queue left without taking leave")
	}
}

// start returns once the worker works, or false when ctx ends before.
func (w *Worker) start(ctx, work context.Context) bool {
	again := time.NewTicker(startAgain)
	defer again.Stop()
	for told := false; ; told = true {
		err := w.client.Start(work)
		if err == nil {
			return true
		}
		if !told && ctx.Err() == nil {
			w.log.WarnContext(ctx, "jobs not started; trying again", slog.Any("error", err))
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			return false
		}
	}
}
