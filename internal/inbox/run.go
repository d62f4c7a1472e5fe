package inbox

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

const (
	workers   = 8           // lines handed on at once by one process
	lookEvery = time.Second // for what another process has received, or what has become due
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

// Run hands messages on and sends them on until ctx ends, at once when this process receives some and otherwise when
// they are due. What is under way then has until work ends, and it returns when all has ended.
func (i *Inbox) Run(ctx, work context.Context) {
	var all sync.WaitGroup
	for range workers {
		all.Go(func() { i.answer(ctx, &i.arrived, func() { i.processOne(ctx, work) }) })
	}
	all.Go(func() { i.answer(ctx, &i.outgoing, func() { i.forwardAll(ctx, work) }) })
	all.Go(func() { i.remind(ctx) })
	all.Wait()
}

// answer does something whenever the bell rings.
func (i *Inbox) answer(ctx context.Context, b *bell, do func()) {
	for {
		select {
		case <-b.heard():
			do()
		case <-ctx.Done():
			return
		}
	}
}

// remind rings both bells once a second.
func (i *Inbox) remind(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		i.arrived.ring()
		i.outgoing.ring()
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// processOne hands on line after line until none is due, or ctx ends.
func (i *Inbox) processOne(ctx, work context.Context) {
	for ctx.Err() == nil {
		_, ok, err := i.processNext(work)
		if err != nil {
			i.Log.WarnContext(ctx, "webhooks not handed on", slog.Any("error", err))
		}
		if err != nil || !ok {
			return
		}
	}
}

func (i *Inbox) forwardAll(ctx, work context.Context) {
	if _, err := i.forwardUntil(ctx, work); err != nil {
		i.Log.WarnContext(ctx, "webhooks not sent on", slog.Any("error", err))
	}
}
