package outbox

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Selection says which notices are meant: those of the ids, and all that were given up and happened since then.
type Selection struct {
	IDs     []string
	GivenUp bool
	Since   time.Time // the zero time is none
}

// Entry is a notice as operators see it: without whom it is about.
type Entry struct {
	ID           string
	Type         string
	Registration string
	Flow         string
	Case         string
	HappenedAt   time.Time
	Status       string    // Pending, Delivered or GivenUp
	Due          time.Time // of the next attempt, while it is pending
	Tries        int       // since it was queued
	Cause        string    // of the last failure
}

// Standing is what stands still.
type Standing struct {
	Pending       int
	GivenUp       int           // not replayed, and not forgotten
	OldestPending time.Duration // how long a notice has waited to be delivered
}

// Archive keeps and forgets what was told.
type Archive interface {
	// Replay has some of the selected notices, after a number, sent once more. It returns how many those are, and the
	// number of the last.
	Replay(ctx context.Context, s Selection, now time.Time, after int64, most int) (replayed int, last int64, err error)
	// Known returns those of the ids that are notices'.
	Known(ctx context.Context, ids []string) ([]string, error)
	// DeleteEnded deletes some notices that were delivered or given up before then.
	DeleteEnded(ctx context.Context, before time.Time, most int) (int, error)
	// DeleteUnsent deletes some notices that have been due since before then.
	DeleteUnsent(ctx context.Context, before time.Time, most int) (int, error)
	// Standing counts what stands still.
	Standing(ctx context.Context, now time.Time) (Standing, error)
	// List returns the newest notices of a status, or of any where it is empty.
	List(ctx context.Context, status string, most int) ([]Entry, error)
	// Show returns a notice and the attempts to deliver it, oldest first; ErrNotFound where there is none.
	Show(ctx context.Context, id string) (Entry, []Attempt, error)
}

const (
	retention   = 30 * 24 * time.Hour
	forgetBatch = 500  // rows that one statement deletes
	replayBatch = 2000 // rows that one statement changes
)

// Replay has notices sent once more, as if they had just happened, and returns how many. Those that are pending are tried
// at once.
func (c *Courier) Replay(ctx context.Context, s Selection) (replayed int, err error) {
	for last := int64(0); ; {
		n, to, err := c.Notices.Replay(ctx, s, c.Now(), last, replayBatch)
		replayed, last = replayed+n, to
		if err != nil || n < replayBatch {
			c.due.ring()
			return replayed, err
		}
	}
}

// Missing returns those of the ids that are no notice's (any more).
func (c *Courier) Missing(ctx context.Context, ids []string) ([]string, error) {
	known, err := c.Notices.Known(ctx, ids)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return slices.Contains(known, id) }), nil
}

// Forget deletes notices that were done with thirty days ago. Without a receiver it also deletes those that would be too
// old to be sent, were there one.
func (c *Courier) Forget(ctx context.Context) error {
	now := c.Now()
	if err := forget(ctx, now.Add(-retention), c.Notices.DeleteEnded); err != nil {
		return fmt.Errorf("deleting notices: %w", err)
	}
	if c.Sender != nil {
		return nil
	}
	if err := forget(ctx, now.Add(-sendable), c.Notices.DeleteUnsent); err != nil {
		return fmt.Errorf("deleting notices that nobody wants: %w", err)
	}
	return nil
}

// forget deletes in batches, none of which holds up what goes on.
func forget(ctx context.Context, before time.Time, remove func(context.Context, time.Time, int) (int, error)) error {
	for {
		n, err := remove(ctx, before, forgetBatch)
		if err != nil || n < forgetBatch {
			return err
		}
	}
}

// Standing counts what stands still, for metrics. Without a receiver nothing does.
func (c *Courier) Standing(ctx context.Context) (Standing, error) {
	if c.Sender == nil {
		return Standing{}, nil
	}
	return c.Notices.Standing(ctx, c.Now())
}
