package main

import (
	"time"

	"portal/internal/config"
	"portal/internal/identity"
	"portal/internal/oidc"
	"portal/internal/postgres"
	"portal/web"
)

// newDesk joins what signing in takes.
func newDesk(c config.Config, store *postgres.Store, mailer identity.Mailer) *identity.Desk {
	return &identity.Desk{
		Codes: store, Allowances: store, Sessions: store, ProviderSignIns: store, Links: store, Mailer: mailer,
		Budget: identity.Budget{PerNetwork: c.CodesPerNetwork, PerDay: c.CodesPerDay},
		Limits: identity.Limits{Idle: c.SessionIdle, Absolute: c.SessionAbsolute},
		Now:    time.Now,
	}
}

// newOIDC makes the client of an OpenID provider.
func newOIDC(c config.Config, o config.OIDC) (*oidc.Provider, error) {
	return oidc.New(oidc.Options{
		Name: o.Name, Issuer: o.Issuer, ClientID: o.ClientID, ClientSecret: oidc.Secret(o.ClientSecret.Reveal()),
		RedirectURL: c.BaseURL.JoinPath("sign-in", "oidc", o.Name, "callback").String(),
		Scopes:      o.Scopes, Claims: oidc.ClaimNames(o.Claims), Prompt: o.Prompt, MaxAge: (*time.Duration)(o.MaxAge), Now: time.Now,
	})
}

// newWaysIn are the company's identity providers for the pages.
func newWaysIn(c config.Config, m materials) []web.WayIn {
	ways := make([]web.WayIn, len(c.OIDC))
	for i, o := range c.OIDC {
		ways[i] = web.WayIn{
			WayIn: identity.WayIn{Provider: m.oidc[i], Name: o.Name, LinkByVerifiedEmail: o.LinkByVerifiedEmail},
			Title: o.Title, Titles: o.Titles,
		}
	}
	return ways
}
