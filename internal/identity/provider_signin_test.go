package identity_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portal/internal/identity"
)

// provider is an identity provider and the store of sign-ins on their way through it. It signs in whoever comes back
// with the challenge they were sent with.
type provider struct {
	begun  map[identity.Token]identity.ProviderSignIn // by state
	sent   map[string]identity.Challenge              // by code, which is the state
	claims identity.Claims
	away   error
	people []identity.Person
	opened []identity.Opening
	logout identity.Logout
	ended  []identity.Logout
}

func newProvider() (*provider, *identity.Desk, identity.WayIn) {
	p := &provider{begun: map[identity.Token]identity.ProviderSignIn{}, sent: map[string]identity.Challenge{}}
	p.claims = identity.Claims{
		Issuer: "https://id.example.com", Subject: "248289761001", Email: "ada@example.com", EmailVerified: true, Name: "Ada Lovelace",
		Provider: identity.ProviderSession{Name: "staff", ID: "sid", IDToken: "id token"},
	}
	d := newDesk()
	d.ProviderSignIns = p
	return p, d.Desk, identity.WayIn{Provider: p, Name: "staff"}
}

func (p *provider) AuthorizationURL(_ context.Context, c identity.Challenge) (string, error) {
	p.sent[c.State] = c
	return "https://id.example.com/?state=" + c.State, p.away
}

func (p *provider) Exchange(_ context.Context, c identity.Challenge, code, issuer string) (identity.Claims, error) {
	want := p.sent[code]
	want.Locale = "" // which the provider knows since
	if !cmp.Equal(want, c) || issuer != p.claims.Issuer {
		return identity.Claims{}, &identity.Refused{Why: "the challenge is another"}
	}
	return p.claims, p.away
}

func (p *provider) SignOutURL(context.Context, identity.ProviderSession, string) (string, error) {
	return "", p.away
}

func (p *provider) Logout(context.Context, identity.Token) (identity.Logout, error) {
	return p.logout, p.away
}

func (p *provider) PutProviderSignIn(_ context.Context, s identity.ProviderSignIn, _ time.Time) error {
	p.begun[s.State] = s
	return nil
}

func (p *provider) TakeProviderSignIn(_ context.Context, state, browser identity.Token, name string, _ time.Time) (identity.ProviderSignIn, error) {
	s, ok := p.begun[state]
	if !ok || s.Browser != browser || s.Provider != name {
		return identity.ProviderSignIn{}, identity.ErrSignInLost
	}
	delete(p.begun, state)
	return s, nil
}

func (p *provider) OpenSession(_ context.Context, who identity.Person, o identity.Opening, _ time.Time) error {
	p.people, p.opened = append(p.people, who), append(p.opened, o)
	return nil
}

func (p *provider) EndProviderSessions(_ context.Context, l identity.Logout, _ time.Time) (int, error) {
	p.ended = append(p.ended, l)
	return 2, nil
}

// beginAt begins a sign-in and returns what the browser brings back from it.
func beginAt(t *testing.T, d *identity.Desk, in identity.WayIn, browser identity.Token) (identity.Return, identity.ProviderSignIn) {
	t.Helper()
	_, s, err := d.BeginAt(t.Context(), in, browser, ada.Wish, network, "de")
	if err != nil {
		t.Fatal(err)
	}
	return identity.Return{State: s.State, Code: s.State.Reveal(), Issuer: "https://id.example.com"}, s
}

func TestSignInAtAProviderEndsInASession(t *testing.T) {
	t.Parallel()
	p, d, in := newProvider()
	back, s := beginAt(t, d, in, "")
	o := identity.Opening{Session: "chosen by somebody else", Replaces: "former", Device: "Firefox on Linux"}
	session, claims, wish, err := d.EndAt(t.Context(), in, s.Browser, back, o)
	if err != nil || wish != ada.Wish || claims.Subject != p.claims.Subject {
		t.Fatalf("%+v, %+v, %v", wish, claims, err)
	}
	want := identity.Opening{Session: session, Replaces: "former", Device: "Firefox on Linux", Provider: p.claims.Provider}
	if diff := cmp.Diff([]identity.Opening{want}, p.opened); diff != "" || session == o.Session || len(session.Reveal()) < 26 {
		t.Errorf("opened (-want +got):\n%s", diff)
	}
}

