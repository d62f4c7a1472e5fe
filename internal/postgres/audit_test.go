package postgres_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"portal/internal/identity"
	"portal/internal/onboarding"
	"portal/internal/postgres"
)

// changed saves the registration in a status, with an entry that says so.
func changed(t *testing.T, s *postgres.Store, r onboarding.Registration, to onboarding.Status, at time.Time) onboarding.Registration {
	t.Helper()
	r, err := s.Save(t.Context(), entered(r, to, at), time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// entered is the registration in another status, with the entry to add.
func entered(r onboarding.Registration, to onboarding.Status, at time.Time) onboarding.Registration {
	r.Trail.Add = []onboarding.Entry{{
		Seq: r.Trail.Seq + 1, At: at, Actor: onboarding.ActorPortal, From: r.Status, To: to, What: "something", Evidence: "a <read>",
		Profile: r.Profile, Request: "q",
	}}
	r.Status, r.DueAt = to, time.Time{}
	return r
}

// audited is a store with registrations of four entries each, a minute apart; the order is that of their beginning.
func audited(t *testing.T) (*postgres.Store, *pgxpool.Pool, []onboarding.Registration) {
	t.Helper()
	s, pool := newStore(t)
	var all []onboarding.Registration
	for i := range 3 {
		_, a := signIn(t, s, identity.Email(fmt.Sprintf("%d@example.com", i)))
		r := opened(t, s, begin(t, s, a))
		r.Status = onboarding.Starting // which is where its trail left it
		for n, to := range []onboarding.Status{onboarding.Open, onboarding.Expired, onboarding.Completed} {
			r = changed(t, s, r, to, now.Add(time.Duration(n+1)*time.Minute))
		}
		all = append(all, r)
	}
	return s, pool, all
}

func verify(t *testing.T, s *postgres.Store, until time.Time) (onboarding.Audit, []onboarding.Fault) {
	t.Helper()
	var faults []onboarding.Fault
	audit, err := s.VerifyAudit(t.Context(), until, func(f onboarding.Fault) { faults = append(faults, f) })
	if err != nil {
		t.Fatal(err)
	}
	return audit, faults
}

func TestTheTrailOfTheStoreHolds(t *testing.T) {
	t.Parallel()
	s, pool, all := audited(t)
	old := begin(t, s, applicant(t, s, "old"))
	exec(t, pool, "alter table audit_entries disable trigger all")
	exec(t, pool, "delete from audit_entries where registration_id = $1", old.ID.String())
	exec(t, pool, "update registrations set audit_seq = 0, audit_hash = '' where id = $1", old.ID.String())
	audit, faults := verify(t, s, time.Time{})
	want := onboarding.Audit{Registrations: 3, Untrailed: 1, Entries: 12, Covered: 3, Root: audit.Root}
	if len(faults) > 0 || audit != want {
		t.Errorf("%+v, want %+v; faults %v", audit, want, faults)
	}
	earlier, _ := verify(t, s, now.Add(2*time.Minute))
	changed(t, s, all[0], onboarding.Completed, now.Add(time.Hour))
	if again, _ := verify(t, s, now.Add(2*time.Minute)); again.Root != earlier.Root || earlier.Root == audit.Root {
		t.Errorf("the root of an earlier time was %x and is %x; all together it is %x", earlier.Root, again.Root, audit.Root)
	}
}

func TestTheStoresTrailIsReadInBatches(t *testing.T) {
	t.Parallel()
	s, pool, all := audited(t)
	// Enough registrations and entries for several batches, none of which holds, but each is seen once.
	exec(t, pool, `insert into registrations (id, applicant_id, flow, case_name, status, ask, stub_may_exist, reasked, tries, cause, version,
			created_at, touched_at, audit_seq)
		select gen_random_uuid(), $1, 'individual', 'case ' || n, 'starting', '', false, false, 0, '', 1, now(), now(), 2
		from generate_series(1, 4500) n`, all[0].Applicant.String())
	exec(t, pool, `insert into audit_entries select id, seq, now(), '', '', 'starting', '', '', '', '', sha256('x')
		from registrations, generate_series(1, 2) seq where case_name <> ''`)
	audit, _ := verify(t, s, time.Time{})
	if audit.Registrations != 4503 || audit.Entries != 9012 || audit.Covered != 4503 {
		t.Errorf("%+v", audit)
	}
}

func TestEveryTamperingOfTheStoreIsFound(t *testing.T) {
	t.Parallel()
	const entry = " where registration_id = $1 and seq = 2"
	for name, tamper := range map[string]string{
		"number":        "update audit_entries set seq = 9" + entry,
		"time":          "update audit_entries set at = at + interval '1 microsecond'" + entry,
		"actor":         "update audit_entries set actor = 'operator eve'" + entry,
		"from":          "update audit_entries set from_status = 'closed'" + entry,
		"to":            "update audit_entries set to_status = 'closed'" + entry,
		"what":          "update audit_entries set what = ''" + entry,
		"evidence":      "update audit_entries set evidence = ''" + entry,
		"profile":       "update audit_entries set profile_id = ''" + entry,
		"request":       "update audit_entries set request_id = ''" + entry,
		"hash":          "update audit_entries set hash = sha256('x')" + entry,
		"registration":  "update audit_entries set registration_id = (select id from registrations where id <> $1 limit 1), seq = 9" + entry,
		"last removed":  "delete from audit_entries where registration_id = $1 and seq = 4",
		"middle":        "delete from audit_entries" + entry,
		"all removed":   "delete from audit_entries where registration_id = $1",
		"inserted":      "insert into audit_entries select registration_id, 5, at, actor, from_status, to_status, what, evidence, profile_id, request_id, hash from audit_entries where registration_id = $1 and seq = 4",
		"row's status":  "update registrations set status = 'closed' where id = $1",
		"row's number":  "update registrations set audit_seq = 3 where id = $1",
		"row's hash":    "update registrations set audit_hash = sha256('x') where id = $1",
		"row forgotten": "update registrations set audit_seq = 0, audit_hash = '' where id = $1",
		"row removed":   "delete from registrations where id = $1",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, pool, all := audited(t)
			unguarded(t, pool)
			exec(t, pool, tamper, all[1].ID.String())
			if _, faults := verify(t, s, time.Time{}); len(faults) == 0 {
				t.Error("not found")
			}
		})
	}
}

