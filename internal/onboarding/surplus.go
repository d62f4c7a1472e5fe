//go:build !plant_untidy

package onboarding

import "slices"

// surplus lists the images that count at the provider without being what a step shows: what was replaced, and what is of
// another type than the one that was chosen last. Only what the portal has sent is ever taken away.
func (v Verification) surplus(set string) []string {
	s, ok := v.Step(set)
	if !ok {
		return nil
	}
	docType, _ := s.Chosen()
	var shown []string
	for _, side := range s.SidesOf(docType) {
		if image, ok := s.At(Place{Set: set, Type: docType, Side: side}); ok {
			shown = append(shown, image.ID)
		}
	}
	var surplus []string
	for _, i := range s.Images {
		if !i.Inactive && i.Document != "" && !slices.Contains(shown, i.ID) {
			surplus = append(surplus, i.ID)
		}
	}
	return surplus
}
