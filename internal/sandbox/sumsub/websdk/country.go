package websdk

import (
	"cmp"
	"slices"
	"sync"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// country is one that documents come from.
type country struct {
	Code string `json:"code"` // ISO 3166 alpha-3
	Name string `json:"name"`
}

// countries are all of them, by their English names.
var countries = sync.OnceValue(func() []country {
	var all []country
	names := display.English.Regions()
	for first := 'A'; first <= 'Z'; first++ {
		for second := 'A'; second <= 'Z'; second++ {
			r, err := language.ParseRegion(string([]rune{first, second}))
			if err == nil && r.IsCountry() && !r.IsPrivateUse() && r.Canonicalize() == r && r.ISO3() != "ZZZ" {
				all = append(all, country{r.ISO3(), names.Name(r)})
			}
		}
	}
	slices.SortFunc(all, func(a, b country) int { return cmp.Compare(a.Name, b.Name) })
	return all
})

// taken are the countries whose documents a level takes: the included ones, or all if there are none, without the
// excluded ones.
func taken(included, excluded []string) []country {
	list := []country{}
	for _, c := range countries() {
		if (len(included) == 0 || slices.Contains(included, c.Code)) && !slices.Contains(excluded, c.Code) {
			list = append(list, c)
		}
	}
	return list
}
