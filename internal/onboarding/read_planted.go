//go:build plant_stale

package onboarding

import (
	"context"
	"time"
)

// storeRead has a planted bug, to prove that the torture runs find it: what was read is stored over whatever another has read
// since.
func (e *Engine) storeRead(ctx context.Context, r Registration) (Registration, error) {
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
		r = r.by(ActorProvider, e.Now())
	}
}
