// Package migrations holds the database schema as numbered SQL files and brings a database up to it.
//
// A change of the schema is a new file, NNNNN_subject.sql, with goose's Up and Down sections. Files that have been
// released are never edited, and a new one must leave the previous release of the portal working (expand, then
// contract), because replicas of both run side by side during an upgrade.
package migrations

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed *.sql
var files embed.FS

// Migration is one numbered step of the schema and whether a database has taken it.
type Migration struct {
	Version   int64
	Name      string
	AppliedAt time.Time // zero while it is pending
}

// Querier is the little that Check needs: a pool, a connection or a transaction.
type Querier interface {
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// OldSchemaError says that the database lacks migrations this program was built with.
type OldSchemaError struct {
	Have int64 // 0 when the database is empty
	Need int64
}

func (e *OldSchemaError) Error() string {
	if e.Have == 0 {
		return fmt.Sprintf("the database has no schema yet and this portal needs version %d: run `portal migrate up`", e.Need)
	}
	return fmt.Sprintf("the database schema is at version %d and this portal needs %d: run `portal migrate up`", e.Have, e.Need)
}

// Up applies every pending migration and returns the names of those it applied. Any number of replicas may call it at
// once: one works under an advisory lock, the others wait and find nothing left to do.
func Up(ctx context.Context, pool *pgxpool.Pool) ([]string, error) {
	return up(ctx, pool, files)
}

// Status lists every migration this program knows, oldest first, with the moment the database took it.
func Status(ctx context.Context, pool *pgxpool.Pool) ([]Migration, error) {
	return status(ctx, pool, files)
}

// Check returns an *OldSchemaError when the database is older than this program. A newer schema is fine: it belongs to
// a release that is being rolled out and still serves this one.
func Check(ctx context.Context, db Querier) error {
	return check(ctx, db, files)
}

func up(ctx context.Context, pool *pgxpool.Pool, fsys fs.FS) ([]string, error) {
	p, err := provider(pool, fsys)
	if err != nil {
		return nil, err
	}
	defer p.Close()
	results, err := p.Up(ctx)
	if err != nil {
		return nil, fmt.Errorf("migrating the database: %w", err)
	}
	var names []string
	for _, r := range results {
		names = append(names, r.Source.Path)
	}
	return names, nil
}

func status(ctx context.Context, pool *pgxpool.Pool, fsys fs.FS) ([]Migration, error) {
	p, err := provider(pool, fsys)
	if err != nil {
		return nil, err
	}
	defer p.Close()
	states, err := p.Status(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the state of the schema: %w", err)
	}
	var list []Migration
	for _, s := range states {
		list = append(list, Migration{Version: s.Source.Version, Name: s.Source.Path, AppliedAt: s.AppliedAt})
	}
	return list, nil
}

func check(ctx context.Context, db Querier, fsys fs.FS) error {
	need, err := newest(fsys)
	if err != nil {
		return err
	}
	var have int64
	err = db.QueryRow(ctx, `select coalesce(max(version_id), 0) from goose_db_version where is_applied`).Scan(&have)
	if err != nil && !tableMissing(err) {
		return fmt.Errorf("reading the version of the schema: %w", err)
	}
	if have < need {
		return &OldSchemaError{Have: have, Need: need}
	}
	return nil
}

// tableMissing tells an empty database from one that cannot be asked.
func tableMissing(err error) bool {
	pg, ok := errors.AsType[*pgconn.PgError](err)
	return ok && pg.Code == "42P01"
}

func newest(fsys fs.FS) (int64, error) {
	names, err := fs.Glob(fsys, "*.sql")
	if err != nil {
		return 0, fmt.Errorf("listing the migrations: %w", err)
	}
	var highest int64
	for _, name := range names {
		version, err := goose.NumericComponent(name)
		if err != nil {
			return 0, fmt.Errorf("migration %s: %w", name, err)
		}
		highest = max(highest, version)
	}
	return highest, nil
}

func provider(pool *pgxpool.Pool, fsys fs.FS) (*goose.Provider, error) {
	// Whoever comes second asks once a second, for five minutes, whether the first has finished.
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300))
	if err != nil {
		return nil, fmt.Errorf("preparing the migration lock: %w", err)
	}
	p, err := goose.NewProvider(goose.DialectPostgres, stdlib.OpenDBFromPool(pool), fsys,
		goose.WithSessionLocker(locker), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return nil, fmt.Errorf("reading the migrations: %w", err)
	}
	return p, nil
}
