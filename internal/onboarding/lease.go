//go:build !plant_no_lease

package onboarding

import (
	"context"
	"time"
)

// claim takes the lease under which the registration's steps are taken.
func (e *Engine) claim(ctx context.Context, id RegistrationID, now time.Time) (Registration, error) {
	return e.Registrations.Claim(ctx, id, now, now.Add(claimFor))
}

// saveClaimed stores a step of whoever holds the lease, and of nobody else.
func (e *Engine) saveClaimed(ctx context.Context, r Registration, until time.Time) (Registration, error) {
	return e.Registrations.Save(ctx, r, until)
}
