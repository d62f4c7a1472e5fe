package web

import (
	"cmp"
	"context"
	_ "embed" // for the order of countries
	"strings"
	"sync"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"portal/internal/i18n"
	"portal/templates"
)

// kosovo has no code in the standard; this is what the European Union and the World Bank use.
const kosovo = "XKX"

// specialNationalities are the message keys of those that no country has, by ICAO's codes, in the order of likelihood.
var specialNationalities = [][2]string{
	{"XXA", "nationality.stateless"},
	{"XXB", "nationality.refugee"},
	{"XXC", "nationality.other_refugee"},
	{"XXX", "nationality.unspecified"},
	{"GBD", "nationality.british_territories"},
	{"GBN", "nationality.british_national"},
	{"GBO", "nationality.british_overseas"},
	{"GBP", "nationality.british_protected"},
	{"GBS", "nationality.british_subject"},
	{"EUE", "nationality.european_union"},
	{"UNO", "nationality.united_nations"},
	{"UNA", "nationality.united_nations_agency"},
	{"UNK", "nationality.united_nations_kosovo"},
	{"XOM", "nationality.malta_order"},
	{"XPO", "nationality.interpol"},
}

// countriesIn are the countries with their names in every language of the portal, sorted as its speakers do, each list made
// when it is first wanted.
var countriesIn = func() map[string]func() []templates.Answer {
	all := map[string]func() []templates.Answer{}
	for _, l := range i18n.BuiltIn.Locales() {
		all[l.Lang()] = sync.OnceValue(func() []templates.Answer { return countries(l.Tag()) })
	}
	return all
}()

// order has a line for each language: its tag, then the codes of all countries as its speakers sort their names. The tables by
// which that is found are a megabyte, so it was found beforehand; TestCountriesStandInTheOrderOfTheLanguage says how.
//
//go:embed country_order.txt
var order string

// countries are those that exist, by their codes of three letters.
func countries(in language.Tag) []templates.Answer {
	names := display.Regions(in)
	var list []templates.Answer
	for line := range strings.Lines(order) {
		codes := strings.Fields(line)
		if codes[0] != in.String() {
			continue
		}
		for _, code := range codes[1:] {
			list = append(list, templates.Answer{Value: code, Text: names.Name(regionOf(code))})
		}
	}
	return list
}

func regionOf(code string) language.Region {
	if code == kosovo {
		code = "XK"
	}
	return language.MustParseRegion(code)
}

// countryGroups is the list of countries to choose from.
func countryGroups(ctx context.Context) []templates.OptionGroup {
	return []templates.OptionGroup{{Options: countriesIn[i18n.From(ctx).Lang()]()}}
}

// nationalityGroups is that list with the nationalities that no country has.
func nationalityGroups(ctx context.Context) []templates.OptionGroup {
	special := templates.OptionGroup{Label: i18n.T(ctx, "nationality.special")}
	for _, s := range specialNationalities {
		special.Options = append(special.Options, templates.Answer{Value: s[0], Text: i18n.T(ctx, s[1])})
	}
	return append(countryGroups(ctx), special)
}

// placeInWords is a country or a nationality in words.
func placeInWords(ctx context.Context, code string) string {
	for _, group := range nationalityGroups(ctx) {
		for _, o := range group.Options {
			if o.Value == code {
				return cmp.Or(o.Text, code)
			}
		}
	}
	return code
}
