package oidc_test

import (
	"errors"
	"testing"

	"portal/internal/identity"
	"portal/internal/oidc"
	"portal/internal/oidctest"
)

// What anybody sends in place of a logout token is refused, whatever it is.
func FuzzLogoutTokenOfAStranger(f *testing.F) {
	provider := oidctest.New(f, oidctest.Options{Clients: []oidctest.Client{registered()}})
	p, err := oidc.New(oidc.Options{Name: "n", Issuer: provider.Issuer, ClientID: "portal", RedirectURL: callback, Now: newClock().now})
	if err != nil {
		f.Fatal(err)
	}
	key := provider.Key()
	f.Add("")
	f.Add("a.b.c")
	f.Add(oidctest.NewKey(f).Sign(oidctest.Claims{"kid": key.ID}, oidctest.Claims{"iss": "a"}))
	f.Add(key.Sign(oidctest.Claims{"alg": "none"}, oidctest.Claims{"iss": "a"}))
	f.Fuzz(func(t *testing.T, token string) {
		got, err := p.Logout(t.Context(), identity.Token(token))
		if _, ok := errors.AsType[*identity.Refused](err); !ok {
			t.Errorf("%q: %+v, %v", token, got, err)
		}
	})
}
