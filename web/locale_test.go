package web_test

import (
	"html"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"portal/internal/i18n"
	"portal/internal/identity"
	"portal/internal/oidctest"
)

// localised are addresses of pages of every kind: drawn, about a problem, and finished before anybody asked.
var localised = []string{"", "/sign-in", "/complete", "/nowhere", "/start", link, "?request_id=only"}

func TestLanguageIsTheChoiceThenTheLinkThenTheCompanysThenTheBrowsers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	for _, test := range []struct{ choice, param, before, company, want string }{
		{"", "", "", "", "it"},
		{"", "", "", "nl", "nl"},
		{"", "", "es", "nl", "es"},
		{"", "fr", "es", "nl", "fr"},
		{"pl", "fr", "es", "nl", "pl"},
		{"ar", "", "", "", "ar"},
		{"sv", "", "", "", "it"}, // what the portal does not speak is nobody's wish
		{"", "sv", "", "", "it"},
		{"", "sv", "", "nl", "nl"},
		{"sv", "sv", "sv", "de-AT", "de"},
		{"", "", "", "sv", "it"},
		{"", "sv", "es", "nl", "es"},
	} {
		for _, address := range localised {
			b := w.browser()
			b.language = "it, en;q=0.5"
			for name, value := range map[string]string{"__Secure-portal_language": test.choice, "__Secure-portal_address_language": test.before, "__Secure-portal_locale": test.company} {
				if value != "" {
					b.plant(map[string]string{name: value})
				}
			}
			if test.param != "" {
				address += map[bool]string{true: "&", false: "?"}[strings.Contains(address, "?")] + "lang=" + test.param
			}
			p := b.get(address)
			if p.header.Get("Content-Language") != test.want {
				t.Errorf("%s with %+v is in %q", p.what, test, p.header.Get("Content-Language"))
			}
			if test.param == "sv" && strings.Contains(strings.Join(p.header.Values("Set-Cookie"), " "), "portal_address_language") {
				t.Errorf("%s with %+v keeps a language that the portal does not speak", p.what, test)
			}
		}
	}
}

// The company knows somebody by one language, and the link that it shows them names another, which the page was in.
func TestLanguageOfTheAddressLastsUntilSignOut(t *testing.T) {
	t.Parallel()
	c := newCompany(t, false)
	w := c.world(t)
	for way, signIn := range map[string]func(*browser){
		"a code": func(b *browser) {
			b.get("/sign-in?flow=individual&lang=fr")
			b.signIn("ada@example.com")
		},
		"a provider that says no language": func(b *browser) { b.get(c.at(b, "eve", "?lang=fr")).leads("") },
		"a provider that says another":     func(b *browser) { b.get(c.at(b, "ada", "?lang=fr")).leads("") },
		"a link of somebody of another one": func(b *browser) {
			at := w.link(identity.Link{Subject: "cust-8", Locale: "de"})
			if p := b.get(at + "?lang=fr"); p.header.Get("Content-Language") != "fr" {
				t.Errorf("%s is in %q", p.what, p.header.Get("Content-Language"))
			}
			b.post(at).leads("")
		},
	} {
		b := w.browser()
		b.language = "en"
		signIn(b)
		if p := b.get(""); p.header.Get("Content-Language") != "fr" {
			t.Errorf("after %s: %s is in %q", way, p.what, p.header.Get("Content-Language"))
		}
		b.post("/sign-out")
		if p := b.get(""); p.header.Get("Content-Language") != "en" {
			t.Errorf("after %s and a sign-out: %s is in %q", way, p.what, p.header.Get("Content-Language"))
		}
	}
}

// leadsBack is where a change of language on a page leads to, below the portal's base.
func (p page) leadsBack() string {
	p.t.Helper()
	to := p.elements("input").with("name", "to")
	if len(to) == 0 {
		p.t.Fatalf("%s offers no language:\n%s", p.what, p.body)
	}
	return strings.TrimPrefix(html.UnescapeString(to[0].attrs["value"]), p.base)
}

