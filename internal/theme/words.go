package theme

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"portal/internal/i18n"
)

// spoken are the languages that the portal speaks: all that it knows unless some are named.
func (t Theme) spoken() []string {
	if len(t.Languages) > 0 {
		return t.Languages
	}
	var all []string
	for _, l := range i18n.BuiltIn.Locales() {
		all = append(all, l.Lang())
	}
	return all
}

// checkLanguages looks at the company's own words, and at what its catalogues lack.
func (t Theme) checkLanguages() []Finding {
	var found []Finding
	for _, err := range t.checkTexts() {
		found = append(found, Finding{
			Problem: true, Where: "portal.toml languages and [texts]", What: err.Error(),
			Mend: "texts are named as in internal/i18n/catalogue/en.toml, and keep what stands in braces there",
		})
	}
	known := Theme{}.spoken()
	for _, lang := range t.spoken() {
		if slices.Contains(known, lang) { // a name that is wrong is said above
			found = append(found, checkCatalogue(lang)...)
		}
	}
	return found
}

// checkCatalogue looks for texts that a company has lost while it edited them.
func checkCatalogue(lang string) []Finding {
	where := fmt.Sprintf("internal/i18n/catalogue/%s.toml", lang)
	lacking, err := i18n.Lacking(lang)
	if err != nil {
		return []Finding{{Problem: true, Where: where, What: err.Error(), Mend: "correct the file"}}
	}
	var found []Finding
	for _, key := range lacking {
		found = append(found, Finding{
			Problem: true, Where: where, What: key + " is missing: people would see this name in place of a text",
			Mend: "translate it from en.toml, in every form of the plural",
		})
	}
	return found
}

// checkTexts says what is wrong with the settings languages and texts.
func (t Theme) checkTexts() []error {
	words := map[string]map[string]string{}
	for lang, tables := range t.Texts {
		texts, err := i18n.Flatten(tables)
		if err != nil {
			return []error{fmt.Errorf("texts.%s: %w", lang, err)}
		}
		words[lang] = texts
	}
	_, err := i18n.New(t.Languages, words)
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		return joined.Unwrap()
	}
	return nil
}

// checkTitles wants a translation of every title. The title itself is in the first language.
func (t Theme) checkTitles() []Finding {
	var found []Finding
	spoken, known := t.spoken(), Theme{}.spoken()
	for _, titled := range t.Titles {
		var missing []string
		for _, lang := range spoken[1:] {
			if strings.TrimSpace(titled.Titles[lang]) == "" {
				missing = append(missing, lang)
			}
		}
		if len(missing) > 0 {
			found = append(found, Finding{
				Problem: true, Where: titled.Where + " titles", What: fmt.Sprintf("%q is not translated into %s", titled.Title, strings.Join(missing, ", ")),
				Mend: fmt.Sprintf(`add them, as in titles = { %s = "…" }, or name the languages that the portal is to speak as languages = [%q]`, missing[0], spoken[0]),
			})
		}
		for _, lang := range slices.Sorted(maps.Keys(titled.Titles)) {
			if !slices.Contains(known, lang) { // others may only be off for now
				found = append(found, Finding{Where: titled.Where + " titles", What: fmt.Sprintf("nobody sees %q: the portal does not know %q", titled.Titles[lang], lang), Mend: "correct the name of the language, or take it out"})
			}
		}
	}
	return found
}
