package i18n

import (
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/language"
)

func TestLackingNamesWhatACatalogueDoesNotSay(t *testing.T) {
	t.Parallel()
	of := func(tag language.Tag, messages map[string]string) *catalogue {
		return &catalogue{tag: tag, messages: func() map[string]string { return messages }}
	}
	first := map[string]string{"a.title": "A", "a.text": "T", "a.days.one": "{count} day", "a.days.other": "{count} days"}
	whole := map[string]string{"a.title": "A", "a.text": "T", "a.days.one": "dzień", "a.days.few": "dni", "a.days.many": "dni", "a.days.other": "dnia"}
	for name, c := range map[string]struct {
		lose string
		want []string
	}{
		"nothing": {}, "a message": {"a.title", []string{"a.title"}}, "a plural form": {"a.days.few", []string{"a.days"}},
	} {
		messages := maps.Clone(whole)
		delete(messages, c.lose)
		if diff := cmp.Diff(c.want, of(language.Polish, messages).lacking(of(language.English, first))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		messages[c.lose] = ""
		if got := of(language.Polish, messages).lacking(of(language.English, first)); len(got) != len(c.want) {
			t.Errorf("%s, empty: %v", name, got)
		}
	}
}

func TestLackingKnowsOnlyThePortalsLanguages(t *testing.T) {
	t.Parallel()
	if _, err := Lacking("tlh"); err == nil {
		t.Error("it knows Klingon")
	}
	for _, lang := range languages {
		if _, err := Lacking(lang); err != nil {
			t.Errorf("%s: %v", lang, err)
		}
	}
}
