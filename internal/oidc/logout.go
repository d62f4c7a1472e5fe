package oidc

import (
	"context"
	"time"

	"portal/internal/identity"
)

// Logout checks a logout token that the provider has sent behind the browser's back. Anybody can call this, so nobody is
// called for what could not be a token, and the provider but every few seconds.
//
// The answer's ExpiresAt is when the same token begins to be refused for its age: whoever remembers its name until then
// sees every replay.
func (p *Provider) Logout(ctx context.Context, token identity.Token) (identity.Logout, error) {
	raw := token.Reveal()
	if !compact(raw) {
		return identity.Logout{}, refused("there is no logout token")
	}
	m, err := p.discovery.metadata(ctx)
	if err != nil {
		return identity.Logout{}, err
	}
	s, err := p.authentic(ctx, m, raw)
	if err != nil {
		return identity.Logout{}, err
	}
	if err := p.checkLogout(s); err != nil {
		return identity.Logout{}, err
	}
	return identity.Logout{
		Issuer:    p.o.Issuer,
		Subject:   identity.Subject(p.subject(s.claims)),
		ID:        s.text("sid"),
		Token:     s.text("jti"),
		ExpiresAt: refusedFrom(s.claims),
	}, nil
}

// refusedFrom is when the times of a logout token that was good come to their end.
func refusedFrom(c claims) time.Time {
	issued, _ := c.time("iat")
	end, _ := c.time("exp")
	if oldest := issued.Add(logoutAge); oldest.Before(end) {
		end = oldest
	}
	return end.Add(skew)
}
