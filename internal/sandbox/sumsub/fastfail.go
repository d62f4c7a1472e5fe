package sumsub

import "slices"

// doubtfulMost is how many uploads are looked at for what is doubtful; later ones are taken as they are.
const doubtfulMost = 4

// The tags that a mark in a file can ask for. Sumsub finds them in what the picture shows.
var (
	errorTags = []string{
		"forbiddenDocument", "missingImportantInfo", "dataNotReadable", "expiredDoc", "documentWayTooMuchOutside", "noIdDocFacePhoto",
		"screenshot", "sameSides", "shouldBeMrzDocument", "shouldBeDoubleSided", "shouldBeDoublePaged", "documentDeclinedBefore",
		"mrzNotReadable", "docExpiresSoon", "missingDob", "incompleteDob", "differentDocTypeOrCountry", "grayscale",
		"screenRecapture", "selfieFaceBadQuality",
	}
	warningTags = []string{
		"badSelfie", "dataReadability", "inconsistentDocument", "maybeExpiredDoc", "documentTooMuchOutside", "typeOrCountryChanged",
	}
)

// inspect says what is wrong and what is doubtful about a new picture. One with errors does not count, and neither does
// the other side of its document.
func (p *Provider) inspect(a *applicant, set DocSet, i *image) (errors, warnings []string) {
	if a.Doubtful >= doubtfulMost {
		return nil, nil
	}
	for _, mark := range i.Content.Marks {
		if slices.Contains(errorTags, mark) {
			errors = append(errors, mark)
		} else if slices.Contains(warningTags, mark) {
			warnings = append(warnings, mark)
		}
	}
	for _, tag := range append(a.sideErrors(set, i), p.countryErrors(a, i)...) {
		if !slices.Contains(errors, tag) {
			errors = append(errors, tag)
		}
	}
	if len(errors)+len(warnings) > 0 {
		a.Doubtful++
	}
	if len(errors) > 0 {
		a.deactivateDocument(set, i)
	}
	return errors, warnings
}

// sideErrors are the tags that can be known without looking: a document with two sides that came without one, and both
// sides showing the same.
func (a *applicant) sideErrors(set DocSet, i *image) []string {
	if len(set.sides(i.Type)) < 2 {
		return nil
	}
	if i.Side == "" {
		return []string{"shouldBeDoubleSided"}
	}
	for _, other := range a.active(set) {
		if other != i && other.Type == i.Type && other.Side != i.Side && i.Content.Picture != "" && other.Content.Picture == i.Content.Picture {
			return []string{"sameSides"}
		}
	}
	return nil
}

// countryErrors refuses documents of countries that the level does not take.
func (p *Provider) countryErrors(a *applicant, i *image) []string {
	wanted := p.level(a).RequiredIDDocs
	if slices.Contains(wanted.Excluded, i.Country) || len(wanted.Included) > 0 && !slices.Contains(wanted.Included, i.Country) {
		return []string{"forbiddenDocument"}
	}
	return nil
}

// deactivateDocument makes a picture and the other sides of its document count no more.
func (a *applicant) deactivateDocument(set DocSet, i *image) {
	for _, other := range a.active(set) {
		if other.Type == i.Type && other.Country == i.Country && len(set.sides(i.Type)) > 1 {
			other.Deactivated = true
		}
	}
	i.Deactivated = true
}
