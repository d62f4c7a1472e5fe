package faults_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"portal/internal/sandbox/faults"
)

// service is a handler with rules around it that counts its calls.
type service struct {
	*faults.Rules
	handler http.Handler
	url     string // once it is served
	calls   atomic.Int32
	body    atomic.Value      // of the last call
	struck  chan faults.Rule  // one for each call that is struck
	ended   chan struct{}     // one for each call that is over, whichever way
	clients http.RoundTripper // never tries a call again
}

func newService() *service {
	s := &service{Rules: faults.New(), struck: make(chan faults.Rule, 1000), ended: make(chan struct{}, 1000)}
	s.OnStrike = func(_ *http.Request, r faults.Rule) { s.struck <- r }
	spoilt := s.Middleware(http.HandlerFunc(s.answer))
	s.handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() { s.ended <- struct{}{} }()
		spoilt.ServeHTTP(w, r)
	})
	return s
}

func (s *service) answer(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.body.Store(string(body))
	s.calls.Add(1)
	w.Header().Set("Etag", "true-answer")
	w.WriteHeader(http.StatusTeapot)
	_, _ = io.WriteString(w, "true answer")
}

// serve puts a service on the network.
func serve(t *testing.T) *service {
	t.Helper()
	s := newService()
	server := httptest.NewServer(s.handler)
	s.url = server.URL
	s.clients = &http.Transport{DisableKeepAlives: true}
	t.Cleanup(server.Close)
	t.Cleanup(s.Close)
	return s
}

func (s *service) order(t *testing.T, r faults.Rule) faults.Rule {
	t.Helper()
	r, err := s.Add(r)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// send calls the service over the network.
func (s *service) send(ctx context.Context) (*http.Response, string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+"/", strings.NewReader("sent"))
	if err != nil {
		return nil, "", err
	}
	resp, err := s.clients.RoundTrip(req)
	if err != nil {
		return nil, "", err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	return resp, string(body), err
}

// post calls the service without a network. The status is zero if the call was cut off.
func (s *service) post(path string) (status int, body string) {
	defer func() {
		if p := recover(); p != nil && p != http.ErrAbortHandler {
			panic(p)
		}
	}()
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, httptest.NewRequest(http.MethodPost, path, strings.NewReader("sent")))
	return w.Code, w.Body.String()
}

// fates draws the answers of that many calls: a point for a true one, a cross for a spoilt one.
func (s *service) fates(calls int) string {
	var fates strings.Builder
	for range calls {
		if status, _ := s.post("/"); status == http.StatusTeapot {
			fates.WriteByte('.')
		} else {
			fates.WriteByte('x')
		}
	}
	return fates.String()
}