// Browsers stop at a redirect to another site where a form led to it, and what a provider sends back is secret.
func TestLanguageLeadsToNoPageThatMayLeaveThePortal(t *testing.T) {
	t.Parallel()
	c := newCompany(t, false)
	b := c.world(t).browser()
	back := below(oidctest.NewPerson(t, c.provider).Cancel(b.get("/sign-in/oidc/corp?flow=company").header.Get("Location")))
	for address, want := range map[string]string{
		back: "/sign-in?flow=company",
		"/sign-in/oidc/corp/callback?code=the-code&state=the-state": "/sign-in",
		"/sign-in/oidc/other?flow=company&state=x":                  "/sign-in?flow=company",
		"/sign-in/oidc/corp?flow=nothing":                           "/sign-in",
		"/complete?flow=company&look=3":                             "?flow=company",
		"/complete":                                                 "",
	} {
		if got := b.get(address).leadsBack(); got != want {
			t.Errorf("the page at %s leads back to %q, want %q", address, got, want)
		}
	}
	for _, to := range []string{"/sign-in/oidc/corp", "/sign-in/oidc/corp/callback?state=x", "/complete", "/complete?flow=company"} {
		b.post("/language", "lang", "de", "to", "/onboarding"+to).leads("")
	}
}

func TestStartPageWithASlashOffersLanguages(t *testing.T) {
	t.Parallel()
	b := newWorld(t, wanted{}).browser()
	b.plant(map[string]string{"portal_known": "x"})
	for _, address := range []string{"/", "/?flow=individual"} {
		b.chooses(b.get(address).shows(http.StatusOK, "landing.title"), "de").leads(address)
	}
	b.post("/language", "lang", "de", "to", "/onboarding//").leads("")
}

func TestFormOfWhoIsSignedInOffersLanguages(t *testing.T) {
	t.Parallel()
	b := newWorld(t, wanted{}).browser()
	b.start("ada@example.com", "individual")
	p := b.get("?flow=individual")
	p.pair()
	p.says(say("en", "language.typed"))
	b.chooses(p, "de").leads("?flow=individual")
	b.get("?flow=individual").pair()
}

// chooses presses a language on a page and returns the answer.
func (b *browser) chooses(p page, lang string) page {
	b.w.t.Helper()
	to := p.elements("input").with("name", "to")
	if len(to) == 0 || len(p.elements("button").with("value", lang)) != 1 {
		b.w.t.Fatalf("%s offers no %s:\n%s", p.what, lang, p.body)
	}
	return b.post("/language", "lang", lang, "to", to[0].attrs["value"])
}

func TestChosenLanguageSurvivesSignInAndSignOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b := w.browser()
	b.plant(map[string]string{"portal_known": "x"}) // a browser that keeps cookies
	answer := b.chooses(b.get("/sign-in?flow=individual"), "pl").leads("/sign-in?flow=individual")
	cookie := answer.header.Get("Set-Cookie")
	for _, part := range []string{"__Secure-portal_language=pl", "Path=/onboarding", "Max-Age=31536000", "Secure", "HttpOnly", "SameSite=Lax"} {
		if !strings.Contains(cookie, part) {
			t.Errorf("the cookie lacks %s: %s", part, cookie)
		}
	}
	l := customer("cust-42")
	l.Locale = "fr" // as the company knows them
	at := w.link(l)
	b.get(at)
	b.post(at).leads("?flow=company")
	for _, p := range []page{b.get(""), b.post("/sign-out"), b.get(""), b.get("/nowhere"), b.get(link)} {
		if got := p.header.Get("Content-Language"); got != "pl" {
			t.Errorf("%s is in %q", p.what, got)
		}
	}
}

func TestLanguageChangesWithoutCookies(t *testing.T) {
	t.Parallel()
	b := newWorld(t, wanted{}).browser()
	b.chooses(b.get("/sign-in?flow=individual"), "de").leads("/sign-in?flow=individual&lang=de")
	p := newWorld(t, wanted{}).browser().get("/sign-in?flow=individual&lang=de").shows(http.StatusOK, "sign_in.title")
	if p.header.Get("Content-Language") != "de" || p.elements("input").with("name", "to")[0].attrs["value"] != "/onboarding/sign-in?flow=individual" {
		t.Errorf("the page in German is in %q, or its next change keeps this one:\n%s", p.header.Get("Content-Language"), p.body)
	}
}

