package oidc_test

import (
	"encoding/base64"
	"errors"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	"portal/internal/identity"
	"portal/internal/oidc"
	"portal/internal/oidctest"
)

const (
	callback = "http://portal.invalid/callback"
	bye      = "http://portal.invalid/bye"
	secret   = "the secret of the client, long enough for HS256"
)

// verifier is RFC 7636's own example.
const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"

var challenge = identity.Challenge{State: "state", Nonce: "nonce", Verifier: verifier, Locale: "de-AT"}

// clock stands still unless it is moved. It starts at the real time, since that is what the real provider signs with.
type clock struct{ nanoseconds atomic.Int64 }

func newClock() *clock {
	c := &clock{}
	c.nanoseconds.Store(time.Now().UnixNano())
	return c
}

func (c *clock) now() time.Time          { return time.Unix(0, c.nanoseconds.Load()) }
func (c *clock) advance(d time.Duration) { c.nanoseconds.Add(int64(d)) }

// world is a real provider, the code under test as its client, and a person.
type world struct {
	*testing.T
	provider *oidctest.Provider
	options  oidc.Options
	oidc     *oidc.Provider
	person   *oidctest.Person
	clock    *clock
}

func newWorld(t *testing.T) *world {
	t.Helper()
	return newWorldWith(t, oidctest.Options{Clients: []oidctest.Client{registered()}})
}

func registered() oidctest.Client {
	return oidctest.Client{ID: "portal", Secret: secret, Redirects: []string{callback}, SignedOut: []string{bye}}
}

func newWorldWith(t *testing.T, o oidctest.Options) *world {
	t.Helper()
	o.Accounts = map[string]oidctest.Claims{
		"ada": {
			"email": "Ada@Example.com", "email_verified": true, "name": "  Ada\tLovelace ", "locale": "en_GB",
			"preferred_username": "countess",
		},
		"bob": {"email": "no address", "email_verified": true},
	}
	w := &world{T: t, provider: oidctest.New(t, o), clock: newClock()}
	w.person = oidctest.NewPerson(t, w.provider)
	w.options = oidc.Options{
		Name: "company", Issuer: w.provider.Issuer, ClientID: "portal", ClientSecret: secret, RedirectURL: callback,
		Now: w.clock.now,
	}
	w.become(func(*oidc.Options) {})
	return w
}

// become changes the options of the code under test.
func (w *world) become(change func(*oidc.Options)) {
	w.Helper()
	change(&w.options)
	p, err := oidc.New(w.options)
	if err != nil {
		w.Fatal(err)
	}
	w.oidc = p
}

// address is where a sign-in begins.
func (w *world) address() string {
	w.Helper()
	address, err := w.oidc.AuthorizationURL(w.Context(), challenge)
	if err != nil {
		w.Fatal(err)
	}
	return address
}

// returned is what the browser brings back from the provider.
func (w *world) returned(login string) url.Values {
	w.Helper()
	return w.person.SignIn(w.address(), login).Query()
}

// signIn goes the whole way.
func (w *world) signIn(login string) (identity.Claims, error) {
	w.Helper()
	back := w.returned(login)
	if back.Get("state") != challenge.State || back.Get("code") == "" {
		w.Fatalf("the provider sends back %v", back)
	}
	begun := challenge
	begun.BegunAt = w.clock.now()
	return w.oidc.Exchange(w.Context(), begun, back.Get("code"), back.Get("iss"))
}

// resign has the provider's ID tokens changed, and signed anew with the given key.
func (w *world) resign(key *oidctest.Key, header oidctest.Claims, change func(c oidctest.Claims)) {
	w.provider.TamperJSON(oidctest.Token, func(m map[string]any) {
		c := oidctest.Decode(w, m["id_token"].(string))
		change(c)
		m["id_token"] = key.Sign(header, c)
	})
}

func (w *world) wantRefused(err error, why string) {
	w.Helper()
	if e, ok := errors.AsType[*identity.Refused](err); !ok || e.Why != why || errors.Is(err, identity.ErrProviderAway) {
		w.Errorf("got %v, want it refused: %s", err, why)
	}
}

