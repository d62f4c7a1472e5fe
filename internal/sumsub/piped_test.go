package sumsub

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
	o.BaseURL, o.Now = &url.URL{Scheme: "http", Host: "sumsub"}, time.Now
	c := New(o)
	transport := c.transport.(*http.Transport)
	transport.DialContext = network.dial
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		_ = srv.Close()
	})
	return c
}

// zeros is a file.
type zeros int64

// Size is part of [onboarding.Content].
func (z zeros) Size() int64 { return int64(z) }

// Open is part of [onboarding.Content].
func (z zeros) Open() io.Reader { return io.LimitReader(zero{}, int64(z)) }

type zero struct{}

// Read is part of io.Reader.
func (zero) Read(into []byte) (int, error) { clear(into); return len(into), nil }

// kinds of calls, each reduced to its error.
func reading(ctx context.Context, c *Client) error  { _, err := c.Status(ctx, "a"); return err }
func changing(ctx context.Context, c *Client) error { return c.RequestCheck(ctx, "a") }

func uploading(size int64) func(ctx context.Context, c *Client) error {
	return func(ctx context.Context, c *Client) error {
		_, err := c.AddDocument(ctx, "a", onboarding.Document{Format: onboarding.PNG}, zeros(size))
		return err
	}
}

// ended makes a call and returns what came of it and how long that took.
func ended(ctx context.Context, c *Client, call func(ctx context.Context, c *Client) error) (took time.Duration, err error) {
	began := time.Now()
	err = call(ctx, c)
	return time.Since(began), err
}

func hang(_ http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body) // only then does a server notice that its client has left
	<-r.Context().Done()
}

func says(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

var well = says(http.StatusOK, `{"reviewStatus":"init"}`)
