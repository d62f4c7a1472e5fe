package migrations_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/pressly/goose/v3/lock"
	"golang.org/x/sync/errgroup"

	"portal/migrations"
)

func TestUpOfManyReplicasAppliesEachMigrationOnce(t *testing.T) {
	t.Parallel()
	pool := emptyDatabase(t)
	var mu sync.Mutex
	var applied []string
	var replicas errgroup.Group
	for range 3 {
		replicas.Go(func() error {
			names, err := migrations.UpFrom(t.Context(), pool, newer)
			mu.Lock()
			defer mu.Unlock()
			applied = append(applied, names...)
			return err
		})
	}
	if err := replicas.Wait(); err != nil {
		t.Fatal(err)
	}
	want := append([]string{"00001_tree.sql", "00002_leaf.sql"}, queue...)
	if diff := cmp.Diff(want, applied); diff != "" {
		t.Errorf("applied (-want +got):\n%s", diff)
	}
}

func TestUpWaitsForWhoeverIsMigrating(t *testing.T) {
	t.Parallel()
	pool := emptyDatabase(t)
	other, err := pool.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer other.Release()
	if _, err := other.Exec(t.Context(), "select pg_advisory_lock($1)", lock.DefaultLockID); err != nil {
		t.Fatal(err)
	}
	soon, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if applied, err := migrations.UpFrom(soon, pool, newer); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("did not wait: %v, %v", applied, err)
	}
	if got := tables(t, pool); len(got) > 0 {
		t.Errorf("made %v while another was at it", got)
	}
	if _, err := other.Exec(t.Context(), "select pg_advisory_unlock($1)", lock.DefaultLockID); err != nil {
		t.Fatal(err)
	}
	mustUp(t, pool, newer)
}

func TestUpNeedsOneConnectionOfThePool(t *testing.T) {
	t.Parallel()
	config := emptyDatabase(t).Config()
	config.MaxConns = 1
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if _, err := migrations.UpFrom(ctx, pool, newer); err != nil {
		t.Error(err)
	}
}
