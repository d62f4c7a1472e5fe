package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"portal/internal/identity"
	"portal/internal/oidc"
	"portal/internal/oidctest"
	"portal/web"
)

const clientSecret = "a-secret-of-the-client"

// company is an identity provider of the company, as its portal knows it.
type company struct {
	provider *oidctest.Provider
	way      web.WayIn
}

// newCompany runs a provider with one client, the portal at its public URL. Ada has a verified address there, Grace one
// that is not.
func newCompany(t *testing.T, link bool) company {
	t.Helper()
	p := oidctest.New(t, oidctest.Options{
		Clients: []oidctest.Client{{
			ID: "portal", Secret: clientSecret, Redirects: []string{publicURL + "/sign-in/oidc/corp/callback"},
			SignedOut: []string{publicURL + "/sign-out"}, Logout: "http://127.0.0.1:1/", // so that sessions there have names
		}},
		Accounts: map[string]oidctest.Claims{
			"ada":   {"email": "ada@example.com", "email_verified": true, "name": "Ada Lovelace", "locale": "de-AT"},
			"grace": {"email": "grace@example.com", "email_verified": false},
			"eve":   {"email": "eve@example.com", "email_verified": true},
		},
	})
	client, err := oidc.New(oidc.Options{
		Name: "corp", Issuer: p.Issuer, ClientID: "portal", ClientSecret: clientSecret,
		RedirectURL: publicURL + "/sign-in/oidc/corp/callback", Now: time.Now,
	})
	if err != nil {
		t.Fatal(err)
	}
	return company{p, web.WayIn{
		WayIn: identity.WayIn{Provider: client, Name: "corp", LinkByVerifiedEmail: link},
		Title: "Northlight ID", Titles: map[string]string{"de": "Northlight-Konto"},
	}}
}

func (c company) world(t *testing.T) *world {
	t.Helper()
	return newWorld(t, wanted{waysIn: []web.WayIn{c.way}})
}

// below is an address of the portal's without the portal's own part.
func below(u *url.URL) string { return strings.TrimPrefix(u.String(), publicURL) }

// at signs in at the provider and returns the address to which the provider sends the browser back.
func (c company) at(b *browser, login, query string) string {
	b.w.t.Helper()
	p := b.get("/sign-in/oidc/corp" + query)
	if p.status != http.StatusSeeOther || !strings.HasPrefix(p.header.Get("Location"), c.provider.Issuer) {
		b.w.t.Fatalf("%s: status %d to %s", p.what, p.status, p.header.Get("Location"))
	}
	return below(oidctest.NewPerson(b.w.t, c.provider).SignIn(p.header.Get("Location"), login))
}

func TestProviderSignsInAndTheFlowStarts(t *testing.T) {
	t.Parallel()
	c := newCompany(t, false)
	w := c.world(t)
	b := w.browser()
	b.get("/sign-in?flow=company").shows(http.StatusOK, "landing.sign_in")
	back := c.at(b, "ada", "?flow=company")
	b.get(back).leads("?flow=company")
	b.await("open")
	p := b.get("")
	p.pair()
	if !strings.Contains(p.body, "ada@example.com") || p.header.Get("Content-Language") != "de" {
		t.Errorf("the page is in %s and does not know her", p.header.Get("Content-Language"))
	}
	if got := w.text("select subject || ' ' || name from identities"); got != "ada Ada Lovelace" {
		t.Errorf("known as %q", got)
	}
	for _, secret := range append(secretsIn(back), clientSecret, "ada@example.com", "Lovelace") {
		if strings.Contains(w.log.String(), secret) {
			t.Errorf("%s is in the log", secret)
		}
	}
}

// secretsIn are the parameters of an address of return.
func secretsIn(back string) []string {
	_, query, _ := strings.Cut(back, "?")
	q, _ := url.ParseQuery(query)
	return []string{q.Get("code"), q.Get("state")}
}

func TestProvidersVerifiedEmailLinksOnlyWhereTheCompanySaysSo(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		link  bool
		login string
		want  int // applicants
	}{
		"not said":         {false, "ada", 2},
		"said":             {true, "ada", 1},
		"said, unverified": {true, "grace", 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCompany(t, test.link)
			w := c.world(t)
			first := w.browser().start(test.login+"@example.com", "individual")
			b := w.browser()
			b.get(c.at(b, test.login, "")).leads("")
			if n := w.count("select count(*) from applicants"); n != test.want {
				t.Errorf("%d applicants, want %d", n, test.want)
			}
			if test.want == 1 && b.get("").pair() != first {
				t.Error("the form is another")
			}
		})
	}
}

