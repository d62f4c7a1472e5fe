package onboarding

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// Passed is how far a round of forgetting has come: to a registration, in the order in which they were created. The zero
// value is before the first.
type Passed struct {
	CreatedAt time.Time
	ID        RegistrationID
}

// Past keeps what is over until it is forgotten. Every method may fail with Busy when the store cannot be reached, or when that is
// too much to do in time, which is then [context.DeadlineExceeded].
type Past interface {
	// ForgetRegistrations looks at no more than so many registrations of a status behind a place, and deletes those that ended
	// before then, with everything about them, and for which nobody has anything left to do. Next is where to go on, also past
	// those that it could not delete; done says that there is nothing behind it.
	ForgetRegistrations(ctx context.Context, status Status, before, now time.Time, after Passed, most int) (gone int, next Passed, done bool, err error)
	// ForgetApplicants likewise deletes applicants of before then who have neither a registration nor a session.
	ForgetApplicants(ctx context.Context, before time.Time, after ApplicantID, most int) (gone int, next ApplicantID, done bool, err error)
	// ForgetKeys deletes at most so many keys of customer requests that were created before then.
	ForgetKeys(ctx context.Context, before time.Time, most int) (gone int, err error)
}

const (
	forgetBatch = 100  // registrations in one transaction
	lookBatch   = 5000 // applicants to look at in one statement
	// keysFor is how long a customer request's key is kept at most: for as long as the provider keeps its forms open, with
	// room to spare.
	keysFor = RequestValidity + 30*24*time.Hour
)

// endings are the statuses of registrations that are over.
var endings = []Status{Completed, Expired, Superseded, Closed, Rejected}

// Forgetter deletes registrations that have had their time. All fields are required.
type Forgetter struct {
	Past      Past
	Retention time.Duration // how long registrations are kept after their end; 0 for ever
	Now       func() time.Time
	Log       *slog.Logger
}

// Forget deletes keys that open nothing any more, and, batch by batch, the registrations that have had their time by now. What
// cannot be deleted keeps nothing else back.
func (f *Forgetter) Forget(ctx context.Context) error {
	now := f.Now()
	var failed []error
	if err := f.keys(ctx, now.Add(-keysFor)); err != nil {
		failed = append(failed, fmt.Errorf("forgetting keys: %w", err))
	}
	all := 0
	defer func() { f.tell(ctx, "registrations forgotten", all) }()
	for _, status := range endings {
		if f.Retention == 0 || ctx.Err() != nil {
			break
		}
		gone, err := f.registrations(ctx, status, now)
		if all += gone; err != nil {
			failed = append(failed, fmt.Errorf("forgetting registrations that are %s: %w", status, err))
		}
	}
	return errors.Join(append(failed, ctx.Err())...)
}

func (f *Forgetter) keys(ctx context.Context, before time.Time) error {
	for {
		n, err := f.Past.ForgetKeys(ctx, before, forgetBatch)
		if err != nil || n < forgetBatch {
			return err
		}
	}
}

// registrations forgets those of one status. Where a batch is too much to do in time, half as many are tried, and one that is too
// much by itself is passed over.
func (f *Forgetter) registrations(ctx context.Context, status Status, now time.Time) (all int, err error) {
	var at Passed
	for most := forgetBatch; ; {
		gone, next, done, err := f.Past.ForgetRegistrations(ctx, status, now.Add(-f.Retention), now, at, most)
		all += gone
		switch tooMuch := errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil && next != at; {
		case tooMuch && most > 1:
			most /= 2
			continue
		case tooMuch:
			f.Log.WarnContext(ctx, "registration not forgotten", slog.String("registration_id", next.ID.String()), slog.Any("error", err))
		case err != nil || done:
			return all, err
		default:
			most = min(2*most, forgetBatch)
		}
		at = next
	}
}

// ForgetApplicants deletes applicants of whom nothing else is left.
func (f *Forgetter) ForgetApplicants(ctx context.Context) error {
	if f.Retention == 0 {
		return nil
	}
	var at ApplicantID
	all, before := 0, f.Now().Add(-f.Retention)
	defer func() { f.tell(ctx, "applicants forgotten", all) }()
	for {
		gone, next, done, err := f.Past.ForgetApplicants(ctx, before, at, lookBatch)
		if all += gone; err != nil {
			return fmt.Errorf("forgetting applicants: %w", err)
		}
		if done {
			return nil
		}
		at = next
	}
}

func (f *Forgetter) tell(ctx context.Context, what string, n int) {
	if n > 0 {
		f.Log.InfoContext(ctx, what, slog.Int("count", n))
	}
}
