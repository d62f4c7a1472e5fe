package inbox

import (
	"context"
	"time"
)

// Selection says which messages are meant: those of the numbers, those received since then, and all that are
// quarantined.
type Selection struct {
	Seqs        []int64
	Since       time.Time // the zero time is none
	Quarantined bool
}

// Entry is a message as operators see it: without its content.
type Entry struct {
	Seq        int64
	ReceivedAt time.Time
	Provider   string
	Event      string
	Profile    string
	Status     string // pending, processed or quarantined
	Forwarding string // none, waiting or sent
	Tries      int    // that failed to hand it on, while it is pending
	Cause      string // of the last failure, or why it is quarantined
}

// Standing is what stands still.
type Standing struct {
	Pending          int           // to be handed on
	Quarantined      int           // unreadable, with their bytes
	Forwarding       int           // to be sent on
	OldestPending    time.Duration // how long a line has had something to be handed on
	OldestForwarding time.Duration
}

// Emptied is a message whose body was forgotten.
type Emptied struct {
	Seq         int64
	Provider    string
	Quarantined bool
	Trouble     string
}

// Archive keeps and forgets what was received.
type Archive interface {
	// Quarantined returns some of the selected messages that are quarantined and have their bytes, after a number.
	Quarantined(ctx context.Context, s Selection, after int64, most int) ([]Message, error)
	// Settle marks a quarantined message as processed.
	Settle(ctx context.Context, seq int64, now time.Time) error
	// Requeue has some of the selected messages that are processed, after a number, handed on once more. It returns how
	// many those are, and the number of the last.
	Requeue(ctx context.Context, s Selection, now time.Time, after int64, most int) (requeued int, last int64, err error)
	// Empty forgets the bodies of some messages received before then that are done with. What waits to be sent on is done
	// with only where its provider is not among forwarding.
	Empty(ctx context.Context, before time.Time, forwarding []string, most int) ([]Emptied, error)
	// Delete deletes some emptied messages received before then.
	Delete(ctx context.Context, before time.Time, most int) (int, error)
	// Standing counts what stands still.
	Standing(ctx context.Context, now time.Time) (Standing, error)
	// List returns the newest messages of a status, or of any where it is empty.
	List(ctx context.Context, status string, most int) ([]Entry, error)
}

// Standing counts what stands still, for metrics.
func (i *Inbox) Standing(ctx context.Context) (Standing, error) {
	s, err := i.Messages.Standing(ctx, i.Now())
	if len(i.Forwarders) == 0 { // what was to be sent on before the receiver was given up waits for nobody
		s.Forwarding, s.OldestForwarding = 0, 0
	}
	return s, err
}
