package postgres

import (
	"context"
	"math"
	"time"

	"github.com/google/uuid"

	"portal/internal/onboarding"
	"portal/internal/postgres/query"
)

// profileQuota is the row of the bucket from which profiles are created.
const profileQuota = "passfort.create_profile"

// Burst is how many profiles may be created at once after a quiet time. The provider's own burst is not documented.
const Burst = 20

// Turns are the turns at creating profiles that all replicas share.
type Turns struct {
	store     *Store
	perSecond float64
}

var _ onboarding.Turns = (*Turns)(nil)

// Turns returns the turns where that many profiles may be created in an hour.
func (s *Store) Turns(perHour int) *Turns {
	return &Turns{store: s, perSecond: float64(perHour) / time.Hour.Seconds()}
}

// Take implements [onboarding.Turns].
func (t *Turns) Take(ctx context.Context, r onboarding.Registration, now time.Time) (wait time.Duration, err error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	row, err := t.store.q.TakeTurn(ctx, t.store.pool, query.TakeTurnParams{
		Now: now, PerSecond: t.perSecond, Burst: Burst, Name: profileQuota, CreatedAt: r.CreatedAt, ID: uuid.UUID(r.ID),
	})
	if err != nil || row.Granted {
		return 0, fault("taking a turn", err)
	}
	// Those ahead and the one who asks need a token each; of what comes while the provider refuses, a burst is kept.
	blocked := max(row.BlockedUntil.Sub(now), 0)
	lacking := max(float64(row.Ahead)+1-min(Burst, row.Tokens+t.perSecond*blocked.Seconds()), 0)
	refill := time.Duration(lacking / t.perSecond * float64(time.Second))
	return max(blocked+refill, minWait), nil
}

// minWait keeps clocks that differ by a little from asking over and over.
const minWait = 50 * time.Millisecond

// Lower takes the provider's word for what is left of its own limit now, where that is not negative, and lets nobody
// have a turn before until.
func (t *Turns) Lower(ctx context.Context, remaining int, now, until time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	left := float64(remaining)
	if remaining < 0 {
		left = math.Inf(1)
	}
	return fault("lowering a quota", t.store.q.LowerQuota(ctx, t.store.pool, query.LowerQuotaParams{
		Name: profileQuota, Now: now, PerSecond: t.perSecond, Burst: Burst, Remaining: left, Until: until,
	}))
}

// GiveBack implements [onboarding.Turns].
func (t *Turns) GiveBack(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	return fault("giving a turn back", t.store.q.GiveTurnBack(ctx, t.store.pool, profileQuota))
}
