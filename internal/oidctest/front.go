package oidctest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httputil"
	"strconv"
	"sync"
)

// front is the proxy before the provider. It passes on the host it was asked for, so the provider believes to be there.
type front struct {
	mu      sync.Mutex
	backend string
	away    bool
	calls   map[string]int
	tampers map[string]func(*http.Response) error
}

func newFront() *front {
	return &front{calls: map[string]int{}, tampers: map[string]func(*http.Response) error{}}
}

func (f *front) lead(backend string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.backend = backend
}

// arrive counts a call and says where it goes.
func (f *front) arrive(path string) (backend string, away bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls[path]++
	return f.backend, f.away
}

func (f *front) tamper(path string) func(*http.Response) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.tampers[path]
}

// fresh makes a connection for each call: Node closes those that were idle for a while, and may do so just as one is used again.
var fresh = &http.Transport{DisableKeepAlives: true}

// ServeHTTP passes a call on. When the provider is away the connection breaks off.
func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	backend, away := f.arrive(r.URL.Path)
	if away {
		panic(http.ErrAbortHandler)
	}
	proxy := httputil.ReverseProxy{
		Transport:      fresh,
		Rewrite:        func(p *httputil.ProxyRequest) { p.Out.URL.Scheme, p.Out.URL.Host = "http", backend },
		ModifyResponse: f.tamper(r.URL.Path),
	}
	proxy.ServeHTTP(w, r)
}

// Tamper has the answers of a path changed on their way, until it is called again for the path; nil leaves them alone.
func (p *Provider) Tamper(path string, change func(*http.Response) error) {
	p.front.mu.Lock()
	defer p.front.mu.Unlock()
	p.front.tampers[path] = change
}

// TamperJSON is [Provider.Tamper] for the members of an answer in JSON.
func (p *Provider) TamperJSON(path string, change func(members map[string]any)) {
	p.Tamper(path, func(r *http.Response) error {
		var members map[string]any
		if err := json.NewDecoder(r.Body).Decode(&members); err != nil {
			return err
		}
		change(members)
		body, err := json.Marshal(members)
		replace(r, r.StatusCode, body)
		return err
	})
}

// TamperStatus has a path answer with a status and a body of the test's.
func (p *Provider) TamperStatus(path string, status int, body string) {
	p.Tamper(path, func(r *http.Response) error {
		replace(r, status, []byte(body))
		return nil
	})
}

// Away takes the provider away, or brings it back. Meanwhile every connection to it breaks off.
func (p *Provider) Away(away bool) {
	p.front.mu.Lock()
	defer p.front.mu.Unlock()
	p.front.away = away
}

// Calls is how often a path was asked for, those in vain included.
func (p *Provider) Calls(path string) int {
	p.front.mu.Lock()
	defer p.front.mu.Unlock()
	return p.front.calls[path]
}

func replace(r *http.Response, status int, body []byte) {
	_ = r.Body.Close()
	r.StatusCode, r.Status = status, ""
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	r.Header.Set("Content-Length", strconv.Itoa(len(body)))
	r.Header.Set("Content-Type", "application/json")
}
