// Package outbox tells the company's own back end what becomes of registrations.
//
// The store writes a [Notice] with each change, in its transaction, so none can be forgotten. A [Courier] takes what is
// due and sends it until the receiver says that it has it, for about three days. A notice is never sent twice at once;
// it may come twice all the same, when an answer was lost, and then with the same id and the same bytes. No order is
// promised, so that one that fails holds back none of the others.
//
// Read [Notice] and [Courier] first; deliver.go follows a notice's way, schedule.go says when it is tried again, and
// patience.go how a receiver that fails is spared.
package outbox

import (
	"context"
	"errors"
	"log/slog"
	"time"
)

// What may have become of a notice.
const (
	Pending   = "pending"
	Delivered = "delivered"
	GivenUp   = "given_up"
)

// Failed is how an attempt ended after which there will be another. The other ends are Delivered and GivenUp.
const Failed = "failed"

// ErrLost means that a claim has gone to somebody else meanwhile.
var ErrLost = errors.New("the claim was lost")

// ErrNotFound means that there is no such notice.
var ErrNotFound = errors.New("no such notice")

// Notice is one thing that has happened. It holds no personal data.
type Notice struct {
	ID           string // the same in every attempt, so that the receiver knows one that comes again
	Type         string // such as "registration.completed"
	Registration string
	Issuer       string // with Subject, whom the company knows the applicant as; "" where it does not
	Subject      string
	Flow         string
	Case         string // "" none
	Status       string // of the registration, then
	Profile      string // the provider's; "" none yet
	HappenedAt   time.Time
}

// Claimed is a notice that the caller alone may send, until its claim ends.
type Claimed struct {
	Notice
	Seq      int64
	Claim    int64     // never used before, so that a former holder cannot pass for a later one
	Tries    int       // since it was queued
	QueuedAt time.Time // when it happened, or was last replayed
}

// Answer is what came of asking the receiver to take a notice.
type Answer struct {
	Status     int           // of HTTP; 0 where no answer came
	RetryAfter time.Duration // how long the receiver wants to be left alone; 0 where it does not say
	Cause      string        // why it did not take the notice, in our own words
}

// Taken says whether the receiver has the notice.
func (a Answer) Taken() bool { return a.Status >= 200 && a.Status <= 299 }

// gone is the status by which a receiver says that it wants no more.
const gone = 410

// Attempt is one try to deliver a notice.
type Attempt struct {
	At   time.Time
	Took time.Duration
	Answer
}

// Outcome is what becomes of a claimed notice.
type Outcome struct {
	Status  string    // Pending, Delivered or GivenUp
	At      time.Time // when that was known
	Due     time.Time // of the next attempt, while it is pending
	Cause   string    // in our own words; "" where it is delivered
	Attempt *Attempt  // nil where none was made
}

// Notices keeps notices. Its errors come to callers as they are, so that they can tell when the store is away.
type Notices interface {
	// Claim reserves the notice that has been due longest among those that are free; ok is false where there is none.
	Claim(ctx context.Context, now, until time.Time) (c Claimed, ok bool, err error)
	// Settle writes the outcome down and gives the claim up; ErrLost where it went to somebody else. What was replayed
	// meanwhile stays due as it is, unless it was delivered.
	Settle(ctx context.Context, c Claimed, o Outcome) error
	// Free gives the claim up: the notice is due as it was. ErrLost where it went to somebody else.
	Free(ctx context.Context, c Claimed) error
	Archive
}

// Sender asks the company's receiver to take a notice, as long as ctx lasts.
type Sender interface {
	Send(ctx context.Context, n Notice, at time.Time) Answer
}

// Courier delivers notices. All fields are required unless they say otherwise.
type Courier struct {
	Notices Notices
	Sender  Sender // nil where the company has no receiver: nothing is sent, and what was not is soon forgotten
	Now     func() time.Time
	Jitter  func() float64       // in [0, 1)
	Observe func(outcome string) // hears how each notice's turn ended: Delivered, Failed or GivenUp
	Log     *slog.Logger

	due      bell // something may be due
	receiver patience
}
