//go:build !plant_twoways

package onboarding

import "context"

// reserve makes sure that nothing else is sent to the document's place meanwhile.
func (u *Uploads) reserve(ctx context.Context, r Registration, d Document) error {
	return u.takePlace(ctx, r, d)
}
