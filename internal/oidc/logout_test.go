package oidc_test

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"portal/internal/identity"
	"portal/internal/oidc"
	"portal/internal/oidctest"
)

const event = "http://schemas.openid.net/event/backchannel-logout"

// logoutToken is one as the provider would send it, with changes laid over its header and claims; nil takes one out.
func (w *world) logoutToken(key *oidctest.Key, header, changes oidctest.Claims) identity.Token {
	now := w.clock.now().Unix()
	c := oidctest.Claims{
		"iss": w.provider.Issuer, "aud": "portal", "iat": now, "exp": now + 120, "jti": "word", "sub": "ada", "sid": "session",
		"events": oidctest.Claims{event: oidctest.Claims{}},
	}
	spoilt{claims: changes}.lay(c)
	h := oidctest.Claims{"typ": "logout+jwt"}
	maps.Copy(h, header)
	return identity.Token(key.Sign(h, c))
}

func TestLogoutTokensAreCheckedOneByOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	now := w.clock.now()
	at := func(d time.Duration) int64 { return now.Add(d).Unix() }
	const (
		expired  = "a token has expired (exp)"
		noLogout = "the token is no logout token (events)"
		nameless = "the logout token has no usable name (jti)"
	)
	type claims = oidctest.Claims
	for name, c := range map[string]spoilt{
		"as it should be":            {},
		"the plain kind":             {header: claims{"typ": "JWT"}},
		"the long kind":              {header: claims{"typ": "application/logout+JWT"}},
		"no kind":                    {header: claims{"typ": nil}},
		"another kind":               {header: claims{"typ": "at+jwt"}, why: "the token is of another kind (typ)"},
		"a kind that is no text":     {header: claims{"typ": claims{}}, why: "the token is of another kind (typ)"},
		"no signature":               {header: claims{"alg": "none"}, why: "a token is malformed, or its algorithm is not to be believed"},
		"the public key as secret":   {header: claims{"alg": "HS256"}, why: "a token is malformed, or its algorithm is not to be believed"},
		"another issuer":             {claims: claims{"iss": "https://evil.example"}, why: "a token is of another issuer"},
		"another audience":           {claims: claims{"aud": "b"}, why: "a token is for another client (aud)"},
		"expired for 59 s":           {claims: claims{"exp": at(-59 * time.Second)}},
		"expired for 61 s":           {claims: claims{"exp": at(-61 * time.Second)}, why: expired},
		"no end":                     {claims: claims{"exp": nil}, why: expired},
		"issued in 62 s":             {claims: claims{"iat": at(62 * time.Second)}, why: "a token is of the future (iat)"},
		"no beginning":               {claims: claims{"iat": nil}, why: "a token is of the future (iat)"},
		"nearly too old":             {claims: claims{"iat": at(-10*time.Minute - 59*time.Second)}},
		"too old":                    {claims: claims{"iat": at(-10*time.Minute - 61*time.Second)}, why: "the logout token is old (iat)"},
		"no events":                  {claims: claims{"events": nil}, why: noLogout},
		"another event":              {claims: claims{"events": claims{"b": claims{}}}, why: noLogout},
		"an event that is no object": {claims: claims{"events": claims{event: "yes"}}, why: noLogout},
		"an event that is null":      {claims: claims{"events": claims{event: nil}}, why: noLogout},
		"events in a list":           {claims: claims{"events": []string{event}}, why: noLogout},
		"a nonce":                    {claims: claims{"nonce": "nonce"}, why: "the logout token has a nonce"},
		"an empty nonce":             {claims: claims{"nonce": ""}, why: "the logout token has a nonce"},
		"no name":                    {claims: claims{"jti": nil}, why: nameless},
		"an empty name":              {claims: claims{"jti": ""}, why: nameless},
		"too long a name":            {claims: claims{"jti": strings.Repeat("a", 256)}, why: nameless},
		"only the subject":           {claims: claims{"sid": nil}},
		"only the session":           {claims: claims{"sub": nil}},
		"neither":                    {claims: claims{"sub": nil, "sid": nil}, why: "the logout token names nobody"},
		"an empty session":           {claims: claims{"sid": ""}, why: "the logout token has no usable session (sid)"},
		"an unusable subject":        {claims: claims{"sub": "\n"}, why: "the logout token has no usable subject"},
	} {
		t.Run(name, func(t *testing.T) {
			w := *w
			w.T = t
			got, err := w.oidc.Logout(t.Context(), w.logoutToken(w.provider.Key(), c.header, c.claims))
			if c.why != "" {
				w.wantRefused(err, c.why)
			} else if err != nil || got.Issuer != w.provider.Issuer || got.Token != "word" {
				t.Errorf("%+v, %v", got, err)
			}
		})
	}
}

func TestWhatIsNoTokenCallsNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, text := range []string{"", "a", "a.b", "a.b.c.d", "{}", "{.a.b", " a.b.c", strings.Repeat("a", 1<<16) + ".b.c"} {
		_, err := w.oidc.Logout(t.Context(), identity.Token(text))
		w.wantRefused(err, "there is no logout token")
	}
	if n := w.provider.Calls(oidctest.Discovery); n > 0 {
		t.Errorf("%d calls", n)
	}
}

func TestIDTokenEndsNoSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	got, err := w.signIn("ada")
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.oidc.Logout(t.Context(), got.Provider.IDToken)
	w.wantRefused(err, "the token is no logout token (events)")
}

// Whoever remembers a token's name until then must see every replay: a moment later the token itself is refused.
func TestLogoutIsRememberedAsLongAsItIsBelieved(t *testing.T) {
	t.Parallel()
	for _, exp := range []time.Duration{2 * time.Minute, time.Hour} {
		w := newWorld(t)
		token := w.logoutToken(w.provider.Key(), nil, oidctest.Claims{"exp": w.clock.now().Add(exp).Unix()})
		got, err := w.oidc.Logout(t.Context(), token)
		if err != nil {
			t.Fatal(err)
		}
		w.clock.advance(got.ExpiresAt.Sub(w.clock.now()))
		if _, err := w.oidc.Logout(t.Context(), token); err != nil {
			t.Errorf("at the end: %v", err)
		}
		w.clock.advance(time.Second)
		if _, err := w.oidc.Logout(t.Context(), token); err == nil {
			t.Error("it is believed for longer than it is remembered")
		}
	}
}

func TestLogoutKnowsPeopleByTheClaimOfTheCompany(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.become(func(o *oidc.Options) { o.Claims.Subject = "oid" })
	for name, c := range map[string]struct {
		claims oidctest.Claims
		want   identity.Logout
		why    string
	}{
		"by the session":   {claims: nil, want: identity.Logout{ID: "session"}},
		"by that claim":    {claims: oidctest.Claims{"oid": "7", "sid": nil}, want: identity.Logout{Subject: "7"}},
		"by another claim": {claims: oidctest.Claims{"sid": nil}, why: "the logout token names nobody"},
	} {
		got, err := w.oidc.Logout(t.Context(), w.logoutToken(w.provider.Key(), nil, c.claims))
		if c.why != "" {
			w.wantRefused(err, c.why)
		} else if err != nil || string(got.Subject) != string(c.want.Subject) || got.ID != c.want.ID {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestSignOutAtTheProviderEndsItsSessionAndTellsThePortal(t *testing.T) {
	t.Parallel()
	for name, withSID := range map[string]bool{"naming the session": true, "naming the person": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			told := make(chan identity.Token, 1)
			portal := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				told <- identity.Token(r.PostFormValue("logout_token"))
			}))
			t.Cleanup(portal.Close)
			client := registered()
			client.Logout, client.NoSID = portal.URL, !withSID
			w := newWorldWith(t, oidctest.Options{Clients: []oidctest.Client{client}})
			who, err := w.signIn("ada")
			if err != nil {
				t.Fatal(err)
			}
			address, err := w.oidc.SignOutURL(t.Context(), who.Provider, bye)
			if err != nil {
				t.Fatal(err)
			}
			if hint := "id_token_hint=" + who.Provider.IDToken.Reveal(); !strings.Contains(address, hint) {
				t.Error("the address does not say who goes")
			}
			if to := w.person.SignOut(address); to == nil || to.String() != bye {
				t.Errorf("sent to %v", to)
			}
			got, err := w.oidc.Logout(t.Context(), <-told)
			if err != nil || got.ID != who.Provider.ID || withSID != (got.ID != "") || string(got.Subject) != "ada" || got.Token == "" {
				t.Errorf("%+v of %+v, %v", got, who.Provider, err)
			}
			w.become(func(o *oidc.Options) { o.Prompt = "none" })
			if back := w.returned(""); back.Get("error") != "login_required" {
				t.Errorf("the provider still knows the person: %v", back)
			}
		})
	}
}

// The address travels in a header, for which proxies have a few kilobytes.
func TestSignOutLeavesLongIDTokensOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for length, want := range map[int]bool{1200: true, 1201: false, 6000: false} {
		who := identity.ProviderSession{IDToken: identity.Token(strings.Repeat("a", length))}
		address, err := w.oidc.SignOutURL(t.Context(), who, bye)
		if got := strings.Contains(address, "id_token_hint="); err != nil || got != want || !strings.Contains(address, "client_id=portal") {
			t.Errorf("of %d bytes: sent along %v, want %v; %v", length, got, want, err)
		}
	}
}

func TestSignOutNeedsNoIDTokenAndNoAddress(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.provider.TamperJSON(oidctest.Discovery, func(m map[string]any) { m["end_session_endpoint"] = "https://id.example/out?a=b" })
	address, err := w.oidc.SignOutURL(t.Context(), identity.ProviderSession{}, bye)
	if want := "https://id.example/out?a=b&client_id=portal&post_logout_redirect_uri=http%3A%2F%2Fportal.invalid%2Fbye"; err != nil || address != want {
		t.Errorf("%s, %v", address, err)
	}
	none := newWorld(t)
	without("end_session_endpoint")(none)
	if address, err := none.oidc.SignOutURL(t.Context(), identity.ProviderSession{}, bye); err != nil || address != "" {
		t.Errorf("%s, %v", address, err)
	}
}
