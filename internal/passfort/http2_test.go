package passfort

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"testing/synctest"
	"time"

	"portal/internal/onboarding"
)

// TestCallsOverHTTP2AreUnansweredOnceConnected holds for a new connection and for one that is used again: over HTTP/2,
// too, a creation that may have been sent is never Busy.
func TestCallsOverHTTP2AreUnansweredOnceConnected(t *testing.T) {
	t.Parallel()
	arrived := make(chan string)
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		arrived <- r.Proto
		<-r.Context().Done()
	}))
	srv.EnableHTTP2 = true
	srv.StartTLS()
	t.Cleanup(srv.Close)
	base, err := url.Parse(srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	c := New(Options{BaseURL: base})
	transport := c.transport.(*http.Transport)
	transport.TLSClientConfig = &tls.Config{RootCAs: srv.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs}
	t.Cleanup(transport.CloseIdleConnections)
	for range 2 {
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- create(ctx, c, 1) }()
		if proto := <-arrived; proto != "HTTP/2.0" {
			t.Error("it came by", proto)
		}
		cancel()
		if err := <-done; onboarding.KindOf(err) != onboarding.Unanswered {
			t.Error("got", err)
		}
	}
}

// dying is a connection that loses everything from some moment on, without a word.
type dying struct {
	net.Conn
	dead chan struct{}
}

// Write is part of net.Conn.
func (d dying) Write(b []byte) (int, error) {
	select {
	case <-d.dead:
		return len(b), nil
	default:
		return d.Conn.Write(b)
	}
}

func TestDeadHTTP2ConnectionsAreLeft(t *testing.T) {
	t.Parallel()
	certified := httptest.NewTLSServer(nil) // for its certificate alone
	certificate, trust := certified.TLS.Certificates, certified.Client().Transport.(*http.Transport).TLSClientConfig
	certified.Close()
	synctest.Test(t, func(t *testing.T) {
		c := piped(t, well, Options{})
		network, dead := make(pipes), make(chan struct{})
		srv := &http.Server{Handler: well, TLSConfig: &tls.Config{Certificates: certificate, NextProtos: []string{"h2"}}}
		go func() { _ = srv.ServeTLS(network, "", "") }()
		t.Cleanup(func() { _ = srv.Close() })
		c.base = &url.URL{Scheme: "https", Host: "example.com"}
		transport := c.transport.(*http.Transport)
		transport.TLSClientConfig = &tls.Config{RootCAs: trust.RootCAs, Time: func() time.Time { return time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC) }}
		transport.DialContext = func(ctx context.Context, n, addr string) (net.Conn, error) {
			conn, err := network.dial(ctx, n, addr)
			return dying{conn, dead}, err
		}
		if err := create(t.Context(), c, 1); err != nil {
			t.Fatal(err)
		}
		close(dead)
		transport.DialContext = network.dial
		took, err := ended(t.Context(), c, true)
		if took > 20*time.Second || onboarding.KindOf(err) != onboarding.Unanswered {
			t.Errorf("after %v: %v", took, err)
		}
		if err := create(t.Context(), c, 1); err != nil {
			t.Error("the dead connection is still used:", err)
		}
	})
}
