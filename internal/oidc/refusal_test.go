package oidc_test

import (
	"strings"
	"testing"
	"time"

	"portal/internal/identity"
	"portal/internal/oidc"
	"portal/internal/oidctest"
)

// spoilt is an ID token with something changed.
type spoilt struct {
	header oidctest.Claims
	claims oidctest.Claims // laid over those of the provider; nil takes one out
	key    *oidctest.Key   // the provider's, unless given
	maxAge *time.Duration
	why    string // empty: it is believed all the same
}

// idTokens has a case for every way in which an ID token may be wrong, and for the edges on this side of it.
func idTokens(t *testing.T, key *oidctest.Key, now time.Time) map[string]spoilt {
	at := func(d time.Duration) int64 { return now.Add(d).Unix() }
	forger := oidctest.NewKey(t)
	namesake := *forger
	namesake.ID = key.ID
	const (
		unbelieved = "a token is malformed, or its algorithm is not to be believed"
		unsigned   = "a token's signature is not the provider's"
		expired    = "a token has expired (exp)"
		future     = "a token is of the future (iat)"
		notYet     = "a token is not yet in force (nbf)"
		nobody     = "the ID token has no usable subject"
		tooLongAgo = "the person proved who they are too long ago (auth_time)"
		elsewhere  = "a token is for another client (aud)"
	)
	return map[string]spoilt{
		"untouched":                 {},
		"another's key":             {key: forger, why: unsigned},
		"another's key, same name":  {key: &namesake, why: unsigned},
		"no signature":              {header: oidctest.Claims{"alg": "none"}, why: unbelieved},
		"the public key as secret":  {header: oidctest.Claims{"alg": "HS256"}, why: unbelieved},
		"an algorithm not offered":  {header: oidctest.Claims{"alg": "RS384"}, why: unbelieved},
		"no name of the key":        {header: oidctest.Claims{"kid": nil}},
		"an issuer with a slash":    {claims: oidctest.Claims{"iss": "https://evil.example/"}, why: "a token is of another issuer"},
		"no issuer":                 {claims: oidctest.Claims{"iss": nil}, why: "a token is of another issuer"},
		"issuer in capitals":        {claims: oidctest.Claims{"iss": nil, "ISS": "x"}, why: "a token is of another issuer"},
		"another audience":          {claims: oidctest.Claims{"aud": "another"}, why: elsewhere},
		"no audience":               {claims: oidctest.Claims{"aud": nil}, why: elsewhere},
		"an empty audience":         {claims: oidctest.Claims{"aud": []string{}}, why: elsewhere},
		"an audience in a list":     {claims: oidctest.Claims{"aud": []string{"portal"}}},
		"two audiences":             {claims: oidctest.Claims{"aud": []string{"portal", "b"}}, why: "a token is for several clients and does not say for which (azp)"},
		"two audiences, for us":     {claims: oidctest.Claims{"aud": []string{"b", "portal"}, "azp": "portal"}},
		"two audiences, for them":   {claims: oidctest.Claims{"aud": []string{"b", "portal"}, "azp": "b"}, why: "a token is for another client (azp)"},
		"another party":             {claims: oidctest.Claims{"azp": "b"}, why: "a token is for another client (azp)"},
		"another nonce":             {claims: oidctest.Claims{"nonce": "Nonce"}, why: "the ID token is of another sign-in (nonce)"},
		"no nonce":                  {claims: oidctest.Claims{"nonce": nil}, why: "the ID token is of another sign-in (nonce)"},
		"expired for 59 s":          {claims: oidctest.Claims{"exp": at(-59 * time.Second)}},
		"expired for 61 s":          {claims: oidctest.Claims{"exp": at(-61 * time.Second)}, why: expired},
		"no end":                    {claims: oidctest.Claims{"exp": nil}, why: expired},
		"an end that is no time":    {claims: oidctest.Claims{"exp": -1}, why: expired},
		"issued in 59 s":            {claims: oidctest.Claims{"iat": at(59 * time.Second)}},
		"issued in 62 s":            {claims: oidctest.Claims{"iat": at(62 * time.Second)}, why: future},
		"no beginning":              {claims: oidctest.Claims{"iat": nil}, why: future},
		"in force in 59 s":          {claims: oidctest.Claims{"nbf": at(59 * time.Second)}},
		"in force in 62 s":          {claims: oidctest.Claims{"nbf": at(62 * time.Second)}, why: notYet},
		"in force some day":         {claims: oidctest.Claims{"nbf": 1e300}, why: notYet},
		"another access token":      {claims: oidctest.Claims{"at_hash": halfHash}, why: "the ID token is of another access token (at_hash)"},
		"an empty at_hash":          {claims: oidctest.Claims{"at_hash": ""}, why: "the ID token is of another access token (at_hash)"},
		"no at_hash":                {claims: oidctest.Claims{"at_hash": nil}},
		"no subject":                {claims: oidctest.Claims{"sub": nil}, why: nobody},
		"an empty subject":          {claims: oidctest.Claims{"sub": ""}, why: nobody},
		"a subject of 256 signs":    {claims: oidctest.Claims{"sub": strings.Repeat("a", 256)}, why: nobody},
		"a subject beyond ASCII":    {claims: oidctest.Claims{"sub": "adä"}, why: nobody},
		"a subject with a nought":   {claims: oidctest.Claims{"sub": "a\x00"}, why: nobody},
		"a session that is no text": {claims: oidctest.Claims{"sid": []string{"a"}}, why: "the ID token has no usable session (sid)"},
		"claims of wrong types":     {claims: oidctest.Claims{"sub": 7}, why: "a token's claims cannot be read"},
		"no proof, where wanted":    {claims: oidctest.Claims{"auth_time": nil}, maxAge: new(time.Hour), why: tooLongAgo},
		"a proof 59 s too old":      {claims: oidctest.Claims{"auth_time": at(-time.Hour - 59*time.Second)}, maxAge: new(time.Hour)},
		"a proof 61 s too old":      {claims: oidctest.Claims{"auth_time": at(-time.Hour - 61*time.Second)}, maxAge: new(time.Hour), why: tooLongAgo},
		"an old proof, not wanted":  {claims: oidctest.Claims{"auth_time": 1}},
	}
}

