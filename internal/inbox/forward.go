package inbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"time"
)

// Turn is the right to send a provider's messages on, until it ends. There is one at a time.
type Turn struct {
	Provider string
	Claim    int64 // never used before
	Tries    int   // that failed so far, of the message at the head
}

// Outbox gives out messages to be sent on, one at a time.
type Outbox interface {
	// ClaimTurn reserves the sending on of a provider's messages; ok is false while nothing waits, or the next attempt is
	// not due, or somebody else is at it.
	ClaimTurn(ctx context.Context, provider string, now, until time.Time) (t Turn, ok bool, err error)
	// Head returns the oldest message that waits, with its body; ok is false where there is none.
	Head(ctx context.Context, provider string) (m Message, ok bool, err error)
	// Forwarded marks a message as sent on and prolongs the turn; ErrLost where it went to somebody else.
	Forwarded(ctx context.Context, t Turn, m Message, now, until time.Time) error
	// EndTurn gives the turn up until due. The cause is a text of ours, for operators.
	EndTurn(ctx context.Context, t Turn, due time.Time, cause string) error
}

// turnFor is longer than any single attempt.
const (
	turnFor    = 30 * time.Second
	forwardFor = 10 * time.Second
)

// ForwardDue sends on what waits, in the order of receipt, and returns how many messages the receiver took. The first
// that it does not take holds back the later ones until the next attempt, which is no error.
func (i *Inbox) ForwardDue(ctx context.Context) (sent int, err error) {
	return i.forwardUntil(ctx, ctx)
}

// forwardUntil sends on until stop ends; what is under way then has until work ends.
func (i *Inbox) forwardUntil(stop, work context.Context) (sent int, err error) {
	for _, provider := range slices.Sorted(maps.Keys(i.Forwarders)) {
		n, err := i.forward(stop, work, provider)
		sent += n
		if err != nil {
			return sent, fmt.Errorf("sending webhooks of %s on: %w", provider, err)
		}
	}
	return sent, nil
}

// forward takes a provider's turn, for as long as something waits and the receiver takes it.
func (i *Inbox) forward(stop, ctx context.Context, provider string) (sent int, err error) {
	now := i.Now()
	turn, ok, err := i.Messages.ClaimTurn(ctx, provider, now, now.Add(turnFor))
	if err != nil || !ok {
		return 0, err
	}
	for stop.Err() == nil {
		m, ok, err := i.Messages.Head(ctx, provider)
		if err != nil {
			m.Provider = provider
			return sent, i.refused(ctx, turn, m, fmt.Errorf("reading it: %w", err))
		}
		if !ok {
			break
		}
		if err := i.send(ctx, m); err != nil {
			return sent, i.refused(ctx, turn, m, err)
		}
		now := i.Now()
		err = i.Messages.Forwarded(context.WithoutCancel(ctx), turn, m, now, now.Add(turnFor))
		if errors.Is(err, ErrLost) {
			return sent, nil
		}
		if err != nil {
			return sent, err
		}
		sent, turn.Tries = sent+1, 0
	}
	return sent, i.endTurn(ctx, turn, 0, "")
}

func (i *Inbox) send(ctx context.Context, m Message) error {
	ctx, cancel := context.WithTimeout(ctx, forwardFor)
	defer cancel()
	return i.guarded(ctx, func() error { return i.Forwarders[m.Provider].Forward(ctx, m) })
}

// refused has the messages wait for the next attempt. A stop of this process is not the receiver's fault.
func (i *Inbox) refused(ctx context.Context, t Turn, m Message, cause error) error {
	if ctx.Err() != nil {
		return i.endTurn(ctx, t, 0, "")
	}
	wait := i.backOff(t.Tries)
	t.Tries++
	i.Log.WarnContext(ctx, "webhook not sent on", slog.String("provider", m.Provider),
		slog.Int64("seq", m.Seq), slog.Int("tries", t.Tries), slog.Any("error", cause))
	return i.endTurn(ctx, t, wait, cause.Error())
}

func (i *Inbox) endTurn(ctx context.Context, t Turn, wait time.Duration, cause string) error {
	err := i.Messages.EndTurn(context.WithoutCancel(ctx), t, i.Now().Add(wait), cause)
	if errors.Is(err, ErrLost) {
		return nil
	}
	return err
}
