package web

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"portal/internal/i18n"
	"portal/internal/onboarding"
	"portal/templates"
)

// asksCountry says whether the country of a document is asked for: of each document once, and of pictures of people only where
// nothing else tells it.
func asksCountry(v onboarding.Verification, t typedDocument, step onboarding.Step) bool {
	if withoutCountry(t.docType) {
		return countryOfPerson(v) == ""
	}
	_, chosen := step.Chosen()
	return t.side != onboarding.BackSide || chosen == ""
}

// takenCountries are the countries whose documents are taken.
func takenCountries(ctx context.Context, v onboarding.Verification) []templates.OptionGroup {
	groups := countryGroups(ctx)
	for i, g := range groups {
		groups[i].Options = slices.DeleteFunc(slices.Clone(g.Options), func(o templates.Answer) bool { return !v.Takes(o.Value) })
	}
	return groups
}

// takesCountry says whether a document may be of a country: one to choose from, or what the provider has found the other side, or
// the person's identity document, to be of.
func takesCountry(v onboarding.Verification, step onboarding.Step, country string) bool {
	_, chosen := step.Chosen()
	return country != "" && v.Takes(country) && (listed(country) || country == chosen || country == countryOfPerson(v))
}

// listed says whether a country is one to choose from.
func listed(country string) bool {
	return slices.ContainsFunc(countriesIn[i18n.Locale{}.Lang()](), func(o templates.Answer) bool { return o.Value == country })
}

// countryOf is the country that goes with a picture: what was chosen, or with one of a person, what is known of them.
func countryOf(v onboarding.Verification, t typedDocument) string {
	if withoutCountry(t.docType) {
		return cmp.Or(countryOfPerson(v), t.country)
	}
	return t.country
}

// countryOfPerson is the country that the provider is told with a picture of the person: that of the identity document, which the
// picture is compared with, or else what they said about themselves. It is empty where nothing tells it, and never guessed.
func countryOfPerson(v onboarding.Verification) string {
	for _, step := range v.Steps {
		if _, country := step.Chosen(); identifies(step) && country != "" && v.Takes(country) {
			return country
		}
	}
	for _, field := range []string{onboarding.FieldNationality, onboarding.FieldCountry} {
		if country := v.Data[field]; listed(country) && v.Takes(country) {
			return country
		}
	}
	return ""
}

// identifies says whether the step takes the document that pictures of the person are compared with.
func identifies(step onboarding.Step) bool {
	return strings.HasPrefix(step.Set, "IDENTITY") && !slices.ContainsFunc(step.Types, withoutCountry)
}

// errIdentityFirst is the error of a picture of the person that comes before the document which it is compared with.
var errIdentityFirst = &onboarding.Error{Kind: onboarding.Invalid, Key: "error.document_identity_first", Err: errors.New("the identity document is not there yet")}

// identityFirst says whether a step waits for the identity document: it takes pictures of the person, and the document that tells
// their country is still to be given.
func identityFirst(v onboarding.Verification, step onboarding.Step) bool {
	if !slices.ContainsFunc(step.Types, withoutCountry) {
		return false
	}
	waits := false
	for _, other := range v.Steps {
		docType, country := other.Chosen()
		if identifies(other) && country != "" {
			return false
		}
		waits = waits || identifies(other) && len(v.Wanted(other, docType)) > 0
	}
	return waits
}

// tooEarly answers who sends a picture of the person before the identity document.
func (s *Server) tooEarly(r *http.Request, d documentVisit) answer {
	if wantsJSON(r) {
		return answer{status: http.StatusUnprocessableEntity, json: uploadAnswer{Error: i18n.T(r.Context(), errIdentityFirst.Key), Field: "file"}}
	}
	return s.troubledDocuments(r, d, http.StatusUnprocessableEntity, errIdentityFirst.Key)
}