func (w *world) wantAway(err error, why string) {
	w.Helper()
	if _, refused := errors.AsType[*identity.Refused](err); refused || !errors.Is(err, identity.ErrProviderAway) {
		w.Errorf("got %v, want %v", err, identity.ErrProviderAway)
		return
	}
	if want := why + ": " + identity.ErrProviderAway.Error(); len(err.Error()) < len(want) || err.Error()[:len(want)] != want {
		w.Errorf("got %q, want it to begin with %q", err, want)
	}
}

func TestSignInSaysWhoItIs(t *testing.T) {
	t.Parallel()
	post, public := registered(), registered()
	post.PostAuth, public.Secret = true, ""
	onlyPost := func(w *world) {
		w.provider.TamperJSON(oidctest.Discovery, func(m map[string]any) {
			m["token_endpoint_auth_methods_supported"] = []string{"client_secret_post"}
		})
	}
	for name, c := range map[string]struct {
		client      oidctest.Client
		inToken     bool
		prepare     func(w *world)
		askUserInfo int
	}{
		"claims at the userinfo endpoint":  {client: registered(), askUserInfo: 1},
		"claims in the ID token":           {client: registered(), inToken: true},
		"a public client":                  {client: public, prepare: func(w *world) { w.become(func(o *oidc.Options) { o.ClientSecret = "" }) }, askUserInfo: 1},
		"the secret in the body":           {client: post, prepare: onlyPost, askUserInfo: 1},
		"a provider that names no methods": {client: registered(), prepare: without("token_endpoint_auth_methods_supported"), askUserInfo: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorldWith(t, oidctest.Options{Clients: []oidctest.Client{c.client}, ClaimsInIDToken: c.inToken})
			if c.prepare != nil {
				c.prepare(w)
			}
			got, err := w.signIn("ada")
			if err != nil {
				t.Fatal(err)
			}
			wantAda(t, w, got)
			if n := w.provider.Calls(oidctest.UserInfo); n != c.askUserInfo {
				t.Errorf("the userinfo endpoint was called %d times", n)
			}
		})
	}
}

func wantAda(t *testing.T, w *world, got identity.Claims) {
	t.Helper()
	if got.Issuer != w.provider.Issuer || got.Subject != "ada" || got.Email != "ada@example.com" || !got.EmailVerified ||
		got.Name.Reveal() != "Ada Lovelace" || got.Locale != "en-GB" {
		t.Errorf("%+v, e-mail %q, name %q", got, got.Email.Reveal(), got.Name.Reveal())
	}
	said := oidctest.Decode(t, got.Provider.IDToken.Reveal())
	if got.Provider.Name != "company" || got.Provider.ID == "" && said["sid"] != nil || said["sub"] != "ada" {
		t.Errorf("session %+v of %v", got.Provider, said)
	}
}

// without takes a member out of what the provider says of itself.
func without(member string) func(w *world) {
	return func(w *world) {
		w.provider.TamperJSON(oidctest.Discovery, func(m map[string]any) { delete(m, member) })
	}
}

func TestUnreadableFactsKeepNobodyOut(t *testing.T) {
	t.Parallel()
	w := newWorldWith(t, oidctest.Options{Clients: []oidctest.Client{registered()}, ClaimsInIDToken: true})
	got, err := w.signIn("bob")
	if err != nil || got.Subject != "bob" || got.Email != "" || got.EmailVerified || got.Name != "" || got.Locale != "" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestProviderWithoutUserInfoIsEnough(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	without("userinfo_endpoint")(w)
	if got, err := w.signIn("ada"); err != nil || got.Subject != "ada" || got.Email != "" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestClaimsGoByTheNamesThatTheCompanyGives(t *testing.T) {
	t.Parallel()
	w := newWorldWith(t, oidctest.Options{Clients: []oidctest.Client{registered()}, ClaimsInIDToken: true})
	w.become(func(o *oidc.Options) {
		o.Claims = oidc.ClaimNames{Subject: "preferred_username", Name: "sub"}
	})
	got, err := w.signIn("ada")
	if err != nil || got.Subject != "countess" || got.Name.Reveal() != "ada" || got.Email != "ada@example.com" {
		t.Errorf("%+v, %v", got, err)
	}
}

// An address that the ID token names must not be verified by what another source says of another address.
func TestAddressAndTheWordOnItComeFromOneSource(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		id       oidctest.Claims
		email    identity.Email
		verified bool
	}{
		"the token has both":        {oidctest.Claims{"email": "eve@example.com", "email_verified": false}, "eve@example.com", false},
		"the word may be a text":    {oidctest.Claims{"email": "eve@example.com", "email_verified": "true"}, "eve@example.com", true},
		"no other text is a yes":    {oidctest.Claims{"email": "eve@example.com", "email_verified": "yes"}, "eve@example.com", false},
		"the token has the address": {oidctest.Claims{"email": "eve@example.com"}, "ada@example.com", true},
		"the token has the word":    {oidctest.Claims{"email_verified": false}, "ada@example.com", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.resign(w.provider.Key(), nil, func(said oidctest.Claims) {
				for k, v := range c.id {
					said[k] = v
				}
			})
			got, err := w.signIn("ada")
			if err != nil || got.Email != c.email || got.EmailVerified != c.verified {
				t.Errorf("%q, verified %t, %v", got.Email.Reveal(), got.EmailVerified, err)
			}
		})
	}
}

func TestAuthorizationURLBindsTheSignIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.become(func(o *oidc.Options) { o.Prompt, o.MaxAge = "login consent", new(90*time.Second) })
	u, err := url.Parse(w.address())
	if err != nil {
		t.Fatal(err)
	}
	const ofVerifier = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
	for name, want := range map[string]string{
		"client_id": "portal", "redirect_uri": callback, "response_type": "code", "scope": "openid email profile", "state": "state",
		"nonce": "nonce", "code_challenge": ofVerifier, "code_challenge_method": "S256", "prompt": "login consent", "max_age": "90",
		"ui_locales": "de-AT",
	} {
		if got := u.Query()[name]; len(got) != 1 || got[0] != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if len(u.Query()) != 11 {
		t.Errorf("there is more: %v", u.Query())
	}
}

func TestSignInWantsAWholeChallenge(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, c := range []identity.Challenge{
		{Nonce: "n", Verifier: verifier},
		{State: "s", Verifier: verifier},
		{State: "s", Nonce: "n", Verifier: identity.Token(verifier[1:])},
	} {
		if address, err := w.oidc.AuthorizationURL(t.Context(), c); err == nil {
			t.Errorf("%+v: %s", c, address)
		}
	}
}

func TestMaxAgeOfNoughtWantsAProofEachTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if _, err := w.signIn("ada"); err != nil {
		t.Fatal(err)
	}
	w.become(func(o *oidc.Options) { o.MaxAge = new(time.Duration(0)) })
	if _, err := w.signIn("ada"); err != nil {
		t.Error(err)
	}
	w.become(func(o *oidc.Options) { o.Prompt = "none" })
	if back := w.returned(""); back.Get("error") != "login_required" {
		t.Errorf("the provider sends back %v", back)
	}
}

// Some take their time over a provider's pages. What counts is what had been proved when they were sent there.
func TestSlowPeopleAreFreshAllTheSame(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.become(func(o *oidc.Options) { o.MaxAge = new(time.Duration(0)) })
	slow := challenge
	slow.BegunAt = w.clock.now().Add(-10 * time.Minute)
	back := w.returned("ada")
	if _, err := w.oidc.Exchange(t.Context(), slow, back.Get("code"), back.Get("iss")); err != nil {
		t.Error(err)
	}
}

func TestWrongOptionsAreNamedTogether(t *testing.T) {
	t.Parallel()
	_, err := oidc.New(oidc.Options{Issuer: "http://example.com", Scopes: []string{"email"}, MaxAge: new(-time.Second)})
	if err == nil {
		t.Fatal("no error")
	}
	var parts interface{ Unwrap() []error }
	if !errors.As(err, &parts) || len(parts.Unwrap()) != 4 {
		t.Errorf("got %v", err)
	}
	for issuer, right := range map[string]bool{
		"https://id.example.com": true, "https://id.example.com/realm/": true, "http://localhost:8080": true, "http://[::1]:1": true,
		"": false, "id.example.com": false, "http://id.example.com": false, "https://id.example.com?a=b": false,
		"https://u:p@id.example.com": false, "https://": false, "ftp://localhost": false, "http://127.evil.example": false,
	} {
		_, err := oidc.New(oidc.Options{Name: "n", Issuer: issuer, ClientID: "c", RedirectURL: callback, Now: time.Now})
		if right != (err == nil) {
			t.Errorf("%q: %v", issuer, err)
		}
	}
}

// halfHash is not the at_hash of any token.
var halfHash = base64.RawURLEncoding.EncodeToString(make([]byte, 16))