func TestReturnsFromAProviderThatAreRefused(t *testing.T) {
	t.Parallel()
	c := newCompany(t, false)
	w := c.world(t)
	used, asked, rival := w.browser(), w.browser(), w.browser()
	usedBack := c.at(used, "eve", "")
	used.get(usedBack).leads("")
	used.post("/sign-out")
	askedBack := c.at(asked, "ada", "")
	rivalBack := c.at(rival, "eve", "")
	swapped := regexp.MustCompile(`code=[^&]*`).ReplaceAllString(rivalBack, "code="+secretsIn(askedBack)[0])
	for name, try := range map[string]struct {
		b      *browser
		back   string
		key    string
		logged string
	}{
		"used before":         {used, usedBack, "error.provider_lost", "no sign-in at the provider under way"},
		"another browser":     {w.browser(), askedBack, "error.provider_lost", "no sign-in at the provider under way"},
		"of another browser":  {rival, askedBack, "error.provider_lost", "no sign-in at the provider under way"},
		"another one's code":  {rival, swapped, "error.provider_refused", "the code is not, or no longer, good"},
		"nothing at all":      {asked, "/sign-in/oidc/corp/callback", "error.provider_lost", "no sign-in at the provider under way"},
		"an unknown provider": {asked, strings.Replace(askedBack, "/corp/", "/other/", 1), "error.not_found", ""},
	} {
		before := strings.Count(w.log.String(), `"msg":"refused"`)
		p := try.b.get(try.back)
		if p.status != http.StatusUnprocessableEntity && p.status != http.StatusNotFound {
			t.Errorf("%s: status %d", name, p.status)
		}
		p.shows(p.status, try.key)
		if len(try.b.cookies()["__Secure-portal_session"]) > 0 {
			t.Errorf("%s: there is a session", name)
		}
		if n := strings.Count(w.log.String(), `"msg":"refused"`) - before; try.logged != "" && n != 1 {
			t.Errorf("%s: logged %d times", name, n)
		}
		if !strings.Contains(w.log.String(), try.logged) {
			t.Errorf("%s: the log does not say %q", name, try.logged)
		}
	}
	for _, secret := range append(secretsIn(askedBack), secretsIn(usedBack)...) {
		if strings.Contains(w.log.String(), secret) {
			t.Errorf("%s is in the log", secret)
		}
	}
}

// A link of another site must not send people into another session, or a flow, by way of a provider that knows them.
func TestOtherSitesSendNobodyToTheProvider(t *testing.T) {
	t.Parallel()
	c := newCompany(t, false)
	w := c.world(t)
	from := func(b *browser, site string) page {
		r := b.request(http.MethodGet, "/sign-in/oidc/corp?flow=company", nil)
		r.Header.Del("Sec-Fetch-Site")
		if site != "" {
			r.Header.Set("Sec-Fetch-Site", site)
		}
		return b.do(r)
	}
	for _, site := range []string{"cross-site", "same-site"} {
		b := w.browser()
		from(b, site).leads("/sign-in?flow=company")
		from(b.signIn("ada@example.com"), site).leads("/sign-in?flow=company")
		b.get("").shows(http.StatusOK, "choose.title")
	}
	if n := w.count("select count(*) from provider_sign_ins"); n != 0 {
		t.Errorf("%d sign-ins have begun", n)
	}
	for _, site := range []string{"same-origin", "none", ""} {
		if p := from(w.browser(), site); !strings.HasPrefix(p.header.Get("Location"), c.provider.Issuer) {
			t.Errorf("from %q led to %q", site, p.header.Get("Location"))
		}
	}
}

func TestReturnOfSomebodyElseIsLoggedAlsoWhereOneIsSignedIn(t *testing.T) {
	t.Parallel()
	c := newCompany(t, false)
	w := c.world(t)
	back := c.at(w.browser(), "ada", "")
	thief := w.browser().signIn("eve@example.com")
	thief.get(back).leads("")
	if n := strings.Count(w.log.String(), "no sign-in at the provider under way"); n != 1 {
		t.Errorf("logged %d times", n)
	}
	if p := thief.get(""); !strings.Contains(p.body, "eve@example.com") {
		t.Error("the thief is somebody else now")
	}
}

