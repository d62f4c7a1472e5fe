package seeding_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"portal/internal/identity"
	"portal/internal/localpg"
	"portal/internal/onboarding"
	"portal/internal/postgres"
	"portal/internal/seal"
	"portal/internal/seeding"
)

var now = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// few are enough registrations for all that can become of one.
func few(t *testing.T) seeding.Options {
	return seeding.Options{Registrations: 2400, Visitors: 40, Keys: newKeys(t), Now: now, Seed: 6, Over: 110 * 24 * time.Hour}
}

func newKeys(t *testing.T) *seal.Keyset {
	t.Helper()
	json, err := seal.NewKeyset()
	if err != nil {
		t.Fatal(err)
	}
	keys, err := seal.Parse(json)
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func fill(t *testing.T, o seeding.Options) (*pgxpool.Pool, seeding.Seeded) {
	t.Helper()
	pool := localpg.New(t)
	seeded, err := seeding.Fill(t.Context(), pool, o)
	if err != nil {
		t.Fatal(err)
	}
	return pool, seeded
}

// TestSeededVisitorsAreShownTheirForms has the portal's own store read what was seeded.
func TestSeededVisitorsAreShownTheirForms(t *testing.T) {
	t.Parallel()
	o := few(t)
	pool, seeded := fill(t, o)
	if len(seeded.Visitors) != o.Visitors {
		t.Fatalf("%d visitors, %d are wanted", len(seeded.Visitors), o.Visitors)
	}
	store := postgres.New(pool, o.Keys, postgres.NoJobs)
	limits := identity.Limits{Idle: time.Hour, Absolute: 24 * time.Hour}
	for _, v := range seeded.Visitors {
		who, begun, err := store.Visit(t.Context(), v.Session, limits, now)
		if err != nil || onboarding.ApplicantID(who.Applicant) != v.Applicant || len(begun) != 1 || begun[0].ID != v.Registration {
			t.Fatalf("visitor: %v, %d registrations", err, len(begun))
		}
		switch r := begun[0]; {
		case r.Status != onboarding.Open || r.Flow != v.Flow || r.StaleAt(now):
			t.Errorf("%s: %s", v.Flow, r.Status)
		case v.Flow == seeding.FlowDocuments && (r.Verification == nil || len(r.Verification.Steps) != 2):
			t.Error("the verification does not open")
		case v.Flow != seeding.FlowDocuments && (r.Request.ID != v.Request || len(r.Request.Key.Reveal()) != 46):
			t.Error("the key of the form does not open")
		case v.Flow == seeding.FlowCompany:
			checkCompany(t, store, r)
		}
	}
}

func checkCompany(t *testing.T, store *postgres.Store, r onboarding.Registration) {
	t.Helper()
	st, err := store.Structure(t.Context(), r.ID)
	if err != nil || st.Own.Name == "" || len(st.Associates) != r.Behind.Total || st.Drafts() != r.Behind.Drafts {
		t.Fatalf("structure: %v, %d associates", err, len(st.Associates))
	}
	for _, a := range st.Associates {
		if a.Void || a.Details.DisplayName() == "" {
			t.Error("the details of an associate do not open")
		}
	}
}

// TestSeededTrailsHold verifies every trail as `portal audit verify` does.
func TestSeededTrailsHold(t *testing.T) {
	t.Parallel()
	o := few(t)
	pool, seeded := fill(t, o)
	audit, err := postgres.New(pool, o.Keys, postgres.NoJobs).VerifyAudit(t.Context(), time.Time{}, func(f onboarding.Fault) { t.Errorf("%+v", f) })
	if err != nil {
		t.Fatal(err)
	}
	if audit.Registrations != int64(o.Registrations) || audit.Untrailed != 0 || audit.Entries != int64(seeded.Rows["audit_entries"]) {
		t.Errorf("%+v", audit)
	}
}

// TestSeedingLeavesTheSchemaAsItWas compares every constraint, index and trigger with those of a database beside it.
func TestSeedingLeavesTheSchemaAsItWas(t *testing.T) {
	t.Parallel()
	pool, _ := fill(t, few(t))
	if diff := cmp.Diff(schema(t, localpg.New(t)), schema(t, pool)); diff != "" {
		t.Error(diff)
	}
	var valid bool
	if err := pool.QueryRow(t.Context(), "select (select bool_and(convalidated) from pg_constraint) and (select bool_and(indisvalid) from pg_index)").Scan(&valid); err != nil || !valid {
		t.Errorf("valid: %t, %v", valid, err)
	}
}

func schema(t *testing.T, pool *pgxpool.Pool) []string {
	t.Helper()
	return column[string](t, pool, `
		select format('%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) from pg_constraint
		union all select pg_get_indexdef(indexrelid) from pg_index where indrelid::regclass::text not like 'pg_%'
		union all select format('%s %s', pg_get_triggerdef(oid), tgenabled) from pg_trigger where not tgisinternal
		order by 1`)
}

func column[T any](t *testing.T, pool *pgxpool.Pool, sql string) []T {
	t.Helper()
	rows, err := pool.Query(t.Context(), sql)
	if err != nil {
		t.Fatal(err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowTo[T])
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// TestSeedingMakesEverythingThereIs fills every table that grows, and has a registration in every status.
func TestSeedingMakesEverythingThereIs(t *testing.T) {
	t.Parallel()
	pool, seeded := fill(t, few(t))
	for table, n := range seeded.Rows {
		if n == 0 {
			t.Errorf("nothing in %s", table)
		}
	}
	statuses := column[string](t, pool, "select status from registrations group by status order by status")
	want := []string{"checking", "closed", "completed", "expired", "needs_attention", "open", "rejected", "starting", "superseded"}
	for _, status := range want {
		if !slices.Contains(statuses, status) {
			t.Errorf("no registration is %s: %v", status, statuses)
		}
	}
	// What is due would be worked off, and what is from before its time forgotten, while pages are measured.
	for what, sql := range map[string]string{
		"due":       "select count(*) from registrations where due_at <= $1 or read_at <= $1",
		"to come":   "select count(*) from audit_entries where at > $1",
		"unsettled": "select count(*) from webhooks where status <> 'processed' and received_at <= $1",
		"told":      "select count(*) from notices where status = 'pending' and due_at <= $1",
	} {
		var n int
		if err := pool.QueryRow(t.Context(), sql, now).Scan(&n); err != nil || n != 0 {
			t.Errorf("%s: %d, %v", what, n, err)
		}
	}
}

func TestSeedingLeavesADatabaseInUseAlone(t *testing.T) {
	t.Parallel()
	o := few(t)
	pool, _ := fill(t, o)
	before := column[int64](t, pool, "select count(*) from registrations")
	if _, err := seeding.Fill(t.Context(), pool, o); !errors.Is(err, seeding.ErrInUse) {
		t.Errorf("seeding it again: %v", err)
	}
	if diff := cmp.Diff(before, column[int64](t, pool, "select count(*) from registrations")); diff != "" {
		t.Error(diff)
	}
}

// TestABrokenOffSeedingLeavesNothing cancels one in the middle.
func TestABrokenOffSeedingLeavesNothing(t *testing.T) {
	t.Parallel()
	o, pool := few(t), localpg.New(t)
	was := schema(t, pool)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	o.Progress = func(int) { cancel() }
	if _, err := seeding.Fill(ctx, pool, o); err == nil {
		t.Fatal("it was not broken off")
	}
	if n := column[int64](t, pool, "select count(*) from applicants"); n[0] != 0 {
		t.Errorf("%d applicants are left", n[0])
	}
	if diff := cmp.Diff(was, schema(t, pool)); diff != "" {
		t.Error(diff)
	}
}
