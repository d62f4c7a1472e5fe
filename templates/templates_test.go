package templates

import (
	"context"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"portal/internal/brand"
	"portal/internal/i18n"
	"portal/static"
)

// known is an applicant who is signed in.
var known = Account{In: true, Name: applicant}

const (
	embedURL  = "https://collection.example/embed.js"
	applicant = "anna+test@mail.example"
)

func acme() brand.Brand {
	return brand.Brand{
		Name: "Acme & Söhne", Accent: "#1a4f8b", SupportEmail: "help@acme.example", SupportPhone: "+49 (0)30 1234",
		PrivacyURL: "https://acme.example/privacy", ImprintURL: "https://acme.example/imprint",
	}
}

// siteAt is a portal below base.
func siteAt(t *testing.T, base string) Site {
	t.Helper()
	assets, err := acme().Assets(nil)
	if err != nil {
		t.Fatal(err)
	}
	return Site{Brand: acme(), Base: base, Assets: static.New(assets), Languages: i18n.BuiltIn}
}

func render(t *testing.T, s Site, l i18n.Locale, c templ.Component) string {
	t.Helper()
	var b strings.Builder
	if err := c.Render(i18n.With(With(context.Background(), s), l), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestPortalsAtTheRootLeadToTheRoot(t *testing.T) {
	page := render(t, siteAt(t, ""), i18n.Locale{}, Problem(ProblemView{Status: 404}))
	if !strings.Contains(page, `href="/"`) || !strings.Contains(page, `href="/static/app.`) {
		t.Error(page)
	}
}

func TestLogoStandsForTheName(t *testing.T) {
	b := acme()
	b.Logo, b.LogoAlt = "acme.svg", "Acme, since 1900"
	s := Site{Brand: b, Languages: i18n.BuiltIn, Assets: static.New(map[string][]byte{"brand.css": b.Stylesheet(), "icon.svg": b.Icon(), "logo.svg": []byte("<svg/>")})}
	page := render(t, s, i18n.Locale{}, SignedOut())
	if !strings.Contains(page, `alt="Acme, since 1900"`) || !strings.Contains(page, `src="/static/logo.`) {
		t.Error(page)
	}
}
