package passfort

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"portal/internal/inbox"
)

// Forwarder sends webhooks on to the company's own receiver as PassFort sent them: it is an [inbox.Forwarder]. A message
// that came in a batch goes on by itself, its bytes unchanged.
type Forwarder struct {
	to        *url.URL
	cutter    secretCutter
	transport http.RoundTripper // without an http.Client, which would follow redirects
}

// NewForwarder returns a forwarder to a URL. The secrets are those of the decoder, the current one first.
func NewForwarder(to *url.URL, secrets []string) *Forwarder {
	return &Forwarder{to: to, cutter: newSecretCutter(secrets), transport: &http.Transport{
		Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true, MaxIdleConnsPerHost: 1, IdleConnTimeout: receiverIdle,
	}}
}

// receiverIdle is below the minute at which servers usually drop idle connections.
const receiverIdle = 30 * time.Second

// maxReceiverAnswer is how much of an answer is read, so that the connection can be used again; only the status counts.
const maxReceiverAnswer = 64 << 10

// Forward implements [inbox.Forwarder]. Any status of 200 to 299 means that the receiver has the message. Errors hold
// nothing of the message, and of the address only host and port: the rest may be a secret of the company's.
func (f *Forwarder) Forward(ctx context.Context, m inbox.Message) error {
	text := m.Body.Reveal()
	body := f.cutter.restore(text)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, f.to.String(), strings.NewReader(body))
	if err != nil {
		return errors.New("the receiver's address is no URL")
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "customer-request-portal")
	req.Header.Set("Authorization", "Bearer "+f.cutter.sentWith(text))
	resp, err := f.transport.RoundTrip(req)
	if err != nil {
		return fmt.Errorf("asking the receiver: %w", err)
	}
	defer resp.Body.Close()
	_, _ = io.CopyN(io.Discard, resp.Body, maxReceiverAnswer)
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return fmt.Errorf("the receiver answered with status %d", resp.StatusCode)
	}
	return nil
}
