package i18n_test

import (
	"slices"
	"strings"
	"testing"

	"portal/internal/i18n"
)

// Whatever a browser says of its languages, the page is in one of ours.
func FuzzAcceptLanguage(f *testing.F) {
	for _, header := range []string{
		"", "de", "de-AT,de;q=0.9,en;q=0.8", "*", "xx", "zh-Hant-TW", "en;q=0", "de;q=2", "de;q=0.1234,fr;q=", ";;;,,,", "\x00", "i-klingon, x-pirate",
		"en-x-" + strings.Repeat("a-", 2000), strings.Repeat("de,", 8000), strings.Repeat("a_", 1000), "de-u-co-phonebk;q=1e9",
	} {
		f.Add(header)
	}
	f.Fuzz(func(t *testing.T, header string) {
		if l := i18n.BuiltIn.Negotiate(header); !slices.Contains(i18n.BuiltIn.Locales(), l) {
			t.Errorf("%q leads to %v", header, l)
		}
	})
}

func TestEndlessListsOfLanguagesAreNotTakenApart(t *testing.T) {
	t.Parallel()
	for _, n := range []int{100, 4000} {
		header := strings.Repeat("de;q=0.1,", n)
		if l, sure := i18n.BuiltIn.Match(header); sure != (n == 100) || sure != (l.Lang() == "de") {
			t.Errorf("%d bytes lead to %s, %t", len(header), l.Lang(), sure)
		}
	}
}
