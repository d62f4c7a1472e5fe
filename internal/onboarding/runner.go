package onboarding

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"
)

// Mover moves on what belongs to a registration: an [Engine] the registration itself, a [Linker] who is behind its company.
type Mover interface {
	// Advance moves it on as far as it goes now.
	Advance(ctx context.Context, id RegistrationID) error
	// Due lists what wants to go on, the longest waiting first.
	Due(ctx context.Context, limit int) ([]RegistrationID, error)
}

// Runner owns the goroutines that move things on: at once when somebody asks for it, and in a process that sweeps, when
// they are due, whoever left them so.
type Runner struct {
	mover  Mover
	log    *slog.Logger
	places chan struct{} // one taken for each registration under way

	mu      sync.Mutex
	running bool
	calls   context.Context                  // of the steps under way; outlives a request and, for a while, a stop
	under   map[RegistrationID]chan struct{} // registrations under way, each with what is closed when it is done
	steps   sync.WaitGroup
}

const (
	sweepEvery = 500 * time.Millisecond
	sweepBatch = 32
	maxSteps   = 48 // registrations under way in one process: more than calls that may hang
)

// NewRunner returns a runner that does nothing until [Runner.Run].
func NewRunner(m Mover, log *slog.Logger) *Runner {
	return &Runner{mover: m, log: log, places: make(chan struct{}, maxSteps), under: map[RegistrationID]chan struct{}{}}
}

// Run keeps the runner going until ctx ends. The steps under way may then wait for their answers until calls ends, and it
// returns when all is stored. While the store is away that may take long: whoever cannot wait leaves them to their claims.
func (r *Runner) Run(ctx, calls context.Context) {
	r.open(calls)
	<-ctx.Done()
	r.shut()
	r.steps.Wait()
}

// Sweep moves on what is due until ctx ends, as far as the runner is running and has room.
func (r *Runner) Sweep(ctx context.Context) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for failed := false; ctx.Err() == nil; {
		err := r.sweep(ctx)
		if err != nil && !failed && ctx.Err() == nil { // and not at every sweep until the store is back
			r.log.WarnContext(ctx, "due registrations not listed", slog.Any("error", err))
		}
		failed = err != nil
		select {
		case <-tick.C:
		case <-ctx.Done():
		}
	}
}

// Advance moves one registration on and returns when that is done, or when ctx ends; the work goes on regardless.
// Where too much is under way already, the registration waits for the next sweep.
func (r *Runner) Advance(ctx context.Context, id RegistrationID) {
	done, ok := r.begin(id)
	if !ok {
		return
	}
	select {
	case <-done:
	case <-ctx.Done():
	}
}

// Wake has one registration moved on and does not wait for it.
func (r *Runner) Wake(id RegistrationID) { _, _ = r.begin(id) }

func (r *Runner) open(calls context.Context) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.calls, r.running = calls, true
}

func (r *Runner) shut() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.running = false
}

// begin has the registration moved on in a goroutine of its own, unless the runner is stopped or has no place left.
// What is under way already is joined.
func (r *Runner) begin(id RegistrationID) (done <-chan struct{}, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.running {
		return nil, false
	}
	if ended, ok := r.under[id]; ok {
		return ended, true
	}
	select {
	case r.places <- struct{}{}:
	default:
		return nil, false
	}
	ended := make(chan struct{})
	r.under[id] = ended
	ctx := r.calls
	r.steps.Go(func() {
		defer r.end(id)
		if err := r.advance(ctx, id); err != nil {
			r.report(ctx, id, err)
		}
	})
	return ended, true
}

// advance turns a panic into an error, so that one registration cannot bring one process down after the other.
func (r *Runner) advance(ctx context.Context, id RegistrationID) (err error) {
	defer panicAsError(&err)
	return r.mover.Advance(ctx, id)
}

// panicAsError is deferred where a panic is to be an error.
func panicAsError(err *error) {
	if cause := recover(); cause != nil {
		*err = fmt.Errorf("panic: %v\n%s", cause, debug.Stack())
	}
}

// end makes room and tells those who wait.
func (r *Runner) end(id RegistrationID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	close(r.under[id])
	delete(r.under, id)
	<-r.places
}

// report tells operators that a registration was not moved on. Where another process has taken it over, that one does.
func (r *Runner) report(ctx context.Context, id RegistrationID, err error) {
	level := slog.LevelError
	if KindOf(err) == Conflict {
		level = slog.LevelInfo
	}
	r.log.Log(ctx, level, "registration not advanced", slog.String("registration_id", id.String()), slog.Any("error", err))
}

// sweep begins a step for every registration that is due, as far as there is room.
func (r *Runner) sweep(ctx context.Context) error {
	due, err := r.mover.Due(ctx, sweepBatch)
	for _, id := range due {
		r.begin(id)
	}
	return err
}