func TestChallengeIsAsTheStandardsWantIt(t *testing.T) {
	t.Parallel()
	p, d, in := newProvider()
	seen := map[string]bool{}
	for range 100 {
		_, s := beginAt(t, d, in, "one browser")
		c := p.sent[s.State.Reveal()]
		if !regexp.MustCompile(`^[A-Za-z0-9._~-]{43,128}$`).MatchString(c.Verifier.Reveal()) { // RFC 7636, 4.1
			t.Fatalf("the verifier %s", c.Verifier.Reveal())
		}
		for _, v := range []string{c.State, c.Nonce, c.Verifier.Reveal()} {
			if seen[v] || len(v) < 26 || v == s.Browser.Reveal() {
				t.Fatal("the state, nonce and verifier are not all their own")
			}
			seen[v] = true
		}
		if c.Locale != "de" {
			t.Errorf("the locale is %q", c.Locale)
		}
	}
}

// Whoever sees the address that a browser is sent to knows the state and the nonce, but not how to end the sign-in.
func TestSignInAtAProviderEndsOnlyWhereItBegan(t *testing.T) {
	t.Parallel()
	p, d, in := newProvider()
	first, s := beginAt(t, d, in, "")
	second, other := beginAt(t, d, in, "")
	elsewhere := in
	elsewhere.Name = "customers"
	for name, c := range map[string]struct {
		in      identity.WayIn
		browser identity.Token
		back    identity.Return
	}{
		"another browser":   {in, other.Browser, first},
		"no browser":        {in, "", first},
		"another provider":  {elsewhere, s.Browser, first},
		"a made-up state":   {in, s.Browser, identity.Return{State: "made-up", Code: "x"}},
		"another sign-in's": {in, s.Browser, second},
	} {
		if _, _, _, err := d.EndAt(t.Context(), c.in, c.browser, c.back, identity.Opening{}); !errors.Is(err, identity.ErrSignInLost) {
			t.Errorf("%s: %v", name, err)
		}
	}
	stolen := identity.Return{State: first.State, Code: second.Code, Issuer: first.Issuer}
	if _, _, _, err := d.EndAt(t.Context(), in, s.Browser, stolen, identity.Opening{}); !refused(err) {
		t.Errorf("a code that was issued for another sign-in: %v", err)
	}
	if len(p.opened) > 0 {
		t.Error("somebody is signed in")
	}
}

// What the challenge is derived from is not all in the address that the browser is sent to.
func TestChallengeIsBoundToTheBrowser(t *testing.T) {
	t.Parallel()
	p, d, in := newProvider()
	back, s := beginAt(t, d, in, "")
	s.Browser = "another"
	p.begun[s.State] = s
	if _, _, _, err := d.EndAt(t.Context(), in, "another", back, identity.Opening{}); !refused(err) {
		t.Errorf("ended with the state alone: %v", err)
	}
}

func refused(err error) bool {
	_, ok := errors.AsType[*identity.Refused](err)
	return ok
}

func TestTwoTabsOfABrowserEndTheirOwnSignIns(t *testing.T) {
	t.Parallel()
	p, d, in := newProvider()
	first, s := beginAt(t, d, in, "")
	second, again := beginAt(t, d, in, s.Browser)
	if again.Browser != s.Browser || again.State == s.State {
		t.Fatal("the second tab changed the browser, or has the first one's state")
	}
	for _, back := range []identity.Return{first, second} {
		if _, _, _, err := d.EndAt(t.Context(), in, s.Browser, back, identity.Opening{}); err != nil {
			t.Error(err)
		}
		if _, _, _, err := d.EndAt(t.Context(), in, s.Browser, back, identity.Opening{}); !errors.Is(err, identity.ErrSignInLost) {
			t.Errorf("the answer came again: %v", err)
		}
	}
	if len(p.opened) != 2 || p.opened[0].Session == p.opened[1].Session {
		t.Errorf("%d sessions", len(p.opened))
	}
}

