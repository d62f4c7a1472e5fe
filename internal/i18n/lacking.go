package i18n

import (
	"fmt"
	"maps"
	"regexp"
	"slices"

	"golang.org/x/text/feature/plural"
)

// enough numbers to meet every plural form of a language.
const enough = 120

var pluralForm = regexp.MustCompile(`\.(zero|one|two|few|many|other)$`)

// Lacking lists the messages that a language's catalogue does not have, or has empty, and English does; its error says why
// the catalogue cannot be read. Companies edit catalogues, and only their own tests would tell them otherwise.
func Lacking(lang string) ([]string, error) {
	read, ok := readings[lang]
	if !ok {
		return nil, fmt.Errorf("%q is not one of the portal's languages", lang)
	}
	if _, err := read(); err != nil {
		return nil, err
	}
	return embeddedCatalogue(lang).lacking(english), nil
}

// lacking lists what c does not say and another catalogue does.
func (c *catalogue) lacking(other *catalogue) []string {
	keys, wanted := map[string]bool{}, c.forms()
	for key := range other.messages() {
		form := pluralForm.FindString(key)
		base := key[:len(key)-len(form)]
		_, isPlural := other.messages()[base+".other"]
		switch {
		case form != "" && isPlural:
			if slices.ContainsFunc(wanted, func(form string) bool { return c.messages()[base+form] == "" }) {
				keys[base] = true
			}
		case c.messages()[key] == "":
			keys[key] = true
		}
	}
	return slices.Sorted(maps.Keys(keys))
}

// forms are the suffixes of the plural forms that the language has.
func (c *catalogue) forms() []string {
	found := map[string]bool{}
	for count := range enough {
		found[forms[plural.Cardinal.MatchPlural(c.tag, count, 0, 0, 0, 0)]] = true
	}
	return slices.Sorted(maps.Keys(found))
}
