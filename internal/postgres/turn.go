package postgres

import (
	"context"
	"math"
	"time"

	"github.com/google/uuid"

	"portal/internal/onboarding"
	"portal/internal/postgres/query"
)

// The rows of the buckets from which profiles are created, and companies' files are written.
const (
	profileQuota = "passfort.create_profile"
	writeQuota   = "passfort.update_collected_data"
)

// spared is how many turns at creating a profile are left for applicants who come next: associates can wait.
const spared = 5

// Burst is how many profiles may be created at once after a quiet time. The provider's own burst is not documented.
const Burst = 20

// Turns are the turns at creating profiles that all replicas share.
type Turns struct {
	store     *Store
	name      string
	perSecond float64
}

var (
	_ onboarding.Turns      = (*Turns)(nil)
	_ onboarding.SpareTurns = SpareTurns{}
)

// Turns returns the turns where that many profiles may be created in an hour.
func (s *Store) Turns(perHour int) *Turns {
	return &Turns{store: s, name: profileQuota, perSecond: float64(perHour) / time.Hour.Seconds()}
}

// Writes returns the turns where that many files of companies may be written in an hour.
func (s *Store) Writes(perHour int) *Turns {
	return &Turns{store: s, name: writeQuota, perSecond: float64(perHour) / time.Hour.Seconds()}
}

// SpareTurns are the turns of associates.
type SpareTurns struct{ Profiles, Files *Turns }

// TakeSpare implements [onboarding.SpareTurns].
func (t SpareTurns) TakeSpare(ctx context.Context, now time.Time) (wait time.Duration, err error) {
	return t.Profiles.takeSpare(ctx, now, spared, true)
}

// GiveBack implements [onboarding.SpareTurns].
func (t SpareTurns) GiveBack(ctx context.Context) error { return t.Profiles.GiveBack(ctx) }

// TakeWrite implements [onboarding.SpareTurns].
func (t SpareTurns) TakeWrite(ctx context.Context, now time.Time) (wait time.Duration, err error) {
	return t.Files.takeSpare(ctx, now, 0, false)
}

// takeSpare gives a turn where that many are left for others, and behind them, too, those of applicants who wait.
func (t *Turns) takeSpare(ctx context.Context, now time.Time, leaves float64, behind bool) (wait time.Duration, err error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	row, err := t.store.q.TakeSpareTurn(ctx, t.store.pool, query.TakeSpareTurnParams{
		Now: now, PerSecond: t.perSecond, Burst: Burst, Name: t.name, Spared: leaves, Behind: behind,
	})
	if err != nil || row.Granted {
		return 0, fault("taking a turn", err)
	}
	return t.wait(now, row.BlockedUntil, row.Tokens, min(float64(row.Ahead)+leaves, Burst-1)), nil
}

// Take implements [onboarding.Turns].
func (t *Turns) Take(ctx context.Context, r onboarding.Registration, now time.Time) (wait time.Duration, err error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	row, err := t.store.q.TakeTurn(ctx, t.store.pool, query.TakeTurnParams{
		Now: now, PerSecond: t.perSecond, Burst: Burst, Name: t.name, CreatedAt: r.CreatedAt, ID: uuid.UUID(r.ID),
	})
	if err != nil || row.Granted {
		return 0, fault("taking a turn", err)
	}
	return t.wait(now, row.BlockedUntil, row.Tokens, float64(row.Ahead)), nil
}

// wait is until there are tokens for those ahead and the one who asks; of what comes while the provider refuses, a burst is
// kept.
func (t *Turns) wait(now, blockedUntil time.Time, tokens, ahead float64) time.Duration {
	blocked := max(blockedUntil.Sub(now), 0)
	lacking := max(ahead+1-min(Burst, tokens+t.perSecond*blocked.Seconds()), 0)
	return max(blocked+time.Duration(lacking/t.perSecond*float64(time.Second)), minWait)
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
		Name: t.name, Now: now, PerSecond: t.perSecond, Burst: Burst, Remaining: left, Until: until,
	}))
}

// GiveBack implements [onboarding.Turns].
func (t *Turns) GiveBack(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	return fault("giving a turn back", t.store.q.GiveTurnBack(ctx, t.store.pool, t.name))
}
