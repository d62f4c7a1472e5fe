package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"portal/internal/config"
	"portal/internal/postgres"
	"portal/migrations"
)

// A process that is there before Postgres asks again and again, and says so now and then.
const (
	askPostgresFor   = 5 * time.Second // for hosts that do not answer, one after the other
	askPostgresEvery = 200 * time.Millisecond
	tellEvery        = 10 * time.Second
)

// openPool connects as the settings say, without waiting for Postgres.
func openPool(ctx context.Context, e config.Environment) (*pgxpool.Pool, error) {
	open := postgres.Connect
	if e.TransactionPooling() {
		open = postgres.ConnectPooled
	}
	pool, err := open(ctx, e.DatabaseURL.Reveal())
	if err != nil {
		return nil, fmt.Errorf("PORTAL_DATABASE_URL: %w", err)
	}
	return pool, nil
}

// openSessions is the pool for who wants a connection of their own: the usual one where that has them, and nil where there
// are none to be had.
func openSessions(ctx context.Context, e config.Environment, usual *pgxpool.Pool) (*pgxpool.Pool, error) {
	switch {
	case !e.TransactionPooling():
		return usual, nil
	case e.SessionURL() == "":
		return nil, nil
	}
	pool, err := postgres.ConnectAside(ctx, e.SessionURL().Reveal())
	if err != nil {
		return nil, fmt.Errorf("PORTAL_DATABASE_DIRECT_URL: %w", err)
	}
	return pool, nil
}

// openDatabase connects for a command, which does not wait, and refuses an old schema.
func openDatabase(ctx context.Context, e config.Environment) (*pgxpool.Pool, error) {
	pool, err := openPool(ctx, e)
	if err != nil {
		return nil, err
	}
	if err := migrations.Check(ctx, pool); err != nil {
		pool.Close()
		return nil, fmt.Errorf("PORTAL_DATABASE_URL: %w", err)
	}
	return pool, nil
}

// awaitSchema waits for Postgres and returns once it has the schema; what waiting does not mend is an error. Where ctx ends
// before, ready is false.
func (p *parts) awaitSchema(ctx context.Context, log *slog.Logger) (ready bool, _ error) {
	if p.pool == nil {
		return true, nil
	}
	waited := false
	err := await(ctx, func(ctx context.Context) error { return migrations.Check(ctx, p.pool) }, func(cause error) {
		waited = true
		log.WarnContext(ctx, "waiting for Postgres", slog.Any("error", cause))
	})
	switch {
	case err != nil && ctx.Err() != nil:
		return false, nil
	case err != nil:
		return false, fmt.Errorf("PORTAL_DATABASE_URL: %w", err)
	case waited:
		log.InfoContext(ctx, "Postgres is there")
	}
	return true, nil
}

// await asks until Postgres answers and returns its answer, or, when ctx ends before, why there is none. While there is none
// it tells, at once and then now and then.
func await(ctx context.Context, ask func(context.Context) error, tell func(cause error)) error {
	again := time.NewTicker(askPostgresEvery)
	defer again.Stop()
	for told := (time.Time{}); ; {
		err := within(ctx, askPostgresFor, ask)
		if !worthWaiting(err) || ctx.Err() != nil {
			return err
		}
		if time.Since(told) >= tellEvery {
			tell(err)
			told = time.Now()
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			return err
		}
	}
}

// worthWaiting says whether it may go away by itself: an old schema does not.
func worthWaiting(err error) bool {
	_, old := errors.AsType[*migrations.OldSchemaError](err)
	return !old && postgres.Away(err)
}

func within(ctx context.Context, d time.Duration, do func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	return do(ctx)
}
