package identity_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portal/internal/identity"
)

// cellar is full of what is old, batch upon batch.
type cellar struct {
	batches int
	horizon identity.Horizon
	broken  error
}

func (c *cellar) DeleteOld(_ context.Context, h identity.Horizon, most int) (bool, error) {
	if c.horizon = h; most < 1 {
		return false, errors.New("a batch of nothing")
	}
	c.batches--
	return c.batches > 0, c.broken
}

func TestForgettingGoesOnUntilNothingOldIsLeft(t *testing.T) {
	t.Parallel()
	const daily = 24 * time.Hour
	now, c := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), &cellar{batches: 3}
	f := &identity.Forgetter{Leftovers: c, Limits: identity.Limits{Absolute: 12 * time.Hour}, Now: func() time.Time { return now }}
	if err := f.Forget(t.Context()); err != nil || c.batches != 0 {
		t.Errorf("%v, %d batches left", err, c.batches)
	}
	want := identity.Horizon{
		SignIns: now.Add(-2 * daily), ProviderSignIns: now.Add(-daily), Links: now.Add(-7 * daily), Allowances: now.Add(-2 * daily),
		Mails: now.Add(-90 * daily), SessionsEnded: now.Add(-30 * daily), SessionsBegun: now.Add(-30*daily - 12*time.Hour),
	}
	if diff := cmp.Diff(want, c.horizon); diff != "" {
		t.Errorf("horizon (-want +got):\n%s", diff)
	}
	c.batches, c.broken = 2, errDown
	if err := f.Forget(t.Context()); !errors.Is(err, errDown) || c.batches != 1 {
		t.Errorf("%v, %d batches left", err, c.batches)
	}
}
