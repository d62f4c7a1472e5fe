package gallery

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"portal/internal/brand"
	"portal/internal/htmltest"
	"portal/internal/i18n"
	"portal/static"
	"portal/templates"
)

// acme is the company of the tests.
var acme = brand.Brand{
	Name: "Acme & Söhne", Accent: "#1a4f8b", SupportEmail: "help@acme.example", SupportPhone: "+49 (0)30 1234",
	PrivacyURL: "https://acme.example/privacy", ImprintURL: "https://acme.example/imprint", Address: "Acme & Söhne\n10115 Berlin",
}

// site is the portal of the tests, below a path.
var site = sync.OnceValue(func() templates.Site {
	assets, err := acme.Assets(nil)
	if err != nil {
		panic(err)
	}
	return templates.Site{Brand: acme, Base: start, Assets: static.New(assets), Languages: i18n.BuiltIn}
})

// shown is a page as somebody gets it.
type shown struct {
	Page
	locale i18n.Locale
	html   string
	*htmltest.Document
}

// comments are how e-mails speak to one mail program alone.
var comments = regexp.MustCompile(`(?s)<!--.*?-->`)

func show(p Page, l i18n.Locale) (shown, error) {
	var b strings.Builder
	if err := p.Render(context.Background(), site(), l, &b); err != nil {
		return shown{}, fmt.Errorf("%s in %s: %w", p.Name, l.Lang(), err)
	}
	d, err := htmltest.Parse(comments.ReplaceAllString(b.String(), ""))
	if err != nil {
		return shown{}, fmt.Errorf("%s in %s: %w", p.Name, l.Lang(), err)
	}
	return shown{p, l, b.String(), d}, nil
}

// everything is every page in every language, and in the one that nobody speaks; it is rendered once for all tests.
var everything = sync.OnceValues(func() (all []shown, _ error) {
	for _, l := range append(i18n.BuiltIn.Locales(), i18n.Pseudo) {
		for _, p := range Pages() {
			s, err := show(p, l)
			if err != nil {
				return nil, err
			}
			all = append(all, s)
		}
	}
	return all, nil
})

// each looks for flaws in everything that is wanted.
func each(t *testing.T, wanted func(shown) bool, check func(s shown, flaw func(format string, args ...any))) {
	t.Helper()
	t.Parallel()
	all, err := everything()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		if wanted(s) {
			check(s, func(format string, args ...any) {
				t.Helper()
				t.Errorf("%s, %s: %s", s.locale.Lang(), s.Name, fmt.Sprintf(format, args...))
			})
		}
	}
}

// What tests are about.
func all(shown) bool        { return true }
func pages(s shown) bool    { return !s.Mail }
func inPseudo(s shown) bool { return s.locale == i18n.Pseudo }

// inEnglish is a page as English speakers get it.
func inEnglish(t *testing.T, name string) shown {
	t.Helper()
	p, ok := Named(name)
	if !ok {
		t.Fatalf("there is no page %q", name)
	}
	s, err := show(p, i18n.Locale{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// only is the one element of a name.
func (s shown) only(name string) *htmltest.Element {
	if found := s.Named(name); len(found) == 1 {
		return found[0]
	}
	return nil
}

func TestNamesTellPagesApart(t *testing.T) {
	t.Parallel()
	var seen []string
	for _, p := range Pages() {
		if p.Name == "" || p.Family == "" || slices.Contains(seen, p.Name) {
			t.Errorf("%+v has no family, or a name that another has", p)
		}
		seen = append(seen, p.Name)
	}
	if _, ok := Named("no such page"); ok {
		t.Error("a page is found that is not there")
	}
}

// Whoever wants to edit a page finds its file in the guide.
func TestGuideNamesEveryFile(t *testing.T) {
	t.Parallel()
	guide, err := os.ReadFile(filepath.Join("..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join("..", "*.templ"))
	mails, wrong := filepath.Glob(filepath.Join("..", "email", "*.templ"))
	if err != nil || wrong != nil || len(files) == 0 || len(mails) == 0 {
		t.Fatal(err, wrong, files, mails)
	}
	for _, file := range append(files, mails...) {
		name, _ := filepath.Rel("..", file)
		if !strings.Contains(string(guide), "`"+filepath.ToSlash(name)+"`") {
			t.Errorf("templates/README.md does not name %s", name)
		}
	}
}
