package passfort

import (
	_ "embed"
	"slices"
	"strings"

	"portal/internal/sandbox/passfort/account"
)

//go:embed countries.txt
var countryList string

// countries are the countries by ISO 3166 alpha-3 code, with the provider's RKS for Kosovo.
var countries = parseCountries(countryList)

func parseCountries(list string) []account.Option {
	var options []account.Option
	for line := range strings.Lines(list) {
		code, name, _ := strings.Cut(strings.TrimSpace(line), " ")
		options = append(options, account.Option{Value: code, Label: name})
	}
	return options
}

// nationalities are the ICAO codes of passports that are no countries, by PassFort's schema of 2019.
var nationalities = []string{
	"GBN", "GBO", "GBP", "GBS", "EUE", "UNO", "UNA", "UNK", "XBA", "XIM", "XCC", "XCO", "XEC", "XPO", "XOM",
	"XXA", "XXB", "XXC", "XXX",
}

func isNationality(code string) bool { return isCountry(code) || slices.Contains(nationalities, code) }

func isCountry(code string) bool {
	return slices.ContainsFunc(countries, func(c account.Option) bool { return c.Value == code })
}
