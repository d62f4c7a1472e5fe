package inbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"
)

// ErrLost means that a claim has gone to somebody else meanwhile.
var ErrLost = errors.New("the claim was lost")

// Claimed is a line of messages that the caller alone may hand on, until its claim ends.
type Claimed struct {
	Provider string
	Line     string
	Claim    int64     // never used before, so that a former holder cannot pass for a later one
	Arrivals int64     // tells the store what had come when the line was claimed
	Tries    int       // that failed so far
	Messages []Message // still to be handed on, oldest first, without their bodies
	More     bool      // there are more than these
}

// Lines gives out messages to be handed on, a line at a time.
type Lines interface {
	// Claim reserves the line that has waited longest among those that are due and free; ok is false where there is none.
	Claim(ctx context.Context, now, until time.Time) (c Claimed, ok bool, err error)
	// Extend prolongs the claim; ErrLost where it went to somebody else.
	Extend(ctx context.Context, c Claimed, until time.Time) error
	// Finish marks the claimed messages processed and gives the claim up; ErrLost where it went to somebody else.
	Finish(ctx context.Context, c Claimed, now time.Time) error
	// Postpone gives the claim up until due. The cause is a text of ours, for operators.
	Postpone(ctx context.Context, c Claimed, due time.Time, cause string) error
}

// Claims are short and prolonged while a line is handed on, so that the lines of a process that died are soon free.
const (
	claimFor    = 4 * time.Second
	extendEvery = time.Second
	handFor     = 20 * time.Second
)

// ProcessDue hands on everything that is due and free, one line after the other, and returns how many messages were
// handed on. What cannot be handed on is postponed and is no error.
func (i *Inbox) ProcessDue(ctx context.Context) (handed int, err error) {
	for {
		n, ok, err := i.processNext(ctx)
		handed += n
		if err != nil || !ok {
			return handed, err
		}
	}
}

// processNext hands one line on; ok is false where none is due.
func (i *Inbox) processNext(ctx context.Context) (handed int, ok bool, err error) {
	now := i.Now()
	c, ok, err := i.Messages.Claim(ctx, now, now.Add(claimFor))
	if err != nil || !ok {
		return 0, false, err
	}
	i.arrived.ring() // there may be another line for another worker
	if err := i.hand(ctx, c); err != nil {
		return 0, true, i.postpone(ctx, c, err)
	}
	err = i.Messages.Finish(context.WithoutCancel(ctx), c, i.Now())
	if errors.Is(err, ErrLost) {
		i.Log.WarnContext(ctx, "webhooks handed on too slowly: somebody else hands them on again", slog.String("provider", c.Provider))
		return 0, true, nil
	}
	return len(c.Messages), true, err
}

// hand gives the messages of a line away, in one call.
func (i *Inbox) hand(ctx context.Context, c Claimed) error {
	if len(c.Messages) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, handFor)
	defer cancel()
	defer i.keepClaim(ctx, c)()
	return i.guarded(ctx, func() error { return i.Hand(ctx, c.Provider, c.Messages[0].Profile, c.Messages) })
}

// guarded turns a panic into an error, so that one message cannot bring one process down after the other.
func (i *Inbox) guarded(ctx context.Context, do func() error) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			i.Log.ErrorContext(ctx, "panic", slog.String("cause", fmt.Sprint(cause)), slog.String("stack", string(debug.Stack())))
			err = errPanic
		}
	}()
	return do()
}

var errPanic = errors.New("there was a panic, see the log")

// keepClaim prolongs the claim until the returned function is called.
func (i *Inbox) keepClaim(ctx context.Context, c Claimed) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var kept sync.WaitGroup
	kept.Go(func() {
		tick := time.NewTicker(extendEvery)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				if !i.extend(ctx, c) {
					return
				}
			}
		}
	})
	return func() { cancel(); kept.Wait() }
}

// extend prolongs the claim, and says whether it is still there. It waits no longer than until the next time: a claim
// that lapses meanwhile is as good as lost.
func (i *Inbox) extend(ctx context.Context, c Claimed) bool {
	ctx, cancel := context.WithTimeout(ctx, extendEvery)
	defer cancel()
	err := i.Messages.Extend(ctx, c, i.Now().Add(claimFor))
	lost := errors.Is(err, ErrLost)
	if err != nil && !lost && !errors.Is(ctx.Err(), context.Canceled) {
		i.Log.WarnContext(ctx, "claim on webhooks not prolonged", slog.String("provider", c.Provider), slog.Any("error", err))
	}
	return !lost
}

// postpone has a line wait. A stop of this process is nobody's fault: whoever is there next goes on at once.
func (i *Inbox) postpone(ctx context.Context, c Claimed, cause error) error {
	due := i.Now()
	if ctx.Err() == nil {
		due = due.Add(i.backOff(c.Tries))
		c.Tries++
		i.Log.WarnContext(ctx, "webhooks not processed", slog.String("provider", c.Provider), slog.Int("tries", c.Tries),
			slog.Int64("first_seq", c.Messages[0].Seq), slog.Any("error", cause))
	}
	err := i.Messages.Postpone(context.WithoutCancel(ctx), c, due, cause.Error())
	if err != nil && !errors.Is(err, ErrLost) {
		return fmt.Errorf("postponing webhooks: %w", err)
	}
	return nil
}

// The waits after attempts that failed.
const (
	firstWait   = time.Second
	longestWait = 5 * time.Minute
)

// backOff is the wait after an attempt that failed, when so many failed before it. It varies by a quarter, so that what
// failed together is not tried again together.
func (i *Inbox) backOff(before int) time.Duration {
	wait := firstWait
	for range before {
		if wait >= longestWait {
			break
		}
		wait *= 2
	}
	wait = min(wait, longestWait)
	return wait - time.Duration(i.Jitter()*float64(wait)/4)
}
