package outbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"
)

// A claim is longer than an attempt and the calls of the store around it.
const (
	claimFor = 30 * time.Second
	sendFor  = 15 * time.Second
)

// deliverNext sends one notice; ok is false where none is due, or the receiver is to be spared.
func (c *Courier) deliverNext(ctx context.Context) (taken, ok bool, err error) {
	alone, may := c.receiver.mayAsk(c.Now())
	if !may {
		return false, false, nil
	}
	defer c.receiver.asked(alone)
	now := c.Now()
	n, ok, err := c.Notices.Claim(ctx, now, now.Add(claimFor))
	if err != nil || !ok {
		return false, false, err
	}
	c.due.ring() // there may be another for another worker
	if now.Sub(n.QueuedAt) > sendable && n.Tries == 0 {
		return false, true, c.settle(ctx, n, Outcome{Status: GivenUp, At: now, Cause: tooOld})
	}
	a := c.attempt(ctx, n)
	if ctx.Err() != nil && !a.Taken() {
		return false, true, unlessLost(c.Notices.Free(context.WithoutCancel(ctx), n)) // a stop is not the receiver's fault
	}
	c.learn(a)
	return a.Taken(), true, c.settle(ctx, n, c.outcome(n, a))
}

// sendable is how long after it happened a notice may be sent for the first time. Whoever has just got a receiver, or
// comes back after days, does not want to hear of everything there ever was.
const sendable = 72 * time.Hour

const tooOld = "it waited for three days without being sent"

// attempt asks the receiver once.
func (c *Courier) attempt(ctx context.Context, n Claimed) Attempt {
	ctx, cancel := context.WithTimeout(ctx, sendFor)
	defer cancel()
	a := Attempt{At: c.Now()}
	a.Answer = c.guarded(ctx, n.Notice, a.At)
	a.Took = max(0, c.Now().Sub(a.At))
	return a
}

// guarded turns a panic into a failure, so that one notice cannot bring one process down after the other.
func (c *Courier) guarded(ctx context.Context, n Notice, at time.Time) (a Answer) {
	defer func() {
		if cause := recover(); cause != nil {
			c.Log.ErrorContext(ctx, "panic", slog.String("cause", fmt.Sprint(cause)), slog.String("stack", string(debug.Stack())))
			a = Answer{Cause: "there was a panic, see the log"}
		}
	}()
	return c.Sender.Send(ctx, n, at)
}

// outcome is what an attempt makes of a notice.
func (c *Courier) outcome(n Claimed, a Attempt) Outcome {
	o := Outcome{Status: Pending, At: a.At.Add(a.Took), Cause: a.Cause, Attempt: &a}
	wait, again := waitAfter(n.Tries, c.Jitter())
	switch {
	case a.Taken():
		o.Status, o.Cause = Delivered, ""
	case a.Status == gone || !again:
		o.Status = GivenUp
	default:
		o.Due = o.At.Add(max(wait, min(a.RetryAfter, longestRetryAfter)))
	}
	return o
}

// settle writes down what became of a notice. A claim that was lost is no error: somebody else sends it.
func (c *Courier) settle(ctx context.Context, n Claimed, o Outcome) error {
	err := c.Notices.Settle(context.WithoutCancel(ctx), n, o)
	if errors.Is(err, ErrLost) {
		c.Log.WarnContext(ctx, "notice sent too slowly: somebody else sends it again", slog.String("notice", n.ID))
		return nil
	}
	if err != nil {
		return fmt.Errorf("settling a notice: %w", err)
	}
	c.report(ctx, n, o)
	return nil
}

// report tells operators. Whom a notice is about is not theirs to know.
func (c *Courier) report(ctx context.Context, n Claimed, o Outcome) {
	facts := []any{slog.String("notice", n.ID), slog.String("type", n.Type), slog.String("registration_id", n.Registration)}
	if o.Attempt != nil {
		facts = append(facts, slog.Int("tries", n.Tries+1), slog.Int("status", o.Attempt.Status))
	}
	facts = append(facts, slog.String("error", o.Cause))
	switch o.Status {
	case Pending:
		c.Observe(Failed)
		c.Log.WarnContext(ctx, "notice not delivered", facts...)
	case GivenUp:
		c.Observe(GivenUp)
		c.Log.ErrorContext(ctx, "notice given up", facts...)
	default:
		c.Observe(Delivered)
	}
}

func unlessLost(err error) error {
	if errors.Is(err, ErrLost) {
		return nil
	}
	return err
}
