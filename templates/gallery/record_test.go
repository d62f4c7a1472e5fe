package gallery

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"portal/internal/i18n"
	"portal/templates"
)

// The statement about accessibility may only claim what was tested: with a new page, a new state or another language, the test is due again.
func TestRecordOfTheAccessibilityTestIsOfThesePages(t *testing.T) {
	t.Parallel()
	record, err := templates.LastAccessibilityTest()
	if err != nil {
		t.Fatal(err)
	}
	pages, states := Count()
	var languages []string
	for _, l := range i18n.BuiltIn.Locales() {
		languages = append(languages, l.Lang())
	}
	want := record
	want.Pages, want.States, want.Languages, want.Violations = pages, states, languages, 0
	if diff := cmp.Diff(want, record); diff != "" {
		t.Errorf("templates/accessibility.json is not of the pages as they are; `make a11y` tests them and writes it anew:\n%s", diff)
	}
}
