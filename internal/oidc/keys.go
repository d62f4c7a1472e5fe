package oidc

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"

	goidc "github.com/coreos/go-oidc/v3/oidc"
)

// keysPause is how long the keys that were fetched last are the only ones. Anybody may send a token with a key that
// nobody has; the provider must not be called for each.
const keysPause = 5 * time.Second

// signatures are the algorithms that are believed: those where only the provider holds what signs. A secret that both
// sides hold would let the portal's copy speak in the provider's name, and "none" lets everybody.
var signatures = []string{
	goidc.RS256, goidc.RS384, goidc.RS512, goidc.PS256, goidc.PS384, goidc.PS512,
	goidc.ES256, goidc.ES384, goidc.ES512, goidc.EdDSA,
}

// asymmetric keeps of the algorithms those that are believed. RS256 stands for a provider that names none, since every
// provider must know it.
func asymmetric(offered []string) []string {
	believed := slices.DeleteFunc(slices.Clone(offered), func(a string) bool { return !slices.Contains(signatures, a) })
	if len(believed) == 0 {
		return []string{goidc.RS256}
	}
	return believed
}

// newKeys returns the keys at an address, which are fetched when a token wants one that is not among them.
func newKeys(address string, connections http.RoundTripper, now func() time.Time) goidc.KeySet {
	client := &http.Client{Transport: &sparing{connections: connections, now: now}, Timeout: callWithin}
	return goidc.NewRemoteKeySet(goidc.ClientContext(context.Background(), client), address)
}

// sparing makes a call only after a pause since the last, and repeats the last answer meanwhile.
type sparing struct {
	connections http.RoundTripper
	now         func() time.Time

	mu    sync.Mutex
	again time.Time
	body  []byte
	err   error
}

// RoundTrip returns the keys as the provider has them, or had them just now.
func (s *sparing) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if now := s.now(); !now.Before(s.again) {
		s.body, s.err = s.fetch(r)
		s.again = now.Add(keysPause)
	}
	if s.err != nil {
		return nil, s.err
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(s.body)), Request: r}, nil
}

func (s *sparing) fetch(r *http.Request) ([]byte, error) {
	answer, err := s.connections.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, &statusError{answer.StatusCode}
	}
	body, err := io.ReadAll(answer.Body)
	if err == nil && !json.Valid(body) {
		err = errUnreadable
	}
	return body, err
}
