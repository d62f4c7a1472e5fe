package main

import (
	"log/slog"
	"time"

	"portal/internal/config"
	"portal/internal/identity"
	"portal/internal/postgres"
	"portal/web"
)

// newAPI joins what serving the company's own programs takes.
func newAPI(c config.Config, m materials, p *parts, a *web.Applicants, mailed func(outcome string), log *slog.Logger) *web.API {
	store := postgres.New(p.pool, m.keys, postgres.NoJobs)
	return &web.API{
		Gate: &identity.Gate{Keys: store, Allowances: store, Fixed: fixedAPIKeys(c), Now: time.Now}, Links: a.Desk, Subjects: store, Profiles: p.passfort,
		Bounces: newPost(store, mailed, log),
	}
}

func fixedAPIKeys(c config.Config) []identity.Token {
	var keys []identity.Token
	for _, k := range c.FixedAPIKeys() {
		keys = append(keys, identity.Token(k))
	}
	return keys
}
