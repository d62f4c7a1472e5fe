//go:build plant_no_lease

package onboarding

import (
	"context"
	"time"
)

// This engine has a planted bug, to prove that the torture runs find it: its leases end as they begin, and what they would
// fence off is stored over whatever another has stored. (With leases that end alone, that fence would still keep every
// promise, only less quickly.)

func (e *Engine) claim(ctx context.Context, id RegistrationID, now time.Time) (Registration, error) {
	return e.Registrations.Claim(ctx, id, now, now)
}

func (e *Engine) saveClaimed(ctx context.Context, r Registration, _ time.Time) (Registration, error) {
	for {
		saved, err := e.Registrations.Save(ctx, r, time.Time{})
		if KindOf(err) != Conflict {
			return saved, err
		}
		stored, err := e.Registrations.Registration(ctx, r.ID)
		if err != nil {
			return r, err
		}
		r.Version, r.Trail.Seq, r.Trail.Head = stored.Version, stored.Trail.Seq, stored.Trail.Head
		r = r.by(ActorPortal, e.Now())
	}
}
