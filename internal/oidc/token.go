package oidc

import (
	"slices"
	"time"

	"portal/internal/identity"
)

// skew is how far the provider's clock may be from ours, either way.
const skew = time.Minute

// logoutAge is how old the word of a logout may be: it says what has just happened.
const logoutAge = 10 * time.Minute

// check is a thing that must be so, and what to say where it is not.
type check struct {
	holds bool
	why   string
}

func refused(why string) error { return &identity.Refused{Why: why} }

// first refuses for the first check that does not hold.
func first(checks ...check) error {
	for _, c := range checks {
		if !c.holds {
			return refused(c.why)
		}
	}
	return nil
}

// checkIDToken applies OpenID Connect Core 1.0, 3.1.3.7.
func (p *Provider) checkIDToken(s signed, c identity.Challenge, accessToken string) error {
	if err := p.checkParties(s.claims); err != nil {
		return err
	}
	if err := p.checkTimes(s.claims); err != nil {
		return err
	}
	return first(
		check{c.Nonce != "" && s.text("nonce") == c.Nonce, "the ID token is of another sign-in (nonce)"},
		check{p.freshEnough(s.claims, c.BegunAt), "the person proved who they are too long ago (auth_time)"},
		check{!s.has("at_hash") || s.library.VerifyAccessToken(accessToken) == nil, "the ID token is of another access token (at_hash)"},
		check{plain(p.subject(s.claims)), "the ID token has no usable subject"},
		check{plain(s.text("sub")), "the ID token has no usable subject"},
		check{!s.has("sid") || plain(s.text("sid")), "the ID token has no usable session (sid)"},
	)
}

// checkLogout applies OpenID Connect Back-Channel Logout 1.0, 2.6. The rules make sure that an ID token is none.
func (p *Provider) checkLogout(s signed) error {
	if err := p.checkParties(s.claims); err != nil {
		return err
	}
	if err := p.checkTimes(s.claims); err != nil {
		return err
	}
	issued, _ := s.time("iat")
	return first(
		check{slices.Contains([]string{"", "jwt", "logout+jwt"}, s.kind), "the token is of another kind (typ)"},
		check{!p.o.Now().After(issued.Add(logoutAge + skew)), "the logout token is old (iat)"},
		check{s.logsOut(), "the token is no logout token (events)"},
		check{!s.has("nonce"), "the logout token has a nonce"},
		check{plain(s.text("jti")), "the logout token has no usable name (jti)"},
		check{!s.has("sid") || plain(s.text("sid")), "the logout token has no usable session (sid)"},
		check{!s.has("sub") || plain(s.text("sub")), "the logout token has no usable subject"},
		check{s.has("sid") || plain(p.subject(s.claims)), "the logout token names nobody"},
	)
}

// checkParties checks whom a token is from and whom it is for.
func (p *Provider) checkParties(c claims) error {
	audience := c.texts("aud")
	return first(
		check{c.text("iss") == p.o.Issuer, "a token is of another issuer"},
		check{slices.Contains(audience, p.o.ClientID), "a token is for another client (aud)"},
		check{len(audience) == 1 || c.has("azp"), "a token is for several clients and does not say for which (azp)"},
		check{!c.has("azp") || c.text("azp") == p.o.ClientID, "a token is for another client (azp)"},
	)
}

// checkTimes checks that a token is in force, or was or will be within the skew of clocks.
func (p *Provider) checkTimes(c claims) error {
	now := p.o.Now()
	expires, mayEnd := c.time("exp")
	issued, began := c.time("iat")
	starts, waits := c.time("nbf")
	return first(
		check{mayEnd && !now.After(expires.Add(skew)), "a token has expired (exp)"},
		check{began && !issued.After(now.Add(skew)), "a token is of the future (iat)"},
		check{!c.has("nbf") || waits && !starts.After(now.Add(skew)), "a token is not yet in force (nbf)"},
	)
}

// freshEnough says whether the person has proved who they are as late as the settings want: counted from when they were
// sent to the provider, so that nobody who reads its pages slowly is refused.
func (p *Provider) freshEnough(c claims, begun time.Time) bool {
	if p.o.MaxAge == nil {
		return true
	}
	proved, ok := c.time("auth_time")
	return ok && !begun.After(proved.Add(*p.o.MaxAge+skew))
}
