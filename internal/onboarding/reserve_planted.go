//go:build plant_twoways

package onboarding

import (
	"context"
)

// reserve has a planted bug, to prove that the torture runs find it: where others are in the way, it goes on all the same.
func (u *Uploads) reserve(ctx context.Context, r Registration, d Document) error {
	if err := u.takePlace(ctx, r, d); KindOf(err) != Conflict && KindOf(err) != Busy {
		return err
	}
	return nil
}
