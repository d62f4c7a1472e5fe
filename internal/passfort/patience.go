package passfort

import (
	"context"
	"fmt"
	"net/http/httptrace"
	"sync"
	"sync/atomic"
	"time"
)

// patience gives a call up when one part of it takes too long.
type patience struct {
	limits
	connected atomic.Bool // from then on the call may have an effect
	giveUp    context.CancelCauseFunc
	all       *time.Timer // of the whole call

	mu   sync.Mutex
	part *time.Timer // of the part under way
}

// patient returns a context that ends when a part of the call takes too long. The patience has to be stopped.
func patient(ctx context.Context, l limits) (context.Context, *patience) {
	ctx, giveUp := context.WithCancelCause(ctx)
	p := &patience{limits: l, giveUp: giveUp}
	p.all = p.after(l.whole, "whole answer")
	p.part = p.after(connectWithin, "connection")
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { p.awaitHeader() },
	}), p
}

func (p *patience) after(limit time.Duration, part string) *time.Timer {
	return time.AfterFunc(limit, func() { p.giveUp(&tooSlow{part, limit}) })
}

// awaitHeader ends the wait for a connection and begins the one for an answer.
func (p *patience) awaitHeader() {
	p.connected.Store(true)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.part.Stop()
	p.part = p.after(p.header, "beginning of an answer")
}

// awaitRest ends the wait for the answer's beginning. What follows has the time of the whole.
func (p *patience) awaitRest() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.part.Stop()
}

// stop ends all waiting.
func (p *patience) stop() {
	p.awaitRest()
	p.all.Stop()
	p.giveUp(nil)
}

// tooSlow is why a call was given up.
type tooSlow struct {
	part  string
	limit time.Duration
}

// Error names the part that took too long.
func (e *tooSlow) Error() string { return fmt.Sprintf("no %s within %v", e.part, e.limit) }

// Unwrap makes it a deadline like any other.
func (e *tooSlow) Unwrap() error { return context.DeadlineExceeded }
