package main

import (
	"context"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/http/httputil"
	"net/url"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// balancer hands requests to the replicas that say they are ready, in turn, over connections that it keeps. It tries
// nothing twice.
type balancer struct {
	url string

	mu    sync.Mutex
	ready []*url.URL
	turn  int
}

// lookEvery is how often the balancer looks who is ready. Others do once a second or less often.
const lookEvery = 100 * time.Millisecond

// newBalancer balances replicas, each of which has a public and a private address.
func newBalancer(t testing.TB, replicas [][]string) *balancer {
	t.Helper()
	b := &balancer{}
	kept := &http.Transport{MaxIdleConnsPerHost: 1000}
	t.Cleanup(kept.CloseIdleConnections)
	server := httptest.NewServer(&httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(b.next())
			r.Out.Host = r.In.Host
		},
		Transport: sentOnce{kept}, ErrorLog: log.New(io.Discard, "", 0),
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, err error) {
			http.Error(w, err.Error(), http.StatusBadGateway)
		},
	})
	b.url = server.URL
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	var watching sync.WaitGroup
	for _, at := range replicas {
		watching.Go(func() { b.watch(ctx, at) })
	}
	t.Cleanup(func() {
		cancel()
		watching.Wait()
		server.Close()
	})
	return b
}

// sentOnce is a transport that sends nothing twice. Go's own does when a connection that was kept breaks down, and would hide
// what a client that does not do so sees.
type sentOnce struct{ to http.RoundTripper }

var errSentTwice = errors.New("a connection broke down, and the request went out over another")

func (o sentOnce) RoundTrip(r *http.Request) (*http.Response, error) {
	var connections atomic.Int32
	count := httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { connections.Add(1) }}
	resp, err := o.to.RoundTrip(r.WithContext(httptrace.WithClientTrace(r.Context(), &count)))
	if err != nil || connections.Load() == 1 {
		return resp, err
	}
	return nil, errors.Join(errSentTwice, resp.Body.Close())
}

func TestTheBalancerShowsThatAConnectionBreaksDown(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if asked.Add(1) == 2 { // over the connection that was kept
			panic(http.ErrAbortHandler)
		}
	}))
	t.Cleanup(server.Close)
	kept := &http.Transport{}
	t.Cleanup(kept.CloseIdleConnections)
	client := http.Client{Transport: sentOnce{kept}}
	for i := range 2 {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := client.Do(r)
		if (i == 1) != errors.Is(err, errSentTwice) {
			t.Errorf("request %d: %v", i, err)
		}
		if err == nil {
			_, err := io.Copy(io.Discard, resp.Body)
			if err := errors.Join(err, resp.Body.Close()); err != nil {
				t.Error(err)
			}
		}
	}
}

// watch looks again and again whether a replica is ready. None waits for the others, which may be slow to say.
func (b *balancer) watch(ctx context.Context, at []string) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for ctx.Err() == nil {
		b.note(&url.URL{Scheme: "http", Host: at[0]}, answers(ctx, "http://"+at[1]+"/readyz"))
		select {
		case <-tick.C:
		case <-ctx.Done():
		}
	}
}

func (b *balancer) note(replica *url.URL, ready bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ready = slices.DeleteFunc(b.ready, func(u *url.URL) bool { return u.Host == replica.Host })
	if ready {
		b.ready = append(b.ready, replica)
	}
}

// next is whose turn it is; nobody's address where none is ready.
func (b *balancer) next() *url.URL {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.ready) == 0 {
		return &url.URL{Scheme: "http", Host: "127.0.0.1:1"}
	}
	b.turn++
	return b.ready[b.turn%len(b.ready)]
}

// await waits until so many are ready.
func (b *balancer) await(t testing.TB, n int) {
	t.Helper()
	eventually(t, "the replicas are ready", func() bool {
		b.mu.Lock()
		defer b.mu.Unlock()
		return len(b.ready) == n
	})
}
