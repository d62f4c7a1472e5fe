package calls_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"portal/internal/sandbox/calls"
)

// noon is when everything happens that goes into these tests' journals.
var noon = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)

func newJournal(size int) *calls.Journal {
	return calls.New(func() time.Time { return noon }, size)
}

// journaled is a handler on the network with a journal around it.
type journaled struct {
	*calls.Journal
	*httptest.Server
	over chan struct{} // one for each call that is over, whichever way
}

func serve(t *testing.T, handler http.HandlerFunc) *journaled {
	t.Helper()
	j := &journaled{Journal: newJournal(10), over: make(chan struct{}, 1000)}
	seen := j.Middleware(handler)
	j.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() { j.over <- struct{}{} }()
		seen.ServeHTTP(w, r)
	}))
	t.Cleanup(j.Server.Close)
	return j
}

// post sends a body of this type and returns the answer's.
func (j *journaled) post(t *testing.T, contentType string, body io.Reader) (string, error) {
	t.Helper()
	resp, err := j.Client().Post(j.URL, contentType, body)
	if err != nil {
		return "", err
	}
	defer func() { _ = resp.Body.Close() }()
	got, err := io.ReadAll(resp.Body)
	return string(got), err
}

// newest waits until one more call is over and returns the newest.
func (j *journaled) newest(t *testing.T) calls.Call {
	t.Helper()
	<-j.over
	all := j.All()
	if len(all) == 0 {
		t.Fatal("the journal is empty")
	}
	return all[0]
}

// pass sends a request through a journal without a network and returns what the journal shows of it.
func pass(t *testing.T, r *http.Request, handler http.HandlerFunc) calls.Call {
	t.Helper()
	j := newJournal(1)
	j.Middleware(handler).ServeHTTP(httptest.NewRecorder(), r)
	c, ok := j.Call(1)
	if !ok {
		t.Fatal("the call is not in the journal")
	}
	return c
}

// echo answers with what it was sent, and calls it the same.
func echo(w http.ResponseWriter, r *http.Request) {
	if contentType := r.Header.Get("Content-Type"); contentType != "" {
		w.Header().Set("Content-Type", contentType)
	}
	body, _ := io.ReadAll(r.Body)
	_, _ = w.Write(body)
}

func request(contentType, body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	return r
}
