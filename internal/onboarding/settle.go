//go:build !plant_hasty

package onboarding

import "time"

// settled says whether a call given up at UnclearSince can no longer take effect.
func (r Registration) settled(now time.Time, settle time.Duration) bool {
	return !now.Before(r.UnclearSince.Add(settle))
}

// absenceIsCertain says whether a call that a look-up did not find cannot have created anything: it may have.
const absenceIsCertain = false
