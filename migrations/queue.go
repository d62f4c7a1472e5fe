package migrations

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

// upQueue applies the job queue's migrations. The caller holds the lock.
func upQueue(ctx context.Context, pool *pgxpool.Pool) ([]string, error) {
	m, err := migrator(pool)
	if err != nil {
		return nil, err
	}
	result, err := m.Migrate(ctx, rivermigrate.DirectionUp, nil)
	if err != nil {
		return nil, fmt.Errorf("migrating the job queue: %w", err)
	}
	var names []string
	for _, v := range result.Versions {
		names = append(names, queueName(v.Version, v.Name))
	}
	return names, nil
}

func statusQueue(ctx context.Context, pool *pgxpool.Pool) ([]Migration, error) {
	m, err := migrator(pool)
	if err != nil {
		return nil, err
	}
	applied, err := queueApplied(ctx, pool)
	if err != nil {
		return nil, err
	}
	var list []Migration
	for _, v := range m.AllVersions() {
		list = append(list, Migration{
			Version: int64(v.Version), Name: queueName(v.Version, v.Name), AppliedAt: applied[int64(v.Version)],
		})
	}
	return list, nil
}

// queueApplied reads River's own table, since its migrator does not say when a migration was applied.
func queueApplied(ctx context.Context, pool *pgxpool.Pool) (map[int64]time.Time, error) {
	rows, _ := pool.Query(ctx, `select version, created_at from river_migration`) // its error is the rows' too
	applied := map[int64]time.Time{}
	var version int64
	var at time.Time
	_, err := pgx.ForEachRow(rows, []any{&version, &at}, func() error {
		applied[version] = at
		return nil
	})
	if err != nil && !tableMissing(err) {
		return nil, fmt.Errorf("reading the state of the job queue's schema: %w", err)
	}
	return applied, nil
}

func checkQueue(ctx context.Context, db Querier) error {
	m, err := migrator(nil)
	if err != nil {
		return err
	}
	known := m.AllVersions()
	need := int64(known[len(known)-1].Version)
	have, err := version(ctx, db, `select coalesce(max(version), 0) from river_migration`)
	if err == nil && have < need {
		return &OldSchemaError{Queue: true, Have: have, Need: need}
	}
	return err
}

// queueName is like the name of a file of ours: river_002_initial_schema.
func queueName(version int, name string) string {
	return fmt.Sprintf("river_%03d_%s", version, strings.ReplaceAll(name, " ", "_"))
}

// migrator knows River's migrations; without a pool it can only list them.
func migrator(pool *pgxpool.Pool) (*rivermigrate.Migrator[pgx.Tx], error) {
	m, err := rivermigrate.New(riverpgxv5.New(pool), &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, fmt.Errorf("reading the job queue's migrations: %w", err)
	}
	return m, nil
}
