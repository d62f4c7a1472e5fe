package migrations

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3/lock"
)

// lockDatabase waits until nobody else migrates the database. The lock is goose's own, so it also holds against
// releases that leave the locking to goose; it ends with its connection, which is not one of the pool's, because the
// work beneath it takes those.
func lockDatabase(ctx context.Context, pool *pgxpool.Pool) (unlock func() error, err error) {
	// Whoever comes second asks once a second, for five minutes, whether the first has finished. To wait in the
	// database would block migrations that build an index concurrently.
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300))
	if err != nil {
		return nil, fmt.Errorf("preparing the migration lock: %w", err)
	}
	db := stdlib.OpenDB(*pool.Config().ConnConfig)
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("connecting for the migration lock: %w", err), db.Close())
	}
	if err := locker.SessionLock(ctx, conn); err != nil {
		return nil, errors.Join(fmt.Errorf("taking the migration lock: %w", err), conn.Close(), db.Close())
	}
	return func() error {
		return errors.Join(locker.SessionUnlock(context.WithoutCancel(ctx), conn), conn.Close(), db.Close())
	}, nil
}
