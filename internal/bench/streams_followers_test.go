package bench

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// broadcast serves a first event at once, and another to everybody with each element of more.
func broadcast(t *testing.T, more <-chan struct{}) (address string) {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/nobody" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		_, _ = io.WriteString(w, "retry: 3000\nid: 1\ndata: {}\n\n")
		_ = http.NewResponseController(w).Flush()
		for {
			select {
			case _, ok := <-more:
				if !ok {
					return
				}
				_, _ = io.WriteString(w, "event: beat\ndata:\n\nid: 2\ndata: {}\n\n")
				_ = http.NewResponseController(w).Flush()
			case <-r.Context().Done():
				return
			}
		}
	}))
	t.Cleanup(s.Close)
	return strings.TrimPrefix(s.URL, "http://")
}

func TestFollowersCountEventsAndNotBeats(t *testing.T) {
	t.Parallel()
	more := make(chan struct{})
	f := newFollowers(broadcast(t, more), [][]byte{get("/events", nil)})
	defer f.hangUp()
	if took, err := f.connect(t.Context()); err != nil || len(took) != 1 {
		t.Fatal(took, err)
	}
	more <- struct{}{}
	if err := f.await(t.Context(), 0, time.Minute); err != nil {
		t.Error(err)
	}
	if err := f.await(t.Context(), 0, time.Millisecond); !errors.Is(err, errNoEvent) {
		t.Errorf("a second event: %v", err)
	}
	close(more)
	if err := f.await(t.Context(), 0, time.Minute); !errors.Is(err, errEnded) || f.ended() != 1 {
		t.Errorf("after the end: %v, %d have ended", err, f.ended())
	}
}

func TestWhoIsNotLetInFails(t *testing.T) {
	t.Parallel()
	f := newFollowers(broadcast(t, nil), [][]byte{get("/nobody", nil)})
	defer f.hangUp()
	if _, err := f.connect(t.Context()); err == nil || !strings.Contains(err.Error(), "401") {
		t.Errorf("got %v", err)
	}
}