func TestProvidersWordForNoCodeIsADecline(t *testing.T) {
	t.Parallel()
	_, d, in := newProvider()
	for name, change := range map[string]func(*identity.Return){
		"no code":           func(r *identity.Return) { r.Code = "" },
		"an error":          func(r *identity.Return) { r.Code, r.Error = "", "access_denied" },
		"a code and errors": func(r *identity.Return) { r.Error = "access_denied" },
	} {
		back, s := beginAt(t, d, in, "")
		change(&back)
		session, _, wish, err := d.EndAt(t.Context(), in, s.Browser, back, identity.Opening{})
		if !errors.Is(err, identity.ErrDeclined) || session != "" || wish != ada.Wish {
			t.Errorf("%s: %+v, %v", name, wish, err)
		}
	}
}

func TestProviderThatIsAwayIsNotBegunAt(t *testing.T) {
	t.Parallel()
	p, d, in := newProvider()
	back, s := beginAt(t, d, in, "")
	p.away = fmt.Errorf("discovery: %w", identity.ErrProviderAway)
	if _, _, err := d.BeginAt(t.Context(), in, "", ada.Wish, network, ""); !errors.Is(err, identity.ErrProviderAway) || len(p.begun) != 1 {
		t.Errorf("%v, %d begun", err, len(p.begun))
	}
	if _, _, wish, err := d.EndAt(t.Context(), in, s.Browser, back, identity.Opening{}); !errors.Is(err, identity.ErrProviderAway) || wish != ada.Wish {
		t.Errorf("%+v, %v", wish, err)
	}
}

// Two identities become one applicant's only by an address that is verified there, and where the company wants it.
func TestOnlyAVerifiedAddressLinksAndOnlyWhereTheSettingSaysSo(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		setting, verified bool
		email             identity.Email
		want              bool
	}{
		"all of it":      {true, true, "ada@example.com", true},
		"not the wish":   {false, true, "ada@example.com", false},
		"not verified":   {true, false, "ada@example.com", false},
		"no address":     {true, true, "", false},
		"nothing at all": {},
	} {
		p, d, in := newProvider()
		in.LinkByVerifiedEmail = c.setting
		p.claims.EmailVerified, p.claims.Email = c.verified, c.email
		back, s := beginAt(t, d, in, "")
		if _, _, _, err := d.EndAt(t.Context(), in, s.Browser, back, identity.Opening{}); err != nil {
			t.Fatal(err)
		}
		want := identity.Person{Issuer: p.claims.Issuer, Subject: "248289761001", Email: c.email, Name: "Ada Lovelace", Linked: c.want}
		if p.people[0] != want {
			t.Errorf("%s: linked is %v", name, p.people[0].Linked)
		}
	}
}

func TestProvidersWordEndsSessionsOnlyWhenItIsBelieved(t *testing.T) {
	t.Parallel()
	p, d, in := newProvider()
	p.logout = identity.Logout{Issuer: "https://id.example.com", ID: "sid", Token: "jti"}
	if n, err := d.EndedAt(t.Context(), in, "logout token"); n != 2 || err != nil || p.ended[0] != p.logout {
		t.Errorf("%d, %v", n, err)
	}
	p.away = &identity.Refused{Why: "the signature is wrong"}
	if n, err := d.EndedAt(t.Context(), in, "logout token"); n != 0 || !refused(err) || len(p.ended) != 1 {
		t.Errorf("%d, %v", n, err)
	}
}