func TestIDTokensAreCheckedOneByOne(t *testing.T) {
	t.Parallel()
	w := newWorldWith(t, oidctest.Options{Clients: []oidctest.Client{registered()}, ClaimsInIDToken: true})
	for name, c := range idTokens(t, w.provider.Key(), w.clock.now()) {
		t.Run(name, func(t *testing.T) {
			w := *w
			w.T = t
			w.become(func(o *oidc.Options) { o.MaxAge = c.maxAge })
			key := c.key
			if key == nil {
				key = w.provider.Key()
			}
			w.resign(key, c.header, c.lay)
			_, err := w.signIn("ada")
			if c.why != "" {
				w.wantRefused(err, c.why)
			} else if err != nil {
				t.Error(err)
			}
		})
	}
}

// lay changes the provider's claims.
func (s spoilt) lay(said oidctest.Claims) {
	for name, value := range s.claims {
		said[name] = value
		if value == nil {
			delete(said, name)
		}
	}
}

func TestSubjectByAnotherNameIsCheckedToo(t *testing.T) {
	t.Parallel()
	w := newWorldWith(t, oidctest.Options{Clients: []oidctest.Client{registered()}, ClaimsInIDToken: true})
	w.become(func(o *oidc.Options) { o.Claims.Subject = "preferred_username" })
	_, err := w.signIn("bob") // who has no such name
	w.wantRefused(err, "the ID token has no usable subject")
	w.resign(w.provider.Key(), nil, spoilt{claims: oidctest.Claims{"sub": "", "preferred_username": "bob"}}.lay)
	_, err = w.signIn("bob")
	w.wantRefused(err, "the ID token has no usable subject")
}

func TestTokenAnswersWithoutAnIDTokenAreRefused(t *testing.T) {
	t.Parallel()
	for name, token := range map[string]any{
		"none": nil, "empty": "", "no text": 7, "no token": "abc", "too long": strings.Repeat("a", 1<<16) + ".b.c",
		"several signatures": `{"payload":"a","signatures":[{"x.y.z":"a"}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.provider.TamperJSON(oidctest.Token, func(m map[string]any) { m["id_token"] = token })
			_, err := w.signIn("ada")
			w.wantRefused(err, "there is no ID token")
		})
	}
}

// The real provider signs with the client's secret when it is told to. The portal does not believe that.
func TestSharedSecretsSignNothing(t *testing.T) {
	t.Parallel()
	client := registered()
	client.Algorithm = "HS256"
	w := newWorldWith(t, oidctest.Options{Clients: []oidctest.Client{client}})
	_, err := w.signIn("ada")
	w.wantRefused(err, "a token is malformed, or its algorithm is not to be believed")
}

func TestCodesAreGoodOnceAndInOneHand(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const why = "the code is not, or no longer, good"
	back := w.returned("ada")
	stolen := challenge
	stolen.Verifier = identity.Token(verifier[1:] + "A")
	_, err := w.oidc.Exchange(t.Context(), stolen, back.Get("code"), w.provider.Issuer)
	w.wantRefused(err, why)
	back = w.returned("ada")
	if _, err := w.oidc.Exchange(t.Context(), challenge, back.Get("code"), w.provider.Issuer); err != nil {
		t.Fatal(err)
	}
	_, err = w.oidc.Exchange(t.Context(), challenge, back.Get("code"), w.provider.Issuer)
	w.wantRefused(err, why)
	_, err = w.oidc.Exchange(t.Context(), challenge, "no code", w.provider.Issuer)
	w.wantRefused(err, why)
}

func TestAnswersSayWhomTheyAreFrom(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.oidc.Exchange(t.Context(), challenge, "code", "https://evil.example")
	w.wantRefused(err, "it is from another issuer (iss)")
	_, err = w.oidc.Exchange(t.Context(), challenge, "code", "")
	w.wantRefused(err, "it does not say who it is from (iss)")
	if n := w.provider.Calls(oidctest.Token); n > 0 {
		t.Errorf("the code was sent %d times", n)
	}
	quiet := newWorld(t)
	without("authorization_response_iss_parameter_supported")(quiet)
	if _, err := quiet.oidc.Exchange(t.Context(), challenge, quiet.returned("ada").Get("code"), ""); err != nil {
		t.Error(err)
	}
}

func TestUserInfoOfSomebodyElseIsRefused(t *testing.T) {
	t.Parallel()
	for _, sub := range []any{"bob", "", nil} {
		w := newWorld(t)
		w.provider.TamperJSON(oidctest.UserInfo, func(m map[string]any) { m["sub"] = sub })
		_, err := w.signIn("ada")
		w.wantRefused(err, "the userinfo endpoint speaks of somebody else (sub)")
	}
}
