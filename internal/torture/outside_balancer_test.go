package torture

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// balanced is a balancer before portals.
func balanced(t *testing.T, portals ...string) *balancer {
	t.Helper()
	b, err := newBalancer()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.close(); err != nil {
			t.Error(err)
		}
	})
	b.leadTo(portals)
	return b
}

func standIn(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.Listener.Addr().String()
}

// deadAddress is one that refuses connections.
func deadAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func post(t *testing.T, address, body string) int {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Post(address, "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	return resp.StatusCode
}

func TestBalancerPassesDeadPortalsBy(t *testing.T) {
	t.Parallel()
	alive := standIn(t, func(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(w, r.Body) })
	b := balanced(t, deadAddress(t), alive)
	for range 4 {
		if status := post(t, b.site.url+portalPath, "hello"); status != http.StatusOK {
			t.Errorf("status %d, though one portal lives", status)
		}
	}
}

func TestBalancerNeverSendsTwice(t *testing.T) {
	t.Parallel()
	var came atomic.Int64
	dies := func(http.ResponseWriter, *http.Request) {
		came.Add(1)
		panic(http.ErrAbortHandler)
	}
	b := balanced(t, standIn(t, dies), standIn(t, dies))
	if status := post(t, b.site.url+portalPath, "hello"); status != http.StatusBadGateway || came.Load() != 1 {
		t.Errorf("status %d after %d portals had the request", status, came.Load())
	}
}

func TestBalancerWitnessesWhatIsAcknowledged(t *testing.T) {
	t.Parallel()
	b := balanced(t, standIn(t, func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(map[string]int{"": http.StatusOK, "away": http.StatusServiceUnavailable}[r.URL.RawQuery])
	}))
	for _, d := range []struct{ query, body string }{
		{"", `{"id":"one"}`},
		{"", `[{"id":"two"},{"id":"three"},{}]`},
		{"", `{"webhooks":[{"id":"four"}]}`},
		{"", `{"id":"one"}`},
		{"", `nonsense`},
		{"?away", `{"id":"five"}`},
	} {
		post(t, b.site.url+webhooksPath+d.query, d.body)
	}
	if diff := cmp.Diff([]string{"four", "one", "three", "two"}, b.received()); diff != "" {
		t.Error(diff)
	}
}
