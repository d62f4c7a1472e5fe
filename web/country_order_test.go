package web

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"portal/internal/i18n"
	"portal/templates"
)

// unknownRegion is what regions without a code of three letters have instead.
const unknownRegion = "ZZZ"

// Every language has all countries that exist, as those who speak it sort them.
func TestCountriesStandInTheOrderOfTheLanguage(t *testing.T) {
	t.Parallel()
	for _, l := range i18n.BuiltIn.Locales() {
		want := sortedCountries(l.Tag())
		if got := countries(l.Tag()); !slices.Equal(got, want) {
			line := l.Tag().String()
			for _, c := range want {
				line += " " + c.Value
			}
			t.Errorf("country_order.txt should have this line:\n%s", line)
		}
	}
	if languages := strings.Count(order, "\n"); languages != len(i18n.BuiltIn.Locales()) {
		t.Errorf("country_order.txt has %d lines", languages)
	}
}

// sortedCountries are those that the tables of Unicode know.
func sortedCountries(in language.Tag) []templates.Answer {
	names := display.Regions(in)
	var list []templates.Answer
	for first := 'A'; first <= 'Z'; first++ {
		for second := 'A'; second <= 'Z'; second++ {
			r, err := language.ParseRegion(string([]rune{first, second}))
			if err != nil || !r.IsCountry() || r.Canonicalize() != r || names.Name(r) == "" {
				continue
			}
			switch code := r.ISO3(); {
			case r.String() == "XK":
				list = append(list, templates.Answer{Value: kosovo, Text: names.Name(r)})
			case code != unknownRegion && !r.IsPrivateUse():
				list = append(list, templates.Answer{Value: code, Text: names.Name(r)})
			}
		}
	}
	sorted := collate.New(in)
	slices.SortFunc(list, func(a, b templates.Answer) int { return sorted.CompareString(a.Text, b.Text) })
	return list
}
