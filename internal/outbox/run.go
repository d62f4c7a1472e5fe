package outbox

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

const (
	workers   = 4               // notices sent at once by one process
	lookEvery = time.Second     // for what has happened, or has become due
	stopGrace = 2 * time.Second // how long a stop waits for what is being sent
)

// bell tells one of those who wait for it that there is something to do. The zero value is ready.
type bell struct {
	once sync.Once
	rung chan struct{}
}

func (b *bell) heard() chan struct{} {
	b.once.Do(func() { b.rung = make(chan struct{}, 1) })
	return b.rung
}

func (b *bell) ring() {
	select {
	case b.heard() <- struct{}{}:
	default: // it rings already
	}
}

// Run delivers notices until ctx ends. It then gives what is under way a moment, and returns when all has ended. Without
// a receiver there is nothing to do.
func (c *Courier) Run(ctx context.Context) {
	if c.Sender == nil {
		return
	}
	work, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	var all sync.WaitGroup
	for range workers {
		all.Go(func() { c.answer(ctx, work) })
	}
	all.Go(func() { c.remind(ctx) })
	<-ctx.Done()
	grace := time.AfterFunc(stopGrace, cancel)
	defer grace.Stop()
	all.Wait()
}

// answer delivers whenever the bell rings.
func (c *Courier) answer(ctx, work context.Context) {
	for {
		select {
		case <-c.due.heard():
			c.deliverAll(ctx, work)
		case <-ctx.Done():
			return
		}
	}
}

// remind rings the bell once a second.
func (c *Courier) remind(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		c.due.ring()
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// deliverAll sends one notice after the other until none is due, or ctx ends.
func (c *Courier) deliverAll(ctx, work context.Context) {
	for ctx.Err() == nil {
		_, ok, err := c.deliverNext(work)
		if err != nil {
			c.Log.WarnContext(ctx, "notices not delivered", slog.Any("error", err))
		}
		if err != nil || !ok {
			return
		}
	}
}
