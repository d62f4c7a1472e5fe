package postgres

import (
	"context"
	"math"
	"time"

	"portal/internal/identity"
	"portal/internal/postgres/query"
)

// Spend implements [identity.Allowances].
func (s *Store) Spend(ctx context.Context, a []identity.Allowance, now time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	return s.spend(ctx, s.pool, a, now)
}

// spend takes from the allowances, as far as the transaction is committed.
func (s *Store) spend(ctx context.Context, db query.DBTX, allowances []identity.Allowance, now time.Time) error {
	if len(allowances) == 0 {
		return nil
	}
	p := query.SpendParams{Now: now}
	for _, a := range allowances {
		p.Names, p.Keys = append(p.Names, a.Name), append(p.Keys, a.Key)
		p.Bursts, p.Rates = append(p.Bursts, float64(a.Burst)), append(p.Rates, 1/a.Every.Seconds())
	}
	longest, err := s.q.Spend(ctx, db, p)
	if err != nil {
		return fault("taking from allowances", err)
	}
	if longest.Wait > 0 {
		return &identity.TooOften{Limit: longest.Name, Wait: honest(longest.Wait)}
	}
	return nil
}

// honest rounds a wait up, beyond what Postgres drops of a time: whoever comes back then is not refused again.
func honest(seconds float64) time.Duration {
	return time.Duration(math.Ceil(seconds*1000+0.01)) * time.Millisecond
}

// GiveBack implements [identity.Allowances].
func (s *Store) GiveBack(ctx context.Context, allowances []identity.Allowance) error {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	p := query.GiveBackParams{}
	for _, a := range allowances {
		p.Names, p.Keys = append(p.Names, a.Name), append(p.Keys, a.Key)
	}
	return fault("giving back to allowances", s.q.GiveBack(ctx, s.pool, p))
}
