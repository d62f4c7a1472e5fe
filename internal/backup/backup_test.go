package backup_test

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"portal/internal/backup"
	"portal/internal/localpg"
)

// scratch is an empty database beside another, for a test.
func scratch(t *testing.T, beside string) string {
	t.Helper()
	address, drop, err := backup.NewScratch(t.Context(), beside)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := drop(); err != nil {
			t.Error(err)
		}
	})
	return address
}

func exec(t *testing.T, address, sql string) {
	t.Helper()
	db, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close(context.WithoutCancel(t.Context()))
	if _, err := db.Exec(t.Context(), sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// analysed says whether Postgres knows how a table of a database is filled.
func analysed(t *testing.T, address string) (is bool) {
	t.Helper()
	db, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close(context.WithoutCancel(t.Context()))
	if err := db.QueryRow(t.Context(), "select exists(select from pg_stats where tablename = 'applicants')").Scan(&is); err != nil {
		t.Fatal(err)
	}
	return is
}

const addressees = "insert into applicants (id, created_at) select gen_random_uuid(), now() from generate_series(1, 3)"

func TestACopyIsWhatWasDumped(t *testing.T) {
	t.Parallel()
	source := localpg.NewURL(t)
	exec(t, source, addressees)
	file, copied := filepath.Join(t.TempDir(), "dump"), scratch(t, source)
	was, err := backup.Dump(t.Context(), source, file)
	if err != nil {
		t.Fatal(err)
	}
	exec(t, source, addressees) // which the dump has not
	if err := backup.Restore(t.Context(), file, copied); err != nil {
		t.Fatal(err)
	}
	is, err := backup.Look(t.Context(), copied)
	if err != nil {
		t.Fatal(err)
	}
	if !analysed(t, copied) {
		t.Error("the copy has no statistics")
	}
	if rows, rules := was.Differences(is); len(rows)+len(rules) > 0 || is.Rows["public.applicants"] != 3 || len(is.Rules) < 20 || len(is.OutOfForce()) > 0 {
		t.Errorf("%v, %v, %v, %v", rows, rules, is.Rows, is.OutOfForce())
	}
}

func TestWhatACopyLacksIsFound(t *testing.T) {
	t.Parallel()
	source := localpg.NewURL(t)
	exec(t, source, addressees)
	was, err := backup.Look(t.Context(), source)
	if err != nil {
		t.Fatal(err)
	}
	for _, sql := range []string{
		"delete from applicants where id = (select min(id::text)::uuid from applicants)",
		"drop table mails",
		"alter table sessions drop constraint sessions_identity_fk",
		"alter table sessions add constraint later check (created_at > '2000-01-01') not valid",
		"alter table registrations disable trigger all",
	} {
		exec(t, source, sql)
	}
	file, copied := filepath.Join(t.TempDir(), "dump"), scratch(t, source)
	if _, err := backup.Dump(t.Context(), source, file); err != nil {
		t.Fatal(err)
	}
	if err := backup.Restore(t.Context(), file, copied); err != nil {
		t.Fatal(err)
	}
	is, err := backup.Look(t.Context(), copied)
	if err != nil {
		t.Fatal(err)
	}
	rows, rules := was.Differences(is)
	if diff := cmp.Diff([]string{"public.applicants: 3 rows, and 2 in the copy"}, rows); diff != "" {
		t.Error(diff)
	}
	for _, want := range []string{
		"constraint later of public.sessions: only in the copy", "constraint mails_pk of public.mails: not in the copy",
		"constraint sessions_identity_fk of public.sessions: not in the copy",
	} {
		if !slices.Contains(rules, want) {
			t.Errorf("%q is not in %q", want, rules)
		}
	}
	if out := strings.Join(is.OutOfForce(), "\n"); !strings.Contains(out, "constraint later of public.sessions") || !strings.Contains(out, "trigger ") {
		t.Errorf("out of force: %s", out)
	}
}

func TestOnlyAnEmptyDatabaseIsFilled(t *testing.T) {
	t.Parallel()
	source := localpg.NewURL(t)
	if err := backup.CheckEmpty(t.Context(), source); err != backup.ErrNotEmpty {
		t.Errorf("of one that is in use: %v", err)
	}
	if err := backup.CheckEmpty(t.Context(), scratch(t, source)); err != nil {
		t.Errorf("of an empty one: %v", err)
	}
}
