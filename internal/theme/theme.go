// Package theme says what would harm the people who read a company's pages: colours and sizes that cannot be read, a logo
// that cannot be seen or heard, files that are missing or not what they seem, texts that are not translated. Check is all of
// its rules; `portal theme check` prints what they find. Nothing here reads a file of its own accord or knows a secret.
package theme

import (
	"cmp"
	"io/fs"
	"slices"

	"portal/internal/brand"
)

// Theme is everything by which a company makes the portal look and speak like itself.
type Theme struct {
	// Brands are the portal's own, and after it those that flows have.
	Brands []Worn
	// Files are those beside portal.toml.
	Files fs.FS
	// Languages are those that portal.toml names, and Texts the company's own words in them.
	Languages []string
	Texts     map[string]map[string]any
	// Titles are those that need a translation.
	Titles []Titled
	// Stylesheets are the program's own, by their path: companies edit them.
	Stylesheets map[string][]byte
	// Page is any page, as browsers get it.
	Page []byte
}

// Worn is a brand and where it stands.
type Worn struct {
	Where string // such as "portal.toml [brand]"
	Brand brand.Brand
}

// Titled is something that applicants choose by its title.
type Titled struct {
	Where  string // such as "portal.toml [[flow]] company"
	Title  string
	Titles map[string]string // by language
}

// Finding is something that should be different.
type Finding struct {
	Problem bool   // it harms; otherwise it is advice
	Where   string // it is
	What    string // is wrong
	Mend    string // how it is put right
}

// Check applies every rule. Problems come first, each kind in the order of the files.
func Check(t Theme) []Finding {
	found := slices.Concat(t.checkBrands(), t.checkLanguages(), t.checkTitles(), checkStyles(t.Stylesheets), checkViewport(t.Page))
	slices.SortStableFunc(found, func(a, b Finding) int { return cmp.Compare(rank(a), rank(b)) })
	return found
}

func rank(f Finding) int {
	if f.Problem {
		return 0
	}
	return 1
}
