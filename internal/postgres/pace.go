package postgres

import (
	"context"
	"time"

	"portal/internal/postgres/query"
)

// Pace lets all replicas together call a provider no faster than it allows.
type Pace struct {
	store *Store
	name  string
	burst float64
	rate  float64 // calls a second
}

// SumsubPaces are those of Sumsub's API, for reads and for writes: 300 and 50 in any 5 seconds (docs.sumsub.com, "Rate limits").
// A burst and what comes after it in 5 seconds stay a tenth below that.
func (s *Store) SumsubPaces() (reads, writes *Pace) {
	return &Pace{s, "sumsub.read", 54, 43}, &Pace{s, "sumsub.write", 9, 7.2}
}

// Take gives a turn at calling the provider, or says how long to wait before asking for one again.
func (p *Pace) Take(ctx context.Context, now time.Time) (wait time.Duration, err error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	longest, err := p.store.q.Spend(ctx, p.store.pool, query.SpendParams{
		Names: []string{p.name}, Keys: []string{""}, Bursts: []float64{p.burst}, Rates: []float64{p.rate}, Now: now,
	})
	if err != nil {
		return 0, fault("taking a turn at a provider", err)
	}
	if longest.Wait <= 0 {
		return 0, nil
	}
	return honest(longest.Wait), nil
}
