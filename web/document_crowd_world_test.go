package web_test

import (
	"context"
	"io"
	"net/http"
	"sync"
	"testing"
	"time"
)

// stalled is a body of which nothing more comes until ctx ends.
type stalled struct{ ctx context.Context }

func (s stalled) Read([]byte) (int, error) {
	<-s.ctx.Done()
	return 0, s.ctx.Err()
}

// stall begins to send a file of 48 MiB, stops in the middle, and returns the status of the answer; 0 where none comes.
func (v *verification) stall(ctx context.Context) int {
	r := v.upload("identity", nil, "type", "PASSPORT", "country", "DEU").WithContext(ctx)
	r.Body, r.ContentLength = io.NopCloser(io.MultiReader(io.LimitReader(r.Body, r.ContentLength/2), stalled{ctx})), 48<<20
	r.Header.Set("Expect", "100-continue") // who waits for a word hears of a refusal at once
	answer, err := v.client.Do(r)
	if err != nil {
		return 0
	}
	_ = answer.Body.Close()
	return answer.StatusCode
}

func TestOneApplicantBlocksNoUploadsOfOthers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	slow, other := w.verify("slow@example.com", "documents"), w.verify("ada@example.com", "documents")
	ctx, cancel := context.WithCancel(t.Context())
	answers := make(chan int, 2)
	var all sync.WaitGroup
	for range 2 {
		all.Go(func() { answers <- slow.stall(ctx) })
	}
	t.Cleanup(func() { cancel(); all.Wait() })
	select {
	case status := <-answers:
		if status != http.StatusServiceUnavailable {
			t.Errorf("one of two great files got %d", status)
		}
	case <-time.After(20 * time.Second):
		t.Error("two great files of one applicant are let in")
	}
	other.give("identity", photo(t, "ordinary"), "type", "PASSPORT", "country", "DEU").leads(other.about("", "done", "given"))
}
