package sandbox_test

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

// receiver is an integrator's endpoint for webhooks.
type receiver struct {
	*httptest.Server

	mu   sync.Mutex
	got  []delivery
	fail bool
}

// delivery is a message as it came, with the header that came with it.
type delivery struct {
	Event, Secret string
	Data          map[string]any
	authorization string
}

func newReceiver(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{}
	r.Server = httptest.NewServer(http.HandlerFunc(r.receive))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) receive(w http.ResponseWriter, req *http.Request) {
	body, _ := io.ReadAll(req.Body)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.fail {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	d := delivery{authorization: req.Header.Get("Authorization")}
	_ = json.Unmarshal(body, &d)
	r.got = append(r.got, d)
}

// refuse lets everything that comes fail, or no longer.
func (r *receiver) refuse(fail bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.fail = fail
}

func (r *receiver) received() []delivery {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.got)
}

func (r *receiver) events() []string {
	var names []string
	for _, d := range r.received() {
		names = append(names, d.Event)
	}
	return names
}

// settled waits until every webhook has been delivered.
func (w world) settled(t *testing.T) {
	t.Helper()
	if err := w.Webhooks().Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// eventually waits for something that happens by itself.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s did not happen", what)
		}
	}
}
