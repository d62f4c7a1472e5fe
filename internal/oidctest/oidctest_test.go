package oidctest_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"testing"

	"portal/internal/oidctest"
)

const back = "http://client.invalid/callback"

func provider(t *testing.T) *oidctest.Provider {
	t.Helper()
	return oidctest.New(t, oidctest.Options{
		Clients:  []oidctest.Client{{ID: "portal", Redirects: []string{back}}},
		Accounts: map[string]oidctest.Claims{"ada": {"email": "ada@example.com"}},
	})
}

// request is an address at which a sign-in begins. The challenge is RFC 7636's own example.
func request(p *oidctest.Provider, client string) string {
	return p.Issuer + oidctest.Authorize + "?" + url.Values{
		"client_id": {client}, "redirect_uri": {back}, "response_type": {"code"}, "scope": {"openid email"},
		"code_challenge": {"E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"}, "code_challenge_method": {"S256"},
	}.Encode()
}

func TestPersonComesBackWithACode(t *testing.T) {
	t.Parallel()
	p := provider(t)
	person := oidctest.NewPerson(t, p)
	for range 2 { // the second time without a login
		to := person.SignIn(request(p, "portal"), "ada")
		if to.Query().Get("code") == "" || to.Query().Get("iss") != p.Issuer {
			t.Errorf("sent to %s", to)
		}
	}
}

func TestPersonMayCancel(t *testing.T) {
	t.Parallel()
	p := provider(t)
	if to := oidctest.NewPerson(t, p).Cancel(request(p, "portal")); to.Query().Get("error") != "access_denied" {
		t.Errorf("sent to %s", to)
	}
}

func TestClientsMayComeLater(t *testing.T) {
	t.Parallel()
	p := provider(t)
	p.Register(t, oidctest.Client{ID: "later", Redirects: []string{back}})
	for _, client := range []string{"portal", "later"} {
		if to := oidctest.NewPerson(t, p).SignIn(request(p, client), "ada"); to.Query().Get("code") == "" {
			t.Errorf("%s: sent to %s", client, to)
		}
	}
}

func TestSessionsOutliveARotation(t *testing.T) {
	t.Parallel()
	p := provider(t)
	person := oidctest.NewPerson(t, p)
	person.SignIn(request(p, "portal"), "ada")
	before := p.Key().ID
	p.Rotate(t)
	if to := person.SignIn(request(p, "portal")+"&prompt=none", ""); to.Query().Get("code") == "" {
		t.Errorf("sent to %s", to)
	}
	if p.Key().ID == before || keyID(t, p) != p.Key().ID {
		t.Errorf("keys: before %s, now %s, published %s", before, p.Key().ID, keyID(t, p))
	}
}

func TestAnswersCanBeSpoilt(t *testing.T) {
	t.Parallel()
	p := provider(t)
	p.TamperJSON(oidctest.Discovery, func(m map[string]any) { m["issuer"] = "another" })
	if m := get(t, p, oidctest.Discovery); m["issuer"] != "another" {
		t.Errorf("got %v", m)
	}
	p.Tamper(oidctest.Discovery, nil)
	if m := get(t, p, oidctest.Discovery); m["issuer"] != p.Issuer {
		t.Errorf("got %v", m)
	}
	p.Away(true)
	if r, err := http.Get(p.Issuer + oidctest.Discovery); err == nil {
		_ = r.Body.Close()
		t.Error("it is not away")
	}
	if n := p.Calls(oidctest.Discovery); n < 3 {
		t.Errorf("%d calls", n)
	}
}

func keyID(t *testing.T, p *oidctest.Provider) string {
	t.Helper()
	key := get(t, p, oidctest.Keys)["keys"].([]any)[0].(map[string]any)
	if _, private := key["d"]; private {
		t.Error("the provider gives its private key away")
	}
	return key["kid"].(string)
}

func get(t *testing.T, p *oidctest.Provider, path string) map[string]any {
	t.Helper()
	r, err := http.Get(p.Issuer + path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	var m map[string]any
	if err := json.NewDecoder(r.Body).Decode(&m); err != nil {
		t.Fatal(err)
	}
	return m
}
