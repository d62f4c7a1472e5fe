package webhooks_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"
)

// patience is how long a test waits for what must happen.
const patience = time.Minute

// start is the time at which the clocks of these tests stand until they are advanced.
var start = time.Date(2026, 3, 1, 12, 0, 0, 123_000_000, time.UTC)

// call is a delivery as a receiver sees it.
type call struct {
	header  http.Header
	body    string
	payload map[string]any
}

func (c call) event() string {
	name, _ := c.payload["type"].(string)
	return name
}

// receiver is a customer's endpoint. It answers 200 unless it is told otherwise.
type receiver struct {
	url      string
	arrivals chan call // before they are answered

	mu     sync.Mutex
	answer func(w http.ResponseWriter, c call)
	all    []call
}

func listen(t *testing.T) *receiver {
	t.Helper()
	rc := &receiver{arrivals: make(chan call, 10_000)}
	server := httptest.NewServer(http.HandlerFunc(rc.receive))
	t.Cleanup(server.Close)
	rc.url = server.URL
	return rc
}

func (rc *receiver) receive(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	c := call{header: r.Header, body: string(body)}
	_ = json.Unmarshal(body, &c.payload)
	rc.mu.Lock()
	answer := rc.answer
	rc.all = append(rc.all, c)
	rc.mu.Unlock()
	rc.arrivals <- c
	if answer != nil {
		answer(w, c)
	}
}

// answers says how calls are answered from now on; nil is 200.
func (rc *receiver) answers(answer func(w http.ResponseWriter, c call)) {
	rc.mu.Lock()
	defer rc.mu.Unlock()
	rc.answer = answer
}

// refuses answers every call with this status from now on.
func (rc *receiver) refuses(status int) {
	rc.answers(func(w http.ResponseWriter, _ call) { w.WriteHeader(status) })
}

// hangs leaves calls without an answer until the test ends.
func (rc *receiver) hangs(t *testing.T) {
	t.Helper()
	ended := make(chan struct{})
	t.Cleanup(func() { close(ended) })
	rc.answers(func(http.ResponseWriter, call) { <-ended })
}

// events lists the types of all calls, in the order of their arrival.
func (rc *receiver) events() []string {
	rc.mu.Lock()
	defer rc.mu.Unlock()
	names := []string{}
	for _, c := range rc.all {
		names = append(names, c.event())
	}
	return names
}

// next waits for a call to arrive.
func (rc *receiver) next(t *testing.T) call {
	t.Helper()
	select {
	case c := <-rc.arrivals:
		return c
	case <-time.After(patience):
		t.Fatal("nothing arrived")
		return call{}
	}
}
