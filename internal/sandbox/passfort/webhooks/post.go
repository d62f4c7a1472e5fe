package webhooks

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// userAgent names the sandbox, since PassFort's documentation does not say what the real one calls itself.
const userAgent = "PassFort-Webhooks (sandbox)"

// How much of a receiver's answer is read at most; only its status counts.
const (
	maxAnswer  = 64 << 10
	maxHeaders = 64 << 10
)

// Answer is how the receiver reacted to a request.
type Answer struct {
	Status int    `json:"status"` // 0 if there was no answer
	Error  string `json:"error"`  // why there was none
}

// newClient returns a client that delivers to exactly the address it is given.
func newClient(c *http.Client) *http.Client {
	client := http.Client{}
	if c != nil {
		client = *c
	} else if transport, ok := http.DefaultTransport.(*http.Transport); ok {
		transport = transport.Clone()
		transport.MaxResponseHeaderBytes = maxHeaders
		client.Transport = transport
	}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &client
}

// post delivers a body and says what came back. The secret is the one of the header.
func (q *Queue) post(ctx context.Context, o Options, secret string, body []byte) Answer {
	ctx, cancel := context.WithTimeout(ctx, o.timeout())
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, o.URL, bytes.NewReader(body))
	if err != nil {
		return Answer{Error: err.Error()}
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", userAgent)
	if secret != "" {
		req.Header.Set("Authorization", "Bearer "+secret)
	}
	resp, err := q.client.Do(req)
	if errors.Is(err, context.DeadlineExceeded) {
		return Answer{Error: fmt.Sprintf("no answer within %v", o.timeout())}
	}
	if err != nil {
		return Answer{Error: err.Error()}
	}
	_, _ = io.CopyN(io.Discard, resp.Body, maxAnswer) // so that the connection can be used again
	_ = resp.Body.Close()
	return Answer{Status: resp.StatusCode}
}
