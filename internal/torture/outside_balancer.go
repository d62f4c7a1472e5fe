package torture

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// Addresses on the balancer beside the portal's own.
const (
	portalPath   = "/onboarding"
	webhooksPath = portalPath + "/webhooks/passfort"
	thanksPath   = "/thanks/" // the company's own pages, one a flow
)

// balancer stands before the portals, as in production. It takes them in turn and tries the next one only where a
// connection is refused, so no request is ever sent twice. It is also the honest witness of which webhooks the
// provider was told are received.
type balancer struct {
	site  *site
	proxy *httputil.ReverseProxy

	mu           sync.Mutex
	portals      []string // where they listen, whether they live or not
	next         int
	acknowledged []string
}

func newBalancer() (*balancer, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listening for applicants: %w", err)
	}
	b := &balancer{}
	b.proxy = &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(&url.URL{Scheme: "http", Host: "portals"})
			r.Out.Host = r.In.Host
		},
		Transport:    &http.Transport{DialContext: b.dial, DisableKeepAlives: true},
		ErrorHandler: nobodyThere,
		ErrorLog:     log.New(io.Discard, "", 0),
	}
	b.site = newSite(l, b)
	return b, nil
}

// leadTo names the portals.
func (b *balancer) leadTo(portals []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.portals = portals
}

func (b *balancer) close() error {
	if b == nil {
		return nil
	}
	return b.site.close()
}

// nobodyThere is the balancer's own page while no portal answers.
func nobodyThere(w http.ResponseWriter, _ *http.Request, _ error) {
	w.WriteHeader(http.StatusBadGateway)
}

// dial connects to the portal whose turn it is, or to the next that takes connections.
func (b *balancer) dial(ctx context.Context, network, _ string) (net.Conn, error) {
	var refused []error
	for _, at := range b.turns() {
		conn, err := (&net.Dialer{Timeout: time.Second}).DialContext(ctx, network, at)
		if err == nil {
			return conn, nil
		}
		refused = append(refused, err)
	}
	return nil, errors.Join(refused...)
}

// turns lists the portals in the order in which they are tried this time.
func (b *balancer) turns() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.next = (b.next + 1) % len(b.portals)
	return slices.Concat(b.portals[b.next:], b.portals[:b.next])
}

// ServeHTTP implements [http.Handler].
func (b *balancer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case strings.HasPrefix(r.URL.Path, thanksPath):
		_, _ = io.WriteString(w, "<h1>Thanks</h1>")
	case r.URL.Path == webhooksPath:
		b.passWebhooks(w, r)
	default:
		b.proxy.ServeHTTP(w, r)
	}
}
