package inbox

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"time"
)

// forgetBatch bounds how many rows one statement changes.
const forgetBatch = 500

// Forget empties the bodies of messages older than the retention, and deletes messages thrice as old: until then one
// that comes again is known. What is still to be processed, or to be sent on, stays.
func (i *Inbox) Forget(ctx context.Context) error {
	now := i.Now()
	if err := i.empty(ctx, now.Add(-i.Retention)); err != nil {
		return fmt.Errorf("emptying webhooks: %w", err)
	}
	for {
		n, err := i.Messages.Delete(ctx, now.Add(-3*i.Retention), forgetBatch)
		if err != nil {
			return fmt.Errorf("deleting webhooks: %w", err)
		}
		if n < forgetBatch {
			return nil
		}
	}
}

func (i *Inbox) empty(ctx context.Context, before time.Time) error {
	for {
		some, err := i.Messages.Empty(ctx, before, slices.Sorted(maps.Keys(i.Forwarders)), forgetBatch)
		for _, e := range some {
			if e.Quarantined {
				i.Log.ErrorContext(ctx, "quarantined webhook forgotten", slog.String("provider", e.Provider),
					slog.Int64("seq", e.Seq), slog.String("trouble", e.Trouble))
			}
		}
		if err != nil || len(some) < forgetBatch {
			return err
		}
	}
}
