package inbox

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
)

// replayBatch bounds how many rows one statement changes.
const replayBatch = 2000

// decodeBatch bounds how many bodies are in memory at once.
const decodeBatch = 16

// Replay has messages handed on once more, and decodes quarantined ones again: a newer release may understand them.
// It returns how many messages are handed on again, and how many stay quarantined. Nothing is sent on a second time. It
// ends with ErrUnknownProvider, after all others, where it cannot decode messages of a provider.
func (i *Inbox) Replay(ctx context.Context, s Selection) (replayed, unreadable int, err error) {
	if len(s.Seqs) > 0 || !s.Since.IsZero() {
		if replayed, err = i.requeue(ctx, s); err != nil {
			return replayed, 0, err
		}
	}
	var unknown error
	for after := int64(0); ; {
		some, err := i.Messages.Quarantined(ctx, s, after, decodeBatch)
		if err != nil || len(some) == 0 {
			i.arrived.ring()
			return replayed, unreadable, cmp.Or(err, unknown)
		}
		for _, m := range some {
			n, err := i.decodeAgain(ctx, m)
			if errors.Is(err, ErrUnknownProvider) {
				unknown, err = err, nil
			}
			if err != nil {
				return replayed, unreadable, fmt.Errorf("decoding webhook %d again: %w", m.Seq, err)
			}
			if replayed += n; n == 0 {
				unreadable++
			}
			after = m.Seq
		}
	}
}

// requeue goes through the selected messages in batches, none of which holds up what is being received.
func (i *Inbox) requeue(ctx context.Context, s Selection) (requeued int, err error) {
	for last := int64(0); ; {
		n, to, err := i.Messages.Requeue(ctx, s, i.Now(), last, replayBatch)
		requeued, last = requeued+n, to
		if err != nil || n < replayBatch {
			return requeued, err
		}
	}
}

// decodeAgain stores what a quarantined message has become, and returns how many messages those are: none where it is
// as unreadable as before. Doing it twice stores nothing twice.
func (i *Inbox) decodeAgain(ctx context.Context, m Message) (int, error) {
	d, ok := i.Decoders[m.Provider]
	if !ok {
		return 0, fmt.Errorf("%w: %s", ErrUnknownProvider, m.Provider)
	}
	if m.Body == "" {
		return 0, nil // its seal does not open
	}
	messages, err := d.DecodeAgain(m.Body)
	if errors.Is(err, ErrForged) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	i.stamp(m.Provider, messages)
	if slices.ContainsFunc(messages, func(n Message) bool { return n.ID == m.ID }) {
		return 0, nil
	}
	if err := i.acknowledge(ctx, messages); err != nil {
		return 0, err
	}
	return len(messages), i.Messages.Settle(ctx, m.Seq, i.Now())
}
