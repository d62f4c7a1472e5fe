//go:build plant_no_lease

package onboarding

import (
	"context"
	"errors"
	"time"
)

// This engine has a planted bug, to prove that the torture runs find it: it takes steps without a lease, and so without
// what a lease fences off: it stores them over whatever another has stored. (Without the claim alone, that fence would
// still keep every promise, only less quickly.)

func (e *Engine) claim(ctx context.Context, id RegistrationID, now time.Time) (Registration, error) {
	r, err := e.Registrations.Registration(ctx, id)
	if err == nil && (r.DueAt.IsZero() || r.DueAt.After(now)) {
		return r, &Error{Kind: Conflict, Err: errors.New("not due")}
	}
	return r, err
}

func (e *Engine) saveClaimed(ctx context.Context, r Registration, until time.Time) (Registration, error) {
	for {
		saved, err := e.Registrations.Save(ctx, r, until)
		if KindOf(err) != Conflict {
			return saved, err
		}
		now, err := e.Registrations.Registration(ctx, r.ID)
		if err != nil {
			return r, err
		}
		r.Version, r.Trail.Seq, r.Trail.Head = now.Version, now.Trail.Seq, now.Trail.Head
		r = r.by(ActorPortal, e.Now())
	}
}
