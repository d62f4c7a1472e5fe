package oidc

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"portal/internal/identity"
)

// Bounds of a call: somebody waits for it in front of a white page.
const (
	connectWithin = 3 * time.Second
	callWithin    = 5 * time.Second
	maxBody       = 1 << 20
)

// transport makes the calls. It gives up on answers that are too long, and takes those that say nothing to a client of
// OpenID Connect for errors, redirects among them: what is sent holds secrets and is meant for one address.
type transport struct{ connections http.RoundTripper }

func newTransport() http.RoundTripper {
	return transport{&http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: connectWithin}).DialContext,
		TLSHandshakeTimeout:    connectWithin,
		MaxResponseHeaderBytes: 64 << 10,
		ForceAttemptHTTP2:      true,
		MaxIdleConnsPerHost:    4,
		IdleConnTimeout:        30 * time.Second,
	}}
}

// RoundTrip makes one call.
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := t.connections.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	switch answer.StatusCode {
	case http.StatusOK, http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden:
		answer.Body = http.MaxBytesReader(nil, answer.Body, maxBody)
		return answer, nil
	}
	_ = answer.Body.Close()
	return nil, &statusError{answer.StatusCode}
}

// statusError is an HTTP status that no client of OpenID Connect can do anything with.
type statusError struct{ status int }

func (e *statusError) Error() string { return fmt.Sprintf("it answers with status %d", e.status) }

// What may have gone wrong besides.
var (
	errLate       = errors.New("no answer in time")
	errBrokenOff  = errors.New("the connection broke off")
	errUnreadable = errors.New("its answer makes no sense")
)

// away says that something could not be had from the provider.
func away(what string, err error) error {
	return fmt.Errorf("%s: %w: %w", what, identity.ErrProviderAway, cause(err))
}

// awayBecause is away for a reason of our own.
func awayBecause(what, why string) error {
	return fmt.Errorf("%s: %w: %s", what, identity.ErrProviderAway, why)
}

// cause reduces an error to what is known to quote nothing: those of the libraries hold whole answers.
func cause(err error) error {
	if errors.Is(err, context.Canceled) {
		return context.Canceled
	}
	if e, ok := errors.AsType[net.Error](err); ok && e.Timeout() {
		return errLate
	}
	if e, ok := errors.AsType[*statusError](err); ok {
		return e
	}
	if e, ok := errors.AsType[*net.OpError](err); ok {
		return e
	}
	if e, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return e
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errBrokenOff
	}
	return errUnreadable
}
