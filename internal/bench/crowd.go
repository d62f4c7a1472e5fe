package bench

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"portal/internal/bench/load"
)

// crowd is people who do the same, several at once and each one after the other.
type crowd struct {
	atOnce int
	next   func(ctx context.Context) error // what one does

	mu   sync.Mutex
	took load.Times // of what was done
}

// goOn has them do so for so long, unless one fails.
func (c *crowd) goOn(ctx context.Context, during time.Duration) error {
	until := time.Now().Add(during)
	g, ctx := errgroup.WithContext(ctx)
	for range c.atOnce {
		g.Go(func() error {
			for time.Now().Before(until) {
				began := time.Now()
				if err := c.next(ctx); err != nil {
					return err
				}
				c.note(time.Since(began))
			}
			return nil
		})
	}
	return g.Wait()
}

func (c *crowd) note(took time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.took = append(c.took, took)
}
