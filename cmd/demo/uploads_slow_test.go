package main

import (
	"context"
	"io"
	"net/http"
	"sync"
	"testing"
	"time"
)

// slowly is a body that comes at a kilobyte a second, and says when it has begun to.
type slowly struct {
	rest  io.Reader
	every *time.Ticker
	begun func()
}

// Read implements [io.Reader].
func (s *slowly) Read(p []byte) (int, error) {
	n, err := s.rest.Read(p[:min(len(p), 100)])
	s.begun()
	<-s.every.C
	return n, err
}

// dawdle sends a file at that pace until nobody waits for the rest any more, or ctx ends.
func (c *counter) dawdle(ctx context.Context, p person, f file, begun func()) {
	r, err := c.form(ctx, p, f)
	if err != nil {
		return
	}
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	r.Body = io.NopCloser(&slowly{r.Body, tick, sync.OnceFunc(begun)})
	answer, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(r)
	if err == nil {
		_ = answer.Body.Close()
	}
}

// All of them together want twice the memory that there is.
func TestSlowSendersDoNotKeepOthersFromSending(t *testing.T) {
	t.Parallel()
	const slow, quick = 20, 50
	c := newCounter(t, slow+quick, nil)
	files := photos(t, slow+quick, photoSize)
	ctx, cancel := context.WithCancel(t.Context())
	var dawdlers, all, begun sync.WaitGroup
	begun.Add(slow)
	for i := range slow {
		dawdlers.Go(func() { c.dawdle(ctx, c.people[i], files[i], begun.Done) })
	}
	t.Cleanup(func() { cancel(); dawdlers.Wait() })
	begun.Wait()
	began, took := time.Now(), make(times, quick)
	for i := range quick {
		all.Go(func() { took[i] = c.mustTake(t.Context(), t, c.people[slow+i], files[slow+i]) })
	}
	all.Wait()
	t.Logf("%d uploads behind %d slow ones: %v in all, p50 %v; load average %s", quick, slow,
		time.Since(began).Round(time.Millisecond), took.quantile(0.5).Round(time.Millisecond), loadAverage())
}

// The memory is no more than what the greatest file takes, so that any which does not come back is missed.
func TestMemoryOfVanishedSendersComesBack(t *testing.T) {
	t.Parallel()
	const rounds, vanishing = 3, 10
	c := newCounter(t, vanishing+1, settings{"PORTAL_UPLOAD_MEMORY": "52"})
	files := photos(t, vanishing, 8<<20)
	greatest := photos(t, rounds, 50<<20)
	for round := range rounds {
		var all sync.WaitGroup
		for i := range vanishing {
			all.Go(func() { c.vanish(t, c.people[i], files[i]) })
		}
		all.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		c.mustTake(ctx, t, c.people[vanishing], greatest[round])
		cancel()
	}
}

// vanish breaks an upload off in the middle.
func (c *counter) vanish(t *testing.T, p person, f file) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	r, err := c.form(ctx, p, f)
	if err != nil {
		t.Error(err)
		return
	}
	r.Body = io.NopCloser(io.MultiReader(io.LimitReader(r.Body, r.ContentLength/2), ending{cancel, ctx}))
	answer, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(r)
	if err == nil {
		_ = answer.Body.Close()
		t.Errorf("half an upload was answered with %d", answer.StatusCode)
	}
}

// ending cancels the request whose body it ends.
type ending struct {
	cancel context.CancelFunc
	ctx    context.Context
}

// Read implements [io.Reader].
func (e ending) Read([]byte) (int, error) {
	e.cancel()
	return 0, e.ctx.Err()
}