func TestLanguageLeadsBackToThePageOfAFormThatWasNotAccepted(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b := w.browser()
	b.askCode("eve@example.com", "")
	b.chooses(b.post("/sign-in/code", "code", "x").shows(http.StatusUnprocessableEntity), "de").leads("/sign-in")
	b.get("/sign-in").shows(http.StatusOK, "sign_in.code_title")
	b.chooses(b.post("/sign-in", "email", "x", "flow", "individual").shows(http.StatusUnprocessableEntity), "fr").leads("/sign-in?flow=individual")
	e := w.entering("ada@example.com")
	p := e.post("/associates", "registration", e.registration, "type", "COMPANY", "name", "A name that stays here").shows(http.StatusUnprocessableEntity)
	p.says(say("en", "language.typed"))
	to := p.elements("input").with("name", "to")[0].attrs["value"]
	if want := "/onboarding/associates/new?registration=" + e.registration + "&type=COMPANY"; to != want {
		t.Errorf("the form leads back to %q, want %q", to, want)
	}
	e.chooses(p, "nl").leads("/associates/new?registration=" + e.registration + "&type=COMPANY")
	e.get("/associates/new?registration="+e.registration+"&type=COMPANY").shows(http.StatusOK, "associates.new_company")
}

func TestNoPageWithAPairOffersLanguages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b := w.browser()
	for _, address := range []string{link, "?request_id=only", "?apikey=only", "/sign-in" + link, "/complete" + link, "/nowhere" + link} {
		if p := b.get(address); len(p.elements("details").with("class", "languages")) > 0 || strings.Contains(p.body, linkKey) {
			t.Errorf("%s offers languages, or holds the key:\n%s", p.what, p.body)
		}
	}
}

func TestLanguageOfNobodysIsRefused(t *testing.T) {
	t.Parallel()
	b := newWorld(t, wanted{}).browser()
	for _, lang := range []string{"", "tlh", "de; Path=/", "../en"} {
		if p := b.post("/language", "lang", lang, "to", "/onboarding").shows(http.StatusUnprocessableEntity); p.header.Get("Set-Cookie") != "" {
			t.Errorf("%q sets %s", lang, p.header.Get("Set-Cookie"))
		}
	}
}

func TestCompanysOwnWordsAreOnPagesAndInEmails(t *testing.T) {
	t.Parallel()
	words := map[string]string{
		"landing.lead": "Words of Northlight's for a start.", "problem.404": "Northlight has no such page", "form.loading": "Northlight's form is on its way…",
		"email.code.subject": "A code of {company}'s own",
	}
	languages, err := i18n.New([]string{"en", "de"}, map[string]map[string]string{"en": words})
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, wanted{languages: languages})
	b := w.browser()
	for address, key := range map[string]string{"": "landing.lead", "/nowhere": "problem.404", link: "form.loading"} {
		b.get(address).says(words[key])
	}
	b.askCode("ada@example.com", "")
	if got := w.sandbox.Mailbox().Messages("ada@example.com")[0].Subject; got != "A code of Northlight's own" {
		t.Errorf("the e-mail's subject is %q", got)
	}
	b.language = "fr" // which this portal does not speak
	if p := b.get("/sign-in"); p.header.Get("Content-Language") != "en" || len(p.elements("button").with("name", "lang")) != 2 {
		t.Errorf("the portal offers languages that it does not speak:\n%s", p.body)
	}
}

func TestListsHaveTheCommaOfTheLanguage(t *testing.T) {
	t.Parallel()
	e := newWorld(t, wanted{}).entering("ada@example.com")
	e.enter("family_name", "Hopper", "roles", "DIRECTOR", "roles", "PARTNER")
	for lang, comma := range map[string]string{"de": ", ", "zh": "、", "ar": "، "} {
		e.language = lang
		want := say(lang, "associates.director") + comma + say(lang, "associates.partner")
		e.get("/associates?registration=" + e.registration).says(want)
	}
}

func TestNamesKeepTheirDirection(t *testing.T) {
	t.Parallel()
	e := newWorld(t, wanted{}).entering("ada@example.com")
	again := []string{"registration", e.registration, "type", "COMPANY", "name", "Acme (UK) Ltd.", "roles", "PARTNER"}
	e.enter(again[2:]...)
	for lang, name := range map[string]string{"en": "Acme (UK) Ltd.", "ar": "\u2068Acme (UK) Ltd.\u2069"} {
		e.language = lang
		e.post("/associates", append(again, "id", uuid.NewString())...).says(say("en", "associates.same", "name", name, "place", "")[:len(name)])
	}
}

// A link says which language the company knows somebody by; it is nothing to those who have chosen.
func TestLinkDoesNotOverruleAChoice(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	at := w.link(identity.Link{Subject: "cust-7", Locale: "de"})
	b := w.browser()
	b.plant(map[string]string{"__Secure-portal_language": "es"})
	if p := b.get(at); p.header.Get("Content-Language") != "es" {
		t.Errorf("%s is in %q", p.what, p.header.Get("Content-Language"))
	}
}
