package webhooks_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"
)

// patience is how long a test waits for what must happen.
const patience = time.Minute

// start is the time at which the clocks of these tests stand still.
var start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// envelope is a message as a receiver sees it.
type envelope struct {
	ID        string         `json:"id"`
	Event     string         `json:"event"`
	Secret    string         `json:"secret"`
	Timestamp int64          `json:"timestamp"`
	Data      map[string]any `json:"data"`
}

// request is a call of the receiver.
type request struct {
	header   http.Header
	body     string
	messages []envelope
}

// receiver is a customer's endpoint. It answers 200 unless it is told otherwise.
type receiver struct {
	url      string
	arrivals chan request // before they are answered

	mu       sync.Mutex
	answer   func(w http.ResponseWriter, r request)
	accepted []request
}

func listen(t *testing.T) *receiver {
	t.Helper()
	rc := &receiver{arrivals: make(chan request, 10_000)}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		req := request{header: r.Header, body: string(body), messages: opened(body)}
		rc.arrivals <- req
		rc.reply(w, req)
	}))
	t.Cleanup(server.Close)
	rc.url = server.URL
	return rc
}

// reply answers as it was told to and remembers what it has accepted.
func (rc *receiver) reply(w http.ResponseWriter, req request) {
	rc.mu.Lock()
	answer := rc.answer
	if answer == nil {
		rc.accepted = append(rc.accepted, req)
	}
	rc.mu.Unlock()
	if answer != nil {
		answer(w, req)
	}
}

// answers says how calls are answered from now on; nil is 200.
func (rc *receiver) answers(answer func(w http.ResponseWriter, r request)) {
	rc.mu.Lock()
	defer rc.mu.Unlock()
	rc.answer = answer
}

// refuses answers every call with this status from now on.
func (rc *receiver) refuses(status int) {
	rc.answers(func(w http.ResponseWriter, _ request) { w.WriteHeader(status) })
}

// hangs leaves calls without an answer until the test ends or the caller gives up.
func (rc *receiver) hangs(t *testing.T) {
	ended := make(chan struct{})
	t.Cleanup(func() { close(ended) })
	rc.answers(func(http.ResponseWriter, request) { <-ended })
}

// events lists the events of the accepted messages, in the order of their arrival.
func (rc *receiver) events() []string {
	rc.mu.Lock()
	defer rc.mu.Unlock()
	names := []string{}
	for _, req := range rc.accepted {
		for _, m := range req.messages {
			names = append(names, m.Event)
		}
	}
	return names
}

// requests lists the accepted calls.
func (rc *receiver) requests() []request {
	rc.mu.Lock()
	defer rc.mu.Unlock()
	return slices.Clone(rc.accepted)
}

// next waits for a call to arrive.
func (rc *receiver) next(t *testing.T) request {
	t.Helper()
	select {
	case r := <-rc.arrivals:
		return r
	case <-time.After(patience):
		t.Fatal("nothing arrived")
		return request{}
	}
}

// opened are the messages of a body, whatever its shape.
func opened(body []byte) []envelope {
	var (
		many   []envelope
		object struct {
			envelope
			Webhooks []envelope `json:"webhooks"`
		}
	)
	if json.Unmarshal(body, &many) == nil {
		return many
	}
	_ = json.Unmarshal(body, &object)
	if object.Webhooks != nil {
		return object.Webhooks
	}
	return []envelope{object.envelope}
}

// sizes are how many messages each request carried.
func (rc *receiver) sizes() []int {
	var sizes []int
	for _, r := range rc.requests() {
		sizes = append(sizes, len(r.messages))
	}
	return sizes
}
