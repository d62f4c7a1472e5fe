// Package delivery sends notices to the company's own receiver as Standard Webhooks 1.0 has it
// (https://www.standardwebhooks.com): a POST of JSON with an id, the time of the attempt, and a signature for each secret.
//
// A [Sender] asks once; when to ask again is for package outbox to say.
package delivery

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"portal/internal/outbox"
)

const (
	maxAnswer = 4 << 10  // bytes that are read of an answer, so that the connection can be used again; only the status counts
	maxHeader = 16 << 10 // bytes of an answer's header
	kept      = 4        // connections, as many as one process uses at once
	idleFor   = 30 * time.Second
)

// Sender sends notices to one receiver. It is an [outbox.Sender].
type Sender struct {
	to        *url.URL
	secrets   []Secret
	transport http.RoundTripper // without an http.Client, which would follow redirects
}

// NewSender returns a sender to a URL that signs with each of the secrets.
func NewSender(to *url.URL, secrets []Secret) *Sender {
	return &Sender{to: to, secrets: secrets, transport: &http.Transport{
		Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true, DisableCompression: true,
		MaxIdleConnsPerHost: kept, IdleConnTimeout: idleFor, MaxResponseHeaderBytes: maxHeader,
	}}
}

// Send implements [outbox.Sender], whose caller bounds the attempt. Causes hold nothing of the notice, the address or the answer but its status.
func (s *Sender) Send(ctx context.Context, n outbox.Notice, at time.Time) outbox.Answer {
	req, err := s.request(ctx, n, at)
	if err != nil {
		return outbox.Answer{Cause: err.Error()}
	}
	resp, err := s.transport.RoundTrip(req)
	if err != nil {
		return outbox.Answer{Cause: cause(err)}
	}
	defer resp.Body.Close()
	_, _ = io.CopyN(io.Discard, resp.Body, maxAnswer)
	a := outbox.Answer{Status: resp.StatusCode}
	if !a.Taken() {
		a.Cause = refusal(resp.StatusCode)
		a.RetryAfter = retryAfter(resp, at)
	}
	return a
}

// request is a notice as it is sent at a time.
func (s *Sender) request(ctx context.Context, n outbox.Notice, at time.Time) (*http.Request, error) {
	body, err := encode(n)
	if err != nil {
		return nil, fmt.Errorf("writing the notice: %w", err)
	}
	signatures, err := sign(s.secrets, n.ID, at, body)
	if err != nil {
		return nil, fmt.Errorf("signing the notice: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.to.String(), bytes.NewReader(body))
	if err != nil {
		return nil, errAddress
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "customer-request-portal")
	req.Header.Set(standardwebhooks.HeaderWebhookID, n.ID)
	req.Header.Set(standardwebhooks.HeaderWebhookTimestamp, strconv.FormatInt(at.Unix(), 10))
	req.Header.Set(standardwebhooks.HeaderWebhookSignature, signatures)
	return req, nil
}

// retryAfter is how long a receiver that has too much to do wants to be left alone, in seconds or until a date.
func retryAfter(resp *http.Response, now time.Time) time.Duration {
	if resp.StatusCode != http.StatusTooManyRequests && resp.StatusCode != http.StatusServiceUnavailable {
		return 0
	}
	text := resp.Header.Get("Retry-After")
	if seconds, err := strconv.ParseUint(text, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}
