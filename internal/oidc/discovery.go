package oidc

import (
	"context"
	"errors"
	"net/http"
	"time"

	goidc "github.com/coreos/go-oidc/v3/oidc"
)

// How long what a provider says of itself is believed, and how soon it is asked again when it did not answer.
const (
	metadataFor  = time.Hour
	retryUnknown = 5 * time.Second
	retryKnown   = time.Minute
)

// metadata is what a provider says of itself, with its keys. New metadata starts with no keys, so a key that the
// provider has withdrawn is believed for an hour at most.
type metadata struct {
	library *goidc.Provider
	keys    goidc.KeySet

	KeysURL    string   `json:"jwks_uri"`
	SignOutURL string   `json:"end_session_endpoint"`
	Algorithms []string `json:"id_token_signing_alg_values_supported"`
	Methods    []string `json:"token_endpoint_auth_methods_supported"`
	NamesSelf  bool     `json:"authorization_response_iss_parameter_supported"`
}

// discovery fetches metadata when it is wanted, and keeps it. One caller asks, the others wait for what comes of it.
type discovery struct {
	issuer      string
	now         func() time.Time
	http        *http.Client
	connections http.RoundTripper

	turn  chan struct{} // holds the one who may look at what follows
	known *metadata
	err   error // why nothing is known
	again time.Time
}

func newDiscovery(o Options, client *http.Client, connections http.RoundTripper) *discovery {
	return &discovery{issuer: o.Issuer, now: o.Now, http: client, connections: connections, turn: make(chan struct{}, 1)}
}

// metadata returns what is known of the provider, asking it first where that is too old. An answer that does not come
// leaves the old one in force; the failure is remembered for a little, so that a crowd does not hammer a provider in
// trouble.
func (d *discovery) metadata(ctx context.Context) (*metadata, error) {
	select {
	case d.turn <- struct{}{}:
		defer func() { <-d.turn }()
	case <-ctx.Done():
		return nil, away("waiting for discovery", ctx.Err())
	}
	if d.now().Before(d.again) {
		return d.known, d.err
	}
	// The answer is for everybody, so the one who asked may leave.
	found, err := d.fetch(context.WithoutCancel(ctx))
	switch {
	case err == nil:
		d.known, d.err, d.again = found, nil, d.now().Add(metadataFor)
	case d.known != nil:
		d.again = d.now().Add(retryKnown)
	default:
		d.err, d.again = err, d.now().Add(retryUnknown)
	}
	return d.known, d.err
}

func (d *discovery) fetch(ctx context.Context) (*metadata, error) {
	library, err := goidc.NewProvider(goidc.ClientContext(ctx, d.http), d.issuer)
	if _, ok := errors.AsType[*goidc.IssuerMismatchError](err); ok {
		return nil, awayBecause("discovery", "it names another issuer")
	}
	if err != nil {
		return nil, away("discovery", err)
	}
	m := &metadata{library: library}
	if err := library.Claims(m); err != nil {
		return nil, away("discovery", err)
	}
	if !m.usable(secure(d.issuer)) {
		return nil, awayBecause("discovery", "an address is missing or not secure")
	}
	m.Algorithms = asymmetric(m.Algorithms)
	m.keys = newKeys(m.KeysURL, d.connections, d.now)
	return m, nil
}

// usable says whether every needed address is there, and none is less secure than the issuer's.
func (m *metadata) usable(onlyHTTPS bool) bool {
	at := m.library.Endpoint()
	needed := []string{at.AuthURL, at.TokenURL, m.KeysURL}
	for _, optional := range []string{m.library.UserInfoEndpoint(), m.SignOutURL} {
		if optional != "" {
			needed = append(needed, optional)
		}
	}
	for _, address := range needed {
		if !endpoint(address, onlyHTTPS) {
			return false
		}
	}
	return true
}
