//go:build plant_hasty

package onboarding

import "time"

// This is a planted bug, to prove that the torture runs find it: what a look-up does not find counts at once.
func (r Registration) settled(now time.Time, settle time.Duration) bool {
	return true
}

// absenceIsCertain belongs to the planted bug.
const absenceIsCertain = true
