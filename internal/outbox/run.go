package outbox

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

const (
	workers   = 4           // notices sent at once by one process
	lookEvery = time.Second // for what has happened, or has become due
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

// Run delivers notices until ctx ends. What is under way then has until work ends, and it returns when all has ended.
// Without a receiver there is nothing to do.
func (c *Courier) Run(ctx, work context.Context) {
	if c.Sender == nil {
		return
	}
	var all sync.WaitGroup
	for range workers {
		all.Go(func() { c.answer(ctx, work) })
	}
	all.Go(func() { c.remind(ctx) })
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
