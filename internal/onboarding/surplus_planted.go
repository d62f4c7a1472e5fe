//go:build plant_untidy

package onboarding

// surplus has a planted bug, to prove that the torture runs find it: what was replaced counts on.
func (v Verification) surplus(string) []string { return nil }
