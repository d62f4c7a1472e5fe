package i18n

import (
	"context"
	"strings"
	"testing"

	"golang.org/x/text/language"
)

func TestNegotiateFindsTheBestLanguage(t *testing.T) {
	cases := map[string]string{
		"":                           "en",
		"de":                         "de",
		"de-AT":                      "de",
		"DE-ch, en;q=0.5":            "de",
		"fr-FR, fr;q=0.9, de;q=0.8":  "fr",
		"sv, de;q=0.8":               "de",
		"pt-PT":                      "pt",
		"pt-BR":                      "pt",
		"zh-CN":                      "zh",
		"zh-TW":                      "zh",
		"ar-EG, en;q=0.3":            "ar",
		"en-GB,en;q=0.9,de;q=0.8":    "en",
		"ja":                         "en",
		"*":                          "en",
		"de;q=0":                     "en",
		"gsw":                        "de",
		"!!! not a header":           "en",
		strings.Repeat("de-", 10000): "en",
	}
	for header, want := range cases {
		if got := BuiltIn.Negotiate(header).Lang(); got != want {
			t.Errorf("Negotiate(%.40q) = %s, want %s", header, got, want)
		}
	}
}

func TestFromIsEnglishWithoutALocale(t *testing.T) {
	l := From(context.Background())
	if l.Lang() != "en" || l.Dir() != "ltr" || l.Tag() != language.English {
		t.Errorf("From(Background) = %s %s", l.Lang(), l.Dir())
	}
}

func TestDirFollowsTheScript(t *testing.T) {
	for lang, want := range map[string]string{"ar": "rtl", "he": "rtl", "ur": "rtl", "de": "ltr", "zh": "ltr", "uz-Arab": "rtl"} {
		if got := (Locale{&catalogue{tag: language.MustParse(lang)}}).Dir(); got != want {
			t.Errorf("%s is written %s, want %s", lang, got, want)
		}
	}
}

func saying(messages map[string]string) func() map[string]string {
	return func() map[string]string { return messages }
}

func TestTFillsPlaceholders(t *testing.T) {
	c := &catalogue{tag: language.English, messages: saying(map[string]string{
		"plain": "No {placeholder}", "greeting": "Hello {name}, {name} from {town}", "odd": "{a}",
	})}
	ctx := With(context.Background(), Locale{c})
	cases := []struct {
		key  string
		args []any
		want string
	}{
		{"plain", nil, "No {placeholder}"},
		{"greeting", []any{"name", "Ann", "town", "Ulm"}, "Hello Ann, Ann from Ulm"},
		{"greeting", []any{"name", "{town}", "town", "<b>"}, "Hello {town}, {town} from <b>"},
		{"odd", []any{"a"}, "{a}"},
		{"missing.key", []any{"a", 1}, "missing.key"},
	}
	for _, c := range cases {
		if got := T(ctx, c.key, c.args...); got != c.want {
			t.Errorf("T(%s, %v) = %q, want %q", c.key, c.args, got, c.want)
		}
	}
}

func TestTChoosesThePluralForm(t *testing.T) {
	c := &catalogue{tag: language.Polish, messages: saying(map[string]string{
		"n.one": "{count} plik", "n.few": "{count} pliki", "n.many": "{count} plików", "n.other": "{count} pliku",
	})}
	ctx := With(context.Background(), Locale{c})
	for count, want := range map[int]string{1: "1 plik", 2: "2 pliki", 5: "5 plików", 22: "22 pliki"} {
		if got := T(ctx, "n", "count", count); got != want {
			t.Errorf("%d files are %q, want %q", count, got, want)
		}
	}
	if got := T(ctx, "n"); got != "n" {
		t.Errorf("without a count: %q", got)
	}
}

func TestParseRefusesWhatIsNoText(t *testing.T) {
	for _, text := range []string{"a = 1", "[a]\nb = ['x']", "a = \"1\"\na = \"2\"", "="} {
		if _, err := parse(text); err == nil {
			t.Errorf("%q is accepted", text)
		}
	}
}
