package seeding

import (
	"context"
	"fmt"
	"runtime"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"
)

// chunk is how many registrations are made at a time, all on one processor.
const chunk = 10_000

// made is a chunk that was made.
type made struct {
	batch    batch
	visitors []Visitor
	err      error
}

// copy makes chunks on all processors and copies them in their order, so that rows lie on disk as they would have come.
func (o Options) copy(ctx context.Context, tx pgx.Tx) (Seeded, error) {
	seeded := Seeded{Rows: Counts{}}
	g, ctx := errgroup.WithContext(ctx)
	queue := make(chan chan made, runtime.GOMAXPROCS(0)) // of chunks that are being made, so that few are in memory
	g.Go(func() error {
		defer close(queue)
		return o.makeAll(ctx, queue)
	})
	g.Go(func() error {
		done := 0
		for next := range queue {
			m := <-next
			if m.err != nil {
				return m.err
			}
			if err := m.batch.copy(ctx, tx); err != nil {
				return err
			}
			seeded.Rows.add(m.batch)
			seeded.Visitors = append(seeded.Visitors, m.visitors...)
			done += m.batch[registrations].n
			o.Progress(done)
		}
		return nil
	})
	return seeded, g.Wait()
}

// makeAll has every chunk made.
func (o Options) makeAll(ctx context.Context, queue chan<- chan made) error {
	var makers errgroup.Group
	for from := 0; from < o.Registrations; from += chunk {
		next := make(chan made, 1)
		select {
		case queue <- next:
		case <-ctx.Done():
			return ctx.Err() // those that are made already wait for nobody
		}
		makers.Go(func() error {
			next <- o.make(from, min(from+chunk, o.Registrations))
			return nil
		})
	}
	return makers.Wait()
}

// copy copies a chunk's rows into their tables.
func (b batch) copy(ctx context.Context, tx pgx.Tx) error {
	for _, t := range tables {
		if b[t].n == 0 {
			continue
		}
		if _, err := tx.Conn().PgConn().CopyFrom(ctx, b[t].reader(), t.copying()); err != nil {
			return fmt.Errorf("copying %s: %w", t.name, err)
		}
	}
	return nil
}
