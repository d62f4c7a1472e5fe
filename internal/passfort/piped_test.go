package passfort

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"testing"
	"time"

	"portal/internal/onboarding"
)

// pipes are a network without a network, so that time can be played: each dial is a connection to accept.
type pipes chan net.Conn

func (p pipes) dial(context.Context, string, string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	p <- theirs
	return ours, nil
}

// Accept is part of net.Listener.
func (p pipes) Accept() (net.Conn, error) {
	conn, ok := <-p
	if !ok {
		return nil, net.ErrClosed
	}
	return conn, nil
}

// Close is part of net.Listener.
func (p pipes) Close() error { close(p); return nil }

// Addr is part of net.Listener.
func (p pipes) Addr() net.Addr { return &net.UnixAddr{} }

// piped returns a client of the API that the handler plays, for use in a bubble.
func piped(t *testing.T, api http.HandlerFunc, o Options) *Client {
	t.Helper()
	network := make(pipes)
	srv := &http.Server{Handler: api}
	go func() { _ = srv.Serve(network) }()
	o.BaseURL = &url.URL{Scheme: "http", Host: "passfort", Path: "/4.0"}
	c := New(o)
	transport := c.transport.(*http.Transport)
	transport.DialContext = network.dial
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		_ = srv.Close()
	})
	return c
}

// ended makes a creating call or a read, and returns what came of it and how long that took.
func ended(ctx context.Context, c *Client, creating bool) (took time.Duration, err error) {
	began := time.Now()
	if creating {
		_, err = c.CreateProfile(ctx, onboarding.StubProfile{Role: onboarding.CompanyCustomer})
	} else {
		_, err = c.LatestRequest(ctx, "some-profile")
	}
	return time.Since(began), err
}

func hang(_ http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body) // only then does a server notice that its client has left
	<-r.Context().Done()
}

func halfAnAnswer(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Length", "1000")
	_, _ = w.Write([]byte(`{"id":"abc"`))
	_ = http.NewResponseController(w).Flush()
	hang(w, r)
}

func answerAfter(d time.Duration) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		select {
		case <-time.After(d):
			well(w, r)
		case <-r.Context().Done():
		}
	}
}
