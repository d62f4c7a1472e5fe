package jobs

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// Periodic is something to be done again and again. It is done by one worker at a time, whichever that is. A failure
// is logged and the next time is another try; one that takes too long is ended through its context.
type Periodic struct {
	Name    string // in the log and in the queue
	Every   time.Duration
	Within  time.Duration // when a round is ended that takes too long; 0 where it is short
	Run     func(ctx context.Context) error
	AtStart bool // also when a worker takes charge of the periodic jobs, which restarts their clocks
}

// periodicQueue keeps periodic jobs apart.
const periodicQueue = "periodic"

// roundArgs ask for one round of a periodic job.
type roundArgs struct {
	Name string `json:"name"`
}

// Kind names the job in the table.
func (roundArgs) Kind() string { return "periodic" }

// InsertOpts is part of river.JobArgsWithInsertOpts. A round is passed over while the one before it waits or is under
// way, but not once it is done. It is tried once: the next round is the next attempt.
func (roundArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{
		Queue: periodicQueue, MaxAttempts: 1,
		UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: []rivertype.JobState{
			rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable,
			rivertype.JobStateRunning, rivertype.JobStateScheduled,
		}},
	}
}

// schedule is the periodic jobs in River's words.
func schedule(jobs []Periodic) ([]*river.PeriodicJob, error) {
	seen := map[string]bool{}
	var list []*river.PeriodicJob
	for _, p := range jobs {
		if seen[p.Name] || p.Name == "" || p.Every < time.Second || p.Run == nil {
			return nil, fmt.Errorf("periodic job %q: wants a name of its own, a second or more between its rounds, and something to do", p.Name)
		}
		seen[p.Name] = true
		list = append(list, river.NewPeriodicJob(river.PeriodicInterval(p.Every),
			func() (river.JobArgs, *river.InsertOpts) { return roundArgs{Name: p.Name}, nil },
			&river.PeriodicJobOpts{RunOnStart: p.AtStart}))
	}
	return list, nil
}

// rounds works off the rounds of periodic jobs.
type rounds struct {
	river.WorkerDefaults[roundArgs]
	jobs  map[string]Periodic
	log   *slog.Logger
	under *sync.WaitGroup
}

func newRounds(jobs []Periodic, log *slog.Logger, under *sync.WaitGroup) *rounds {
	r := &rounds{jobs: map[string]Periodic{}, log: log, under: under}
	for _, p := range jobs {
		r.jobs[p.Name] = p
	}
	return r
}

// Timeout is part of river.Worker. That of zero is the client's.
func (r *rounds) Timeout(job *river.Job[roundArgs]) time.Duration {
	return r.jobs[job.Args.Name].Within
}

// Work is part of river.Worker. To River a round always ends well.
func (r *rounds) Work(ctx context.Context, job *river.Job[roundArgs]) error {
	r.under.Add(1)
	defer r.under.Done()
	p, ok := r.jobs[job.Args.Name]
	if !ok { // another replica runs another release
		r.log.WarnContext(ctx, "periodic job of an unknown name", slog.String("job", job.Args.Name))
		return nil
	}
	if err := p.Run(ctx); err != nil {
		r.log.WarnContext(ctx, "periodic job failed", slog.String("job", job.Args.Name), slog.Any("error", err))
	}
	return nil
}
