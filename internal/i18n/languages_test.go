package i18n

import (
	"context"
	"strings"
	"testing"
)

func TestCompanyOffersItsLanguagesInItsOrder(t *testing.T) {
	ls, err := New([]string{"fr", "de"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for header, want := range map[string]string{"de-AT": "de", "en": "fr", "": "fr", "ar, de;q=0.1": "de"} {
		if got := ls.Negotiate(header).Lang(); got != want {
			t.Errorf("Negotiate(%q) = %s, want %s", header, got, want)
		}
	}
	if _, ok := ls.Named("en"); ok {
		t.Error("a language that is not offered can be chosen")
	}
	if l, ok := ls.Named("de"); !ok || l.Name() != "Deutsch" {
		t.Errorf("Named(de) = %s, %t", l.Name(), ok)
	}
}

func TestLanguageThatIsNotSpokenIsNobodysWish(t *testing.T) {
	for header, want := range map[string]bool{"de-AT": true, "sv, pt-BR;q=0.3": true, "en": true, "sv": false, "": false, "de; Path=/": false, ";;;q=x": false} {
		if l, ok := BuiltIn.Match(header); ok != want || !ok && l.Lang() != "en" {
			t.Errorf("Match(%q) = %s, %t", header, l.Lang(), ok)
		}
	}
}

func TestCompanysWordsTakeThePlaceOfOurs(t *testing.T) {
	ls, err := New([]string{"en", "de"}, map[string]map[string]string{"de": {"landing.title": "Willkommen bei {company}"}})
	if err != nil {
		t.Fatal(err)
	}
	for lang, want := range map[string]string{"de": "Willkommen bei Acme", "en": "Register with Acme"} {
		if got := T(With(context.Background(), ls.Negotiate(lang)), "landing.title", "company", "Acme"); got != want {
			t.Errorf("%s: %q, want %q", lang, got, want)
		}
	}
	if got := T(With(context.Background(), BuiltIn.Negotiate("de")), "landing.title", "company", "Acme"); got == "Willkommen bei Acme" {
		t.Error("another portal has the company's words")
	}
}

func TestWrongWordsAreAllSaidAtOnce(t *testing.T) {
	_, err := New([]string{"de", "xx", "de"}, map[string]map[string]string{
		"de": {"landing.titel": "x", "landing.title": "Ohne Firma", "landing.lead": " ", "landing.start": "Mit {company}"},
		"fr": {"landing.title": "{company}"},
	})
	if err == nil {
		t.Fatal("nothing is wrong with it")
	}
	lines := strings.Split(err.Error(), "\n")
	for i, want := range []string{
		"landing.lead is empty", "landing.start must have no name in braces: nothing is filled in there", "there is no text named landing.titel", "landing.title must have in it what is filled in, and nothing else: {company}",
		`"xx" is not one of en, de`, `"de" is there twice`, `does not speak "fr"`,
	} {
		if i >= len(lines) || !strings.Contains(lines[i], want) {
			t.Fatalf("line %d lacks %q:\n%v", i, want, err)
		}
	}
}

func TestEveryLanguageSaysWhatItIsCalled(t *testing.T) {
	seen := map[string]bool{}
	for _, l := range BuiltIn.Locales() {
		if name := l.Name(); name == "" || seen[name] {
			t.Errorf("%s calls itself %q", l.Lang(), name)
		}
		seen[l.Name()] = true
	}
}

func TestPseudoTouchesEveryLetterAndNoPlaceholder(t *testing.T) {
	got := T(With(context.Background(), Pseudo), "landing.title", "company", "Acme")
	if !strings.HasPrefix(got, "⟦") || !strings.HasSuffix(got, "⟧") || !strings.Contains(got, "Acme") || strings.Contains(got, "Register") {
		t.Errorf("%q", got)
	}
	if plain := T(context.Background(), "landing.title", "company", "Acme"); len([]rune(got)) < len([]rune(plain))*13/10 {
		t.Errorf("%q is hardly longer than %q", got, plain)
	}
	if got := T(With(context.Background(), Pseudo), "wait.minutes", "count", 2); !strings.Contains(got, "2") {
		t.Errorf("%q", got)
	}
}