func TestSwappedTrailsAreFound(t *testing.T) {
	t.Parallel()
	s, pool, all := audited(t)
	unguarded(t, pool)
	a, b := all[0].ID.String(), all[2].ID.String()
	const between = "00000000-0000-0000-0000-000000000001"
	for _, move := range [][2]string{{a, between}, {b, a}, {between, b}} {
		exec(t, pool, "update audit_entries set registration_id = $2 where registration_id = $1", move[0], move[1])
	}
	exec(t, pool, `update registrations r
		set audit_hash = e.hash
		from audit_entries e
		where e.registration_id = r.id
			and e.seq = r.audit_seq`)
	if _, faults := verify(t, s, time.Time{}); len(faults) != 8 {
		t.Errorf("%d faults, want one for each of eight entries", len(faults))
	}
}

func TestEntriesAreNeverChangedOrRemoved(t *testing.T) {
	t.Parallel()
	s, pool, _ := audited(t)
	for _, sql := range []string{
		"update audit_entries set what = 'nothing'", "delete from audit_entries", "truncate audit_entries", "truncate registrations cascade",
	} {
		if _, err := pool.Exec(t.Context(), sql); err == nil || !strings.Contains(err.Error(), "never changed or removed") {
			t.Errorf("%s: %v", sql, err)
		}
	}
	if audit, faults := verify(t, s, time.Time{}); audit.Entries != 12 || len(faults) > 0 {
		t.Errorf("%+v, %v", audit, faults)
	}
}

func TestOnlyWhoSavesWritesToTheTrail(t *testing.T) {
	t.Parallel()
	s, pool, _ := audited(t)
	r := opened(t, s, begin(t, s, applicant(t, s, "a")))
	r.Status = onboarding.Starting
	before := count(t, pool, "audit_entries")
	changed(t, s, r, onboarding.Completed, now)
	if _, err := s.Save(t.Context(), entered(r, onboarding.Expired, now), time.Time{}); onboarding.KindOf(err) != onboarding.Conflict {
		t.Fatalf("a stale version: %v", err)
	}
	if n := count(t, pool, "audit_entries"); n != before+1 {
		t.Errorf("%d entries written, want that of the one who saved", n-before)
	}
	if _, faults := verify(t, s, time.Time{}); len(faults) > 0 {
		t.Errorf("faults %v", faults)
	}
}

func TestBeginningOftenWritesOneFirstEntry(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	a := applicant(t, s, "a")
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() {
			if _, err := s.Begin(t.Context(), intent(a)); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := count(t, pool, "audit_entries"); n != 1 {
		t.Errorf("%d entries, want one", n)
	}
	if _, faults := verify(t, s, time.Time{}); len(faults) > 0 {
		t.Errorf("faults %v", faults)
	}
}

func TestTheTrailHoldsWhereClocksAreFinerThanPostgres(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	e := &onboarding.Engine{
		Flows: map[string]onboarding.Flow{"individual": {Provider: onboarding.PassFort}}, Registrations: s,
		Now:   func() time.Time { return now.Add(999999999).In(time.FixedZone("", 3600)) },
		NewID: func() onboarding.RegistrationID { return intent(onboarding.ApplicantID{}).ID },
	}
	r, err := e.Start(t.Context(), applicant(t, s, "a"), "individual", "", onboarding.Facts{})
	if err != nil {
		t.Fatal(err)
	}
	changed(t, s, r, onboarding.NeedsAttention, e.Now().Truncate(time.Microsecond))
	if audit, faults := verify(t, s, time.Time{}); audit.Entries != 2 || len(faults) > 0 {
		t.Errorf("%+v, faults %v", audit, faults)
	}
}

// unguarded takes away what keeps people from tampering. Whoever owns the database can do so.
func unguarded(t *testing.T, pool *pgxpool.Pool) {
	t.Helper()
	for _, table := range []string{"audit_entries", "registrations", "customer_requests", "profiles"} {
		exec(t, pool, "alter table "+table+" disable trigger all")
	}
}

func exec(t *testing.T, pool *pgxpool.Pool, sql string, args ...any) {
	t.Helper()
	if _, err := pool.Exec(t.Context(), sql, args...); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

func applicant(t *testing.T, s *postgres.Store, name string) onboarding.ApplicantID {
	t.Helper()
	_, a := signIn(t, s, identity.Email(name+"@applicants.example.com"))
	return a
}
