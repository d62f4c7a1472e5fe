package oidc

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"time"

	goidc "github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"portal/internal/identity"
)

// shortest is how many signs a PKCE verifier has at least (RFC 7636, 4.1).
const shortest = 43

// AuthorizationURL is where the browser is sent to sign in.
func (p *Provider) AuthorizationURL(ctx context.Context, c identity.Challenge) (string, error) {
	if c.State == "" || c.Nonce == "" || len(c.Verifier) < shortest {
		return "", errors.New("a challenge wants a state, a nonce and a verifier of 43 signs or more")
	}
	m, err := p.discovery.metadata(ctx)
	if err != nil {
		return "", err
	}
	options := []oauth2.AuthCodeOption{goidc.Nonce(c.Nonce), oauth2.S256ChallengeOption(c.Verifier.Reveal())}
	if p.o.Prompt != "" {
		options = append(options, oauth2.SetAuthURLParam("prompt", p.o.Prompt))
	}
	if p.o.MaxAge != nil {
		options = append(options, oauth2.SetAuthURLParam("max_age", strconv.Itoa(int(*p.o.MaxAge/time.Second))))
	}
	if c.Locale != "" {
		options = append(options, oauth2.SetAuthURLParam("ui_locales", c.Locale))
	}
	return p.client(m).AuthCodeURL(c.State, options...), nil
}

// maxHint is how many bytes an ID token may have to be sent along at sign-out: the address travels in a header of our answer,
// and proxies answer 502 to headers of 4 kB in all.
const maxHint = 1200

// SignOutURL is where the browser is sent to sign out there, too (OpenID Connect RP-Initiated Logout 1.0); empty where
// the provider has no such address. An ID token of more than 1,200 bytes is left out, with which the provider would know
// the session that is meant: it knows the client, and may ask the person.
func (p *Provider) SignOutURL(ctx context.Context, s identity.ProviderSession, back string) (string, error) {
	m, err := p.discovery.metadata(ctx)
	if err != nil || m.SignOutURL == "" {
		return "", err
	}
	u, err := url.Parse(m.SignOutURL)
	if err != nil {
		return "", away("discovery", err)
	}
	query := u.Query()
	query.Set("client_id", p.o.ClientID)
	query.Set("post_logout_redirect_uri", back)
	if s.IDToken != "" && len(s.IDToken.Reveal()) <= maxHint {
		query.Set("id_token_hint", s.IDToken.Reveal())
	}
	u.RawQuery = query.Encode()
	return u.String(), nil
}

// client is the portal as the provider knows it.
func (p *Provider) client(m *metadata) *oauth2.Config {
	at := m.library.Endpoint()
	at.AuthStyle = p.authentication(m)
	return &oauth2.Config{
		ClientID:     p.o.ClientID,
		ClientSecret: string(p.o.ClientSecret),
		Endpoint:     at,
		RedirectURL:  p.o.RedirectURL,
		Scopes:       p.o.Scopes,
	}
}

// authentication says how the secret travels: in a header, which is the standard's default, unless the provider knows
// nothing but the body. Trying both, as the library would, redeems a code twice.
func (p *Provider) authentication(m *metadata) oauth2.AuthStyle {
	onlyBody := slices.Contains(m.Methods, "client_secret_post") && !slices.Contains(m.Methods, "client_secret_basic")
	if p.o.ClientSecret == "" || onlyBody {
		return oauth2.AuthStyleInParams
	}
	return oauth2.AuthStyleInHeader
}
