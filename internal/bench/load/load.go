// Package load puts servers under load from the machine that they share, so that it must be cheap: requests are bytes that
// were made beforehand, connections are kept, and of an answer no more is read than its status and its length.
//
// [Load.Saturate] asks as fast as answers come, over so many connections; it finds how much a server bears. [Load.Timed] asks
// by a timetable that waits for nobody, and says how long answers take.
package load

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

// Load is requests over connections that are kept.
type Load struct {
	Addresses   []string // host and port of the servers, among which connections are spread evenly
	Connections int
	// Request returns the bytes of the request with this number. It may append them to buf, which is empty and its own.
	Request func(buf []byte, n int) []byte
	Status  int // that each must be answered with; 200 where it is zero

	dial func(ctx context.Context, network, address string) (net.Conn, error) // TCP where it is nil
	wait func(ctx context.Context, left time.Duration)                        // precisely where it is nil
}

// Result is what came of a load.
type Result struct {
	Times  Times         // of the requests that were answered as they must be
	During time.Duration // from the first request to the last answer
	Failed int           // requests that were not
	Cause  error         // of the first failure
}

// PerSecond is how many requests were answered in a second.
func (r Result) PerSecond() float64 {
	if r.During <= 0 {
		return 0
	}
	return float64(len(r.Times)) / r.During.Seconds()
}

// Saturate has every connection ask again as soon as it has its answer, for so long.
func (l Load) Saturate(ctx context.Context, during time.Duration) (Result, error) {
	return l.run(ctx, func(context.Context, *errgroup.Group) func() (beat, bool) {
		var taken atomic.Int64
		until := time.Now().Add(during)
		return func() (beat, bool) {
			now := time.Now()
			return beat{int(taken.Add(1)) - 1, now}, now.Before(until)
		}
	})
}

// Timed makes requests by a timetable for so long. The time of each counts from when it was due, whether or not a connection
// was free by then: whoever waited for the answers before would not see the queue that slow answers cause.
func (l Load) Timed(ctx context.Context, perSecond float64, during time.Duration) (Result, error) {
	if l.wait == nil {
		l.wait = precisely
	}
	return l.run(ctx, func(ctx context.Context, g *errgroup.Group) func() (beat, bool) {
		due, total := make(chan beat), int(during.Seconds()*perSecond)
		g.Go(func() error { l.keepTo(ctx, perSecond, total, due); return nil })
		return func() (beat, bool) { b, ok := <-due; return b, ok }
	})
}

// beat is a request and when it is due.
type beat struct {
	n  int
	at time.Time
}

// run connects, begins, and has every connection take one request after the other until there is none.
func (l Load) run(ctx context.Context, begin func(context.Context, *errgroup.Group) func() (beat, bool)) (Result, error) {
	senders, err := l.connect(ctx)
	defer func() {
		for _, s := range senders {
			s.hangUp()
		}
	}()
	if err != nil {
		return Result{}, fmt.Errorf("load: %w", err)
	}
	g, ctx := errgroup.WithContext(ctx)
	began, next := time.Now(), begin(ctx, g)
	for _, s := range senders {
		g.Go(func() error {
			for b, ok := next(); ok && ctx.Err() == nil; b, ok = next() {
				s.send(ctx, b)
			}
			return ctx.Err()
		})
	}
	if err := g.Wait(); err != nil {
		return Result{}, fmt.Errorf("load: %w", err)
	}
	return collect(senders, time.Since(began)), nil
}

// connect opens all connections, and returns those that are also where one fails.
func (l Load) connect(ctx context.Context) ([]*sender, error) {
	l.Status = cmp.Or(l.Status, http.StatusOK)
	if l.dial == nil {
		l.dial = (&net.Dialer{Timeout: answerWithin}).DialContext
	}
	var senders []*sender
	for i := range l.Connections {
		s := &sender{load: l, address: l.Addresses[i%len(l.Addresses)]}
		if err := s.connect(ctx); err != nil {
			return senders, err
		}
		senders = append(senders, s)
	}
	return senders, nil
}

func collect(senders []*sender, during time.Duration) Result {
	r := Result{During: during}
	for _, s := range senders {
		r.Times = append(r.Times, s.took...)
		r.Failed += s.failed
		if r.Cause == nil {
			r.Cause = s.cause
		}
	}
	return r
}
