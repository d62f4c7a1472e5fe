// Package oidc signs people in at the company's OpenID providers: [Provider] is an identity.Provider.
//
// Read exchange.go first, which follows a sign-in from the code to the claims, then token.go, which holds every check of
// a token. Errors of two kinds come out: identity.ErrProviderAway, when the provider cannot be used now, and
// *identity.Refused, when something it said, or somebody in its name, is not believed. Their texts are for operators; they
// quote no code, token, secret, claim or body.
//
// Nothing is asked of a provider before somebody wants it: the portal starts while its providers are away.
package oidc

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"portal/internal/identity"
)

// Secret is the client's secret. It prints as "[secret]" everywhere.
type Secret string

const redacted = "[secret]"

// Format keeps the secret out of everything fmt prints.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// LogValue keeps the secret out of logs.
func (s Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText keeps the secret out of JSON and other encodings.
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// Options say which provider it is, and how it knows the portal.
type Options struct {
	Name         string // as the company calls the provider
	Issuer       string // exactly as the provider writes it, without /.well-known/…
	ClientID     string
	ClientSecret Secret // empty: a public client, which PKCE alone protects
	RedirectURL  string // where people come back to
	Scopes       []string
	Claims       ClaimNames
	Prompt       string // such as "login" or "select_account"; empty: as the provider likes
	// MaxAge is how long ago people may have proved who they are. Nought wants a proof at each sign-in; nil leaves it to
	// the provider.
	MaxAge *time.Duration
	Now    func() time.Time
}

// defaultScopes are asked for where Options name none.
var defaultScopes = []string{"openid", "email", "profile"}

// Provider is one of the company's OpenID providers. It is safe for concurrent use.
type Provider struct {
	o         Options
	http      *http.Client // for calls that carry secrets, and discovery
	discovery *discovery
}

var _ identity.Provider = (*Provider)(nil)

// New returns a provider; it calls nobody yet. All that is wrong with the options comes in one error.
func New(o Options) (*Provider, error) {
	if len(o.Scopes) == 0 {
		o.Scopes = defaultScopes
	}
	o.Claims = o.Claims.orStandard()
	if err := o.check(); err != nil {
		return nil, fmt.Errorf("identity provider %q: %w", o.Name, err)
	}
	connections := newTransport()
	client := &http.Client{Transport: connections, Timeout: callWithin}
	return &Provider{o: o, http: client, discovery: newDiscovery(o, client, connections)}, nil
}

// Format keeps what fmt prints of a provider to its name: fmt would not ask the secret within.
func (p *Provider) Format(s fmt.State, _ rune) {
	_, _ = fmt.Fprintf(s, "identity provider %q", p.o.Name)
}

func (o Options) check() error {
	var wrong []error
	if !secure(o.Issuer) && !loopback(o.Issuer) {
		wrong = append(wrong, errors.New("issuer: want an https address without query and fragment"))
	}
	if o.Name == "" || o.ClientID == "" || o.RedirectURL == "" || o.Now == nil {
		wrong = append(wrong, errors.New("name, client id, redirect address and clock are all wanted"))
	}
	if !slices.Contains(o.Scopes, "openid") {
		wrong = append(wrong, errors.New(`scopes: "openid" must be one of them`))
	}
	if o.MaxAge != nil && *o.MaxAge < 0 {
		wrong = append(wrong, errors.New("max age: must not be negative"))
	}
	return errors.Join(wrong...)
}
