package migrations_test

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/jackc/pgx/v5/pgxpool"

	"portal/internal/localpg"
	"portal/migrations"
)

var (
	older = fstest.MapFS{"00001_tree.sql": file("create table tree (id int)", "drop table tree")}
	newer = fstest.MapFS{
		"00001_tree.sql": older["00001_tree.sql"],
		"00002_leaf.sql": file("create table leaf (id int)", "drop table leaf"),
	}
)

func file(up, down string) *fstest.MapFile {
	return &fstest.MapFile{Data: []byte("-- +goose Up\n" + up + ";\n-- +goose Down\n" + down + ";\n")}
}

func TestCheckComparesTheDatabaseWithTheProgram(t *testing.T) {
	t.Parallel()
	ctx, pool := t.Context(), emptyDatabase(t)

	err := migrations.CheckAgainst(ctx, pool, older)
	wantError(t, err, "the database has no schema yet and this portal needs version 1: run `portal migrate up`")

	mustUp(t, pool, older)
	if err := migrations.CheckAgainst(ctx, pool, older); err != nil {
		t.Errorf("same schema: %v", err)
	}
	err = migrations.CheckAgainst(ctx, pool, newer)
	wantError(t, err, "the database schema is at version 1 and this portal needs 2: run `portal migrate up`")

	mustUp(t, pool, newer)
	if err := migrations.CheckAgainst(ctx, pool, older); err != nil {
		t.Errorf("newer schema: %v", err)
	}
}

func TestCheckTellsAnUnreachableDatabaseFromAnEmptyOne(t *testing.T) {
	t.Parallel()
	pool := emptyDatabase(t)
	pool.Close()
	err := migrations.CheckAgainst(t.Context(), pool, older)
	if _, ok := errors.AsType[*migrations.OldSchemaError](err); err == nil || ok {
		t.Errorf("got %v, want an error that is not about the schema", err)
	}
}

func TestStatusListsAppliedAndPending(t *testing.T) {
	t.Parallel()
	pool := emptyDatabase(t)
	mustUp(t, pool, older)
	list, err := migrations.StatusOf(t.Context(), pool, newer)
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != 2+len(queue) || list[0].AppliedAt.IsZero() || !list[1].AppliedAt.IsZero() {
		t.Fatalf("got %+v, want the first applied and the second pending", list)
	}
	if list[1].Version != 2 || list[1].Name != "00002_leaf.sql" {
		t.Errorf("pending is %+v", list[1])
	}
	for i, m := range list[2:] {
		if m.Version != int64(i+1) || m.Name != queue[i] || m.AppliedAt.IsZero() {
			t.Errorf("got %+v, want %s applied", m, queue[i])
		}
	}
}

func TestStatusOfAnEmptyDatabaseIsPending(t *testing.T) {
	t.Parallel()
	list, err := migrations.StatusOf(t.Context(), emptyDatabase(t), older)
	if err != nil || len(list) != 1+len(queue) {
		t.Fatalf("got %+v, %v", list, err)
	}
	for _, m := range list {
		if !m.AppliedAt.IsZero() {
			t.Errorf("%+v is not pending", m)
		}
	}
}

func TestEveryMigrationCanBeUndoneAndDoneAgain(t *testing.T) {
	t.Parallel()
	ctx, pool := t.Context(), localpg.New(t)
	if err := migrations.Check(ctx, pool); err != nil {
		t.Errorf("a fresh database: %v", err)
	}
	if err := migrations.Down(ctx, pool); err != nil {
		t.Fatal(err)
	}
	if left := tables(t, pool); len(left) > 0 {
		t.Errorf("left after undoing everything: %v", left)
	}
	if _, err := migrations.Up(ctx, pool); err != nil {
		t.Error(err)
	}
}

func tables(t *testing.T, pool *pgxpool.Pool) []string {
	t.Helper()
	var names []string
	err := pool.QueryRow(t.Context(), `
		select coalesce(array_agg(tablename::text), '{}')
		from pg_tables
		where schemaname = 'public' and tablename <> 'goose_db_version'`).Scan(&names)
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func mustUp(t *testing.T, pool *pgxpool.Pool, fsys fstest.MapFS) {
	t.Helper()
	if _, err := migrations.UpFrom(t.Context(), pool, fsys); err != nil {
		t.Fatal(err)
	}
}

func wantError(t *testing.T, err error, text string) {
	t.Helper()
	if err == nil || err.Error() != text {
		t.Errorf("got error %v, want %s", err, text)
	}
}

// cluster ends with the test process.
var cluster = sync.OnceValues(func() (*localpg.Cluster, error) {
	return localpg.Start(context.Background(), localpg.Options{})
})

func emptyDatabase(t *testing.T) *pgxpool.Pool {
	t.Helper()
	name := "empty_" + strings.ToLower(rand.Text())
	c, err := cluster()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.CreateDatabase(t.Context(), name); err != nil {
		t.Fatal(err)
	}
	pool, err := pgxpool.New(t.Context(), c.URL(name))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}
