package identity

import (
	"context"
	"fmt"
	"time"
)

// How long what is over is kept: while somebody may come back to it and should be told what became of it, or an
// operator may look into a complaint.
const (
	keepSignIns         = 2 * SignInValidity
	keepProviderSignIns = day      // beyond their end
	keepLinks           = 7 * day  // beyond their end, so that a used link still says so
	keepAllowances      = 2 * day  // untouched; the slowest is full again after one
	keepMails           = 90 * day // whatever became of them
	keepSessions        = 30 * day // beyond their end
	forgetBatch         = 500      // rows of each kind at once
)

// Horizon says what is old enough to go: what lies before these times.
type Horizon struct {
	SignIns         time.Time // begun, or given another code
	ProviderSignIns time.Time // run out; the words of providers that sessions have ended, and what links hold of people, likewise
	Links           time.Time // run out
	Allowances      time.Time // taken from
	Mails           time.Time // handed to the mail server
	SessionsEnded   time.Time
	SessionsBegun   time.Time // which nothing can have kept going for so long
}

// Leftovers are the records of ways in and sessions that are over.
type Leftovers interface {
	// DeleteOld deletes at most so many records of each kind, and says whether there may be more to delete.
	DeleteOld(ctx context.Context, h Horizon, most int) (more bool, err error)
}

// Forgetter deletes records of ways in and sessions that have had their time. All fields are required.
type Forgetter struct {
	Leftovers Leftovers
	Limits    Limits
	Now       func() time.Time
}

// Forget deletes, batch by batch, what has had its time by now.
func (f *Forgetter) Forget(ctx context.Context) error {
	h := f.horizon(f.Now())
	for {
		more, err := f.Leftovers.DeleteOld(ctx, h, forgetBatch)
		if err != nil {
			return fmt.Errorf("forgetting sign-ins and sessions: %w", err)
		}
		if !more {
			return nil
		}
	}
}

func (f *Forgetter) horizon(now time.Time) Horizon {
	return Horizon{
		SignIns:         now.Add(-keepSignIns),
		ProviderSignIns: now.Add(-keepProviderSignIns),
		Links:           now.Add(-keepLinks),
		Allowances:      now.Add(-keepAllowances),
		Mails:           now.Add(-keepMails),
		SessionsEnded:   now.Add(-keepSessions),
		SessionsBegun:   now.Add(-keepSessions - f.Limits.Absolute),
	}
}
