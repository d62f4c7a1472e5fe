package browsertest

import (
	"bytes"
	"context"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"strings"
	"sync"
	"testing"
	"time"
)

// Request is something that a page or one of its frames asked the network for.
type Request struct {
	Method  string
	URL     string
	Referer string
	Header  http.Header
	Body    string
}

// recorder is a proxy between a page and the network. What passes it is all that leaves the browser: also what
// frames of other sites ask for, and what the browser asks for by itself.
type recorder struct {
	address string
	forward *httputil.ReverseProxy

	mu       sync.Mutex
	requests []Request
	broken   string // what addresses begin with for which the network breaks; "" is none
}

// record starts a recorder that ends with the test.
func record(t testing.TB) *recorder {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("browsertest: %v", err)
	}
	transport := &http.Transport{DialContext: dial, DisableCompression: true}
	r := &recorder{address: "http://" + l.Addr().String()}
	r.forward = &httputil.ReverseProxy{
		Rewrite:       func(*httputil.ProxyRequest) {}, // the request names its server already
		Transport:     transport,
		FlushInterval: -1,
		ErrorLog:      log.New(io.Discard, "", 0),
	}
	server := &http.Server{Handler: r, ReadHeaderTimeout: patience, ErrorLog: r.forward.ErrorLog}
	go func() { _ = server.Serve(l) }()
	t.Cleanup(func() {
		_ = server.Close()
		transport.CloseIdleConnections()
	})
	return r
}

// dial leads every name below localhost to this machine, as browsers do and resolvers may not.
func dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err == nil && strings.HasSuffix(host, ".localhost") {
		address = net.JoinHostPort("127.0.0.1", port)
	}
	return (&net.Dialer{Timeout: 5 * time.Second}).DialContext(ctx, network, address)
}

// ServeHTTP records a request and passes it on. Tunnels are refused: nothing can be seen in them.
func (r *recorder) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	body, err := io.ReadAll(q.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	q.Body = io.NopCloser(bytes.NewReader(body))
	r.add(Request{Method: q.Method, URL: q.URL.String(), Referer: q.Referer(), Header: q.Header.Clone(), Body: string(body)})
	if r.breaks(q.URL.String()) {
		reset(w, q)
		return
	}
	if q.Method == http.MethodConnect {
		http.Error(w, "no tunnels", http.StatusMethodNotAllowed)
		return
	}
	r.forward.ServeHTTP(w, q)
}

func (r *recorder) add(q Request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.requests = append(r.requests, q)
}

func (r *recorder) all() []Request {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]Request(nil), r.requests...)
}
