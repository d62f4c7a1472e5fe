//go:build plant_green

package onboarding

// approved has a planted bug, to prove that the torture runs find it: an answer counts whatever the status.
func (v Verification) approved() bool { return v.Review.Answer == Green }
