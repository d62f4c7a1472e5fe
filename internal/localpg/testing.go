package localpg

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"portal/migrations"
)

const template = "portal_template"

// shared is the one cluster of a test process, with a migrated template to clone. It ends with the process.
var shared = sync.OnceValues(func() (*Cluster, error) {
	return startMigrated(context.Background(), template, Options{})
})

// New returns a pool on a migrated database that no other test sees, gone when the test ends.
func New(t testing.TB) *pgxpool.Pool {
	t.Helper()
	pool, err := pgxpool.New(t.Context(), NewURL(t))
	if err != nil {
		t.Fatalf("localpg: %v", err)
	}
	t.Cleanup(pool.Close)
	return pool
}

// NewURL returns the address of a migrated database that no other test sees, gone when the test ends.
func NewURL(t testing.TB) string {
	t.Helper()
	c, err := shared()
	if err != nil {
		t.Fatalf("localpg: %v", err)
	}
	name := "test_" + strings.ToLower(rand.Text())
	if err := c.clone(t.Context(), name, template); err != nil {
		t.Fatalf("localpg: %v", err)
	}
	t.Cleanup(func() { c.drop(name) })
	return c.URL(name)
}

// NewCluster returns a cluster of the test's own with a migrated database `portal`, for tests that take Postgres away.
func NewCluster(t testing.TB) *Cluster {
	t.Helper()
	return newCluster(t, Options{})
}

// NewPrimary is [NewCluster] for tests that have a standby take over.
func NewPrimary(t testing.TB) *Cluster {
	t.Helper()
	return newCluster(t, Options{Primary: true})
}

func newCluster(t testing.TB, o Options) *Cluster {
	t.Helper()
	c, err := startMigrated(t.Context(), "portal", o)
	if err != nil {
		t.Fatalf("localpg: %v", err)
	}
	t.Cleanup(func() {
		if err := c.Stop(); err != nil {
			t.Errorf("localpg: %v", err)
		}
	})
	return c
}

func startMigrated(ctx context.Context, database string, o Options) (*Cluster, error) {
	c, err := Start(ctx, o)
	if err != nil {
		return nil, err
	}
	if err := c.createMigrated(ctx, database); err != nil {
		_ = c.Stop()
		return nil, fmt.Errorf("database %s: %w", database, err)
	}
	return c, nil
}

func (c *Cluster) createMigrated(ctx context.Context, name string) error {
	if err := c.CreateDatabase(ctx, name); err != nil {
		return err
	}
	pool, err := pgxpool.New(ctx, c.URL(name))
	if err != nil {
		return err
	}
	defer pool.Close()
	_, err = migrations.Up(ctx, pool)
	return err
}

// clone copies files rather than pages through the log, which is quicker where nothing waits for a disk.
func (c *Cluster) clone(ctx context.Context, name, of string) error {
	return c.exec(ctx, fmt.Sprintf("create database %s template %s strategy file_copy",
		pgx.Identifier{name}.Sanitize(), pgx.Identifier{of}.Sanitize()))
}

// drop is a courtesy that saves disk; the cluster takes with it whatever is left, so errors do not matter.
func (c *Cluster) drop(name string) {
	_ = c.exec(context.Background(), "drop database if exists "+pgx.Identifier{name}.Sanitize()+" with (force)")
}
