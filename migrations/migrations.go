// Package migrations brings a database up to the schema this program needs: the portal's own, which is the numbered SQL
// files here, and then the job queue's, which comes with River.
//
// A change of the schema is a new file, NNNNN_subject.sql, with goose's Up and Down sections. Files that have been
// released are never edited, and a new one must leave the previous release of the portal working (expand, then
// contract), because replicas of both run side by side during an upgrade: no table, column or function goes or changes its
// meaning, nothing is wanted of rows that the previous release does not write, and nobody is held up. A test refuses what
// breaks that. A statement that contracts has a line before it, "-- contract: why, and since which release nobody uses it". A newer
// River brings its own changes.
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
)

//go:embed *.sql
var files embed.FS

// Migration is one numbered step of a schema and whether a database has taken it. The job queue's steps have numbers
// of their own; their names begin with river.
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
	Queue bool  // it is the job queue's schema that is old, not the portal's own
	Have  int64 // 0 when there is none
	Need  int64
}

func (e *OldSchemaError) Error() string {
	what := "schema"
	if e.Queue {
		what = "job queue schema"
	}
	if e.Have == 0 {
		return fmt.Sprintf("the database has no %s yet and this portal needs version %d: run `portal migrate up`", what, e.Need)
	}
	return fmt.Sprintf("the database %s is at version %d and this portal needs %d: run `portal migrate up`", what, e.Have, e.Need)
}

// Up applies every pending migration and returns the names of those it applied. Any number of replicas may call it at
// once: one works under an advisory lock, the others wait and find nothing left to do.
func Up(ctx context.Context, pool *pgxpool.Pool) ([]string, error) {
	return up(ctx, pool, files)
}

// Status lists every migration this program knows, the portal's own before the queue's and each oldest first, with the
// moment the database took it.
func Status(ctx context.Context, pool *pgxpool.Pool) ([]Migration, error) {
	return status(ctx, pool, files)
}

// Check returns an *OldSchemaError when the database is older than this program. A newer schema is fine: it belongs to
// a release that is being rolled out and still serves this one.
func Check(ctx context.Context, db Querier) error {
	return check(ctx, db, files)
}

func up(ctx context.Context, pool *pgxpool.Pool, fsys fs.FS) (applied []string, err error) {
	unlock, err := lockDatabase(ctx, pool)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	if applied, err = upOwn(ctx, pool, fsys); err != nil {
		return applied, err
	}
	queue, err := upQueue(ctx, pool)
	if applied = append(applied, queue...); err != nil {
		return applied, err
	}
	return applied, grantRights(ctx, pool)
}

func status(ctx context.Context, pool *pgxpool.Pool, fsys fs.FS) ([]Migration, error) {
	own, err := statusOwn(ctx, pool, fsys)
	if err != nil {
		return nil, err
	}
	queue, err := statusQueue(ctx, pool)
	return append(own, queue...), err
}

func check(ctx context.Context, db Querier, fsys fs.FS) error {
	if err := checkOwn(ctx, db, fsys); err != nil {
		return err
	}
	return checkQueue(ctx, db)
}

// version reads one number, which is zero where there is no such table yet.
func version(ctx context.Context, db Querier, sql string) (have int64, err error) {
	err = db.QueryRow(ctx, sql).Scan(&have)
	if err != nil && !tableMissing(err) {
		return 0, fmt.Errorf("reading the version of the schema: %w", err)
	}
	return have, nil
}

// tableMissing tells an empty database from one that cannot be asked.
func tableMissing(err error) bool {
	pg, ok := errors.AsType[*pgconn.PgError](err)
	return ok && pg.Code == "42P01"
}
