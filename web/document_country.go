package web

import (
	"context"
	"slices"

	"portal/internal/i18n"
	"portal/internal/onboarding"
	"portal/templates"
)

// asksCountry says whether the country of a document is asked for: not of pictures of people, and of each document once.
func asksCountry(t typedDocument, step onboarding.Step) bool {
	_, chosen := step.Chosen()
	return !withoutCountry(t.docType) && (t.side != onboarding.BackSide || chosen == "")
}

// takenCountries are the countries whose documents are taken.
func takenCountries(ctx context.Context, v onboarding.Verification) []templates.OptionGroup {
	groups := countryGroups(ctx)
	for i, g := range groups {
		groups[i].Options = slices.DeleteFunc(slices.Clone(g.Options), func(o templates.Answer) bool { return !v.Takes(o.Value) })
	}
	return groups
}

// takesCountry says whether a document may be of a country: one to choose from, or what the provider has found the other side to
// be of.
func takesCountry(v onboarding.Verification, step onboarding.Step, country string) bool {
	_, chosen := step.Chosen()
	known := slices.ContainsFunc(countriesIn()[i18n.Locale{}.Lang()], func(o templates.Answer) bool { return o.Value == country })
	return country != "" && v.Takes(country) && (known || country == chosen)
}

// countryOf is the country that goes with a picture: what was chosen, or where nothing is asked, that of the document which the
// person holds.
func countryOf(v onboarding.Verification, t typedDocument) string {
	if !withoutCountry(t.docType) {
		return t.country
	}
	for _, step := range v.Steps {
		if docType, country := step.Chosen(); country != "" && !withoutCountry(docType) && v.Takes(country) {
			return country
		}
	}
	if len(v.Included) > 0 {
		return v.Included[0]
	}
	for _, o := range countriesIn()[i18n.Locale{}.Lang()] {
		if v.Takes(o.Value) {
			return o.Value
		}
	}
	return ""
}
