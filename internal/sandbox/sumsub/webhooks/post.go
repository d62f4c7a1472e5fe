package webhooks

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// userAgent names the sandbox, since Sumsub's documentation does not say what the real one calls itself.
const userAgent = "Sumsub-Webhooks (sandbox)"

// The headers with the digest of the body.
const (
	digestHeader    = "X-Payload-Digest"
	algorithmHeader = "X-Payload-Digest-Alg"
)

// How much of a receiver's answer is read at most; only its status counts.
const (
	maxAnswer  = 64 << 10
	maxHeaders = 64 << 10
)

// Answer is how the receiver reacted to a request.
type Answer struct {
	Status int    `json:"status"`          // 0 if there was no answer
	Error  string `json:"error,omitempty"` // why there was none
}

// ok says whether the webhook counts as received. Sumsub's documentation does not say which answers do.
func (a Answer) ok() bool { return a.Status/100 == 2 }

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

// headers are those of an honest delivery. Without a secret there is no digest.
func (o Options) headers(body []byte) http.Header {
	if o.Secret == "" {
		return http.Header{}
	}
	return signed(o.Algorithm.Name(), Digest(o.Algorithm, o.Secret, body))
}

// signed are the headers of a digest.
func signed(algorithm, digest string) http.Header {
	h := http.Header{}
	h.Set(digestHeader, digest)
	h.Set(algorithmHeader, algorithm)
	return h
}

// post delivers a body with these headers and says what came back.
func (q *Queue) post(ctx context.Context, o Options, header http.Header, body []byte) Answer {
	ctx, cancel := context.WithTimeout(ctx, o.timeout())
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, o.URL, bytes.NewReader(body))
	if err != nil {
		return Answer{Error: err.Error()}
	}
	req.Header = header
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", userAgent)
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
