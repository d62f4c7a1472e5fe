package migrations_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"portal/internal/localpg"
	"portal/migrations"
)

// as does something with the rights of a role, and undoes it.
func as(t *testing.T, pool *pgxpool.Pool, role, sql string) error {
	t.Helper()
	undone := errors.New("undone")
	err := pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(t.Context(), "set local role "+role); err != nil {
			return err
		}
		if _, err := tx.Exec(t.Context(), sql); err != nil {
			return err
		}
		return undone
	})
	if errors.Is(err, undone) {
		return nil
	}
	return err
}

func denied(err error) bool {
	refusal, ok := errors.AsType[*pgconn.PgError](err)
	return ok && refusal.Code == "42501"
}

func TestRolesMayDoTheirWorkAndNoMore(t *testing.T) {
	t.Parallel()
	pool := localpg.New(t)
	for _, table := range tables(t, pool) {
		for role, may := range map[string]map[string]bool{
			"portal_application": {
				"select": true, "insert": table != "river_migration",
				"update":   table != "river_migration" && table != "audit_entries" && table != "forgotten_trails",
				"delete":   table != "river_migration" && table != "forgotten_trails",
				"truncate": false, "references": false, "trigger": false,
			},
			"portal_reader": {"select": true, "insert": false, "update": false, "delete": false, "truncate": false},
		} {
			for right, want := range may {
				var got bool
				if err := pool.QueryRow(t.Context(), "select has_table_privilege($1, $2, $3)", role, table, right).Scan(&got); err != nil {
					t.Fatal(err)
				}
				if got != want {
					t.Errorf("%s may %s %s: %t", role, right, table, got)
				}
			}
		}
	}
	for _, sql := range []string{
		"create table more ()", "drop table links", "alter table links add column more text", "create role other",
		"update goose_db_version set version_id = 0", "delete from forgotten_trails", "truncate links", "alter table audit_entries disable trigger all",
	} {
		if err := as(t, pool, "portal_application", sql); !denied(err) {
			t.Errorf("the application: %s: %v", sql, err)
		}
	}
	if err := as(t, pool, "portal_application", "select nextval('river_job_id_seq')"); err != nil {
		t.Errorf("the application makes no job: %v", err)
	}
	if err := as(t, pool, "portal_reader", "select from river_job, audit_entries, goose_db_version"); err != nil {
		t.Errorf("the reader: %v", err)
	}
}

// An owner that may not make roles migrates all the same, and grants when an administrator has made them.
func TestRolesMayBeMadeLater(t *testing.T) {
	t.Parallel()
	c, err := localpg.Start(t.Context(), localpg.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Stop() }) // takes everything with it
	admin := connected(t, c.URL("postgres"))
	exec(t, admin, "create role owner login")
	exec(t, admin, "create database owned owner owner")
	owner := connected(t, c.URLFor("owner", "owned"))
	if _, err := migrations.Up(t.Context(), owner); err != nil {
		t.Fatal(err)
	}
	exec(t, admin, "create role portal_application nologin")
	exec(t, owner, "select grant_rights()")
	if err := as(t, connected(t, c.URL("owned")), "portal_application", "insert into applicants (id, created_at) values (gen_random_uuid(), now())"); err != nil {
		t.Error(err)
	}
}

func connected(t *testing.T, url string) *pgxpool.Pool {
	t.Helper()
	pool, err := pgxpool.New(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}

func exec(t *testing.T, pool *pgxpool.Pool, sql string) {
	t.Helper()
	if _, err := pool.Exec(t.Context(), sql); err != nil {
		t.Fatal(fmt.Errorf("%s: %w", sql, err))
	}
}