func TestWhoTurnsBackAtTheProviderMayTryAgain(t *testing.T) {
	t.Parallel()
	c := newCompany(t, false)
	b := c.world(t).browser()
	to := b.get("/sign-in/oidc/corp?flow=company").header.Get("Location")
	back := oidctest.NewPerson(t, c.provider).Cancel(to)
	p := b.get(below(back)).shows(http.StatusUnprocessableEntity, "error.provider_declined")
	if !strings.Contains(p.body, "/sign-in/oidc/corp?flow=company") {
		t.Error("the flow is forgotten")
	}
}

func TestProviderAwayIsSaidAndCodesStillWork(t *testing.T) {
	t.Parallel()
	c := newCompany(t, false)
	w := c.world(t)
	c.provider.Away(true)
	b := w.browser()
	b.get("/sign-in/oidc/corp?flow=company").shows(http.StatusServiceUnavailable, "error.provider_away")
	b.signIn("ada@example.com")
}

func TestTwoTabsMaySignInAtTheProvider(t *testing.T) {
	t.Parallel()
	c := newCompany(t, false)
	b := c.world(t).browser()
	first, second := c.at(b, "ada", ""), c.at(b, "ada", "")
	b.get(first).leads("")
	b.get(second).leads("")
	b.get(second).leads("") // loaded again
}

var refreshTo = regexp.MustCompile(`^0;url=(.*)$`)

func TestSignOutGoesOnToTheProvider(t *testing.T) {
	t.Parallel()
	c := newCompany(t, false)
	w := c.world(t)
	b, person := w.browser(), oidctest.NewPerson(t, c.provider)
	back := person.SignIn(b.get("/sign-in/oidc/corp").header.Get("Location"), "ada")
	b.get(below(back)).leads("")
	p := b.post("/sign-out").shows(http.StatusOK, "onward.sign_out_title").ordinary()
	to := refreshTo.FindStringSubmatch(p.header.Get("Refresh"))
	if to == nil || !strings.HasPrefix(to[1], c.provider.Issuer) {
		t.Fatalf("the page leads to %q", p.header.Get("Refresh"))
	}
	b.get("").shows(http.StatusOK, "landing.title")
	if at := person.SignOut(to[1]); at == nil || below(at) != "/sign-out" {
		t.Fatalf("the provider leads to %v", at)
	}
	b.get("/sign-out").shows(http.StatusOK, "signed_out.title")
}

func TestLogoutAtTheProviderEndsSessionsHere(t *testing.T) {
	t.Parallel()
	c := newCompany(t, false)
	w := c.world(t)
	hers, elsewhere, eves := w.browser(), w.browser(), w.browser()
	hers.get(c.at(hers, "ada", "")).leads("")
	elsewhere.get(c.at(elsewhere, "ada", "")).leads("")
	eves.get(c.at(eves, "eve", "")).leads("")
	sid := w.text("select provider_session from sessions where subject = 'ada' order by created_at limit 1")
	word := c.logout("sid", sid)
	program := w.browser()
	r := program.request(http.MethodPost, "/sign-in/oidc/corp/logout", url.Values{"logout_token": {word}})
	r.Header.Del("Sec-Fetch-Site") // programs send none
	program.do(r).shows(http.StatusOK)
	hers.get("").shows(http.StatusOK, "landing.title")
	elsewhere.get("").shows(http.StatusOK, "choose.title")
	program.post("/sign-in/oidc/corp/logout", "logout_token", word).shows(http.StatusBadRequest)
	program.post("/sign-in/oidc/corp/logout", "logout_token", "x").shows(http.StatusBadRequest)
	program.post("/sign-in/oidc/corp/logout").shows(http.StatusBadRequest)
	if n := strings.Count(w.log.String(), `"msg":"refused"`); n != 3 {
		t.Errorf("three refusals are logged %d times", n)
	}
	bySubject := c.logout("sub", "ada")
	program.post("/sign-in/oidc/corp/logout", "logout_token", bySubject).shows(http.StatusOK)
	elsewhere.get("").shows(http.StatusOK, "landing.title")
	eves.get("").shows(http.StatusOK, "choose.title")
}

// logout is the provider's word that sessions have ended: those of a session there (sid) or all of a person (sub).
func (c company) logout(member, value string) string {
	return c.provider.Key().Sign(oidctest.Claims{"alg": "RS256", "typ": "logout+jwt"}, oidctest.Claims{
		"iss": c.provider.Issuer, "aud": "portal", "iat": time.Now().Unix(), "exp": time.Now().Add(2 * time.Minute).Unix(),
		"jti": identity.NewToken().Reveal(), member: value,
		"events": map[string]any{"http://schemas.openid.net/event/backchannel-logout": map[string]any{}},
	})
}
