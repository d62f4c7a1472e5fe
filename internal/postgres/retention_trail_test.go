package postgres_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"portal/internal/onboarding"
	"portal/internal/postgres"
)

func TestWhatIsKeptOfForgottenTrailsIsNeverChangedOrRemoved(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	completed(t, s, pool, applicant(t, s, "ada"))
	if err := forgetter(s).Forget(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, sql := range []string{"delete from forgotten_trails", "update forgotten_trails set hash = sha256('x')", "truncate forgotten_trails"} {
		err := pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error {
			_, err := tx.Exec(t.Context(), "select set_config('portal.forgetting', 'on', true)")
			if err == nil {
				_, err = tx.Exec(t.Context(), sql)
			}
			return err
		})
		if err == nil || !strings.Contains(err.Error(), "never changed or removed") {
			t.Errorf("%s: %v", sql, err)
		}
	}
}

// kill deletes a registration with its trail, as somebody can who may write to the tables.
func kill(t *testing.T, pool *pgxpool.Pool, id onboarding.RegistrationID) {
	t.Helper()
	about := tablesAbout(t, pool)
	err := pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error {
		_, err := tx.Exec(t.Context(), "select set_config('portal.forgetting', 'on', true)")
		_, deferred := tx.Exec(t.Context(), "update registrations set request_id = null, status = 'starting' where id = $1", uuid.UUID(id))
		err = errors.Join(err, deferred)
		for _, table := range []string{"notices", "registration_facts", "profiles", "audit_entries", "customer_requests"} {
			if !slices.Contains(about, table) {
				t.Errorf("there is no %s", table)
			}
			_, gone := tx.Exec(t.Context(), "delete from "+table+" where registration_id = $1", uuid.UUID(id))
			err = errors.Join(err, gone)
		}
		_, gone := tx.Exec(t.Context(), "delete from registrations where id = $1", uuid.UUID(id))
		return errors.Join(err, gone)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestWhoDeletesARegistrationCannotHaveItLookForgotten(t *testing.T) {
	t.Parallel()
	s, pool, all := audited(t)
	victim := all[1]
	exec(t, pool, `insert into audit_entries select registration_id, 5, now(), 'portal', to_status, to_status, '', '', '', '', sha256('x')
		from audit_entries where registration_id = $1 and seq = 4`, uuid.UUID(victim.ID)) // it has changed lately
	exec(t, pool, "insert into forgotten_trails (registration_id, began_at, ended_at, forgotten_at, hash) values ($1, '2001-01-01', '2001-01-01', '2030-01-01', sha256('lie'))",
		uuid.UUID(victim.ID))
	if _, faults := verify(t, s, time.Time{}); !slices.ContainsFunc(faults, func(f onboarding.Fault) bool { return strings.Contains(f.What, "it is there") }) {
		t.Errorf("while it is there: %+v", faults)
	}
	kill(t, pool, victim.ID)
	audit, faults := verify(t, s, time.Time{})
	if len(faults) != 1 || faults[0].Registration != victim.ID || !strings.Contains(faults[0].What, "sooner than the portal does") || audit.Forgotten != 1 {
		t.Errorf("%+v, %+v", audit, faults)
	}
	_, err := pool.Exec(t.Context(), "insert into forgotten_trails (registration_id, ended_at, hash) values ($1, '2001-01-01', sha256('lie'))", uuid.New())
	if err == nil {
		t.Error("the trail of a registration that is not there is kept")
	}
}

// What was planted stays to be seen, rather than that somebody's registration is forgotten over it.
func TestARegistrationThatLooksForgottenStays(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	r := completed(t, s, pool, applicant(t, s, "ada"))
	exec(t, pool, "insert into forgotten_trails (registration_id) values ($1)", uuid.UUID(r.ID))
	if err := forgetter(s).Forget(t.Context()); err != nil {
		t.Fatal(err)
	}
	if count(t, pool, "registrations") != 1 {
		t.Error("it is gone")
	}
}

// A replica whose clock is behind may have written the last entry.
func TestATrailEndsWithItsLatestEntry(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	r := opened(t, s, begin(t, s, applicant(t, s, "ada")))
	r.Status = onboarding.Starting
	r = changed(t, s, r, onboarding.Open, now.Add(time.Hour))
	changed(t, s, r, onboarding.Completed, now.Add(time.Minute))
	exec(t, pool, "update notices set status = 'delivered', due_at = null, ended_at = now()")
	if err := forgetter(s).Forget(t.Context()); err != nil {
		t.Fatal(err)
	}
	var began, ended time.Time
	if err := pool.QueryRow(t.Context(), "select began_at, ended_at from forgotten_trails").Scan(&began, &ended); err != nil {
		t.Fatal(err)
	}
	if !began.Equal(now) || !ended.Equal(now.Add(time.Hour)) {
		t.Errorf("from %s to %s", began, ended)
	}
}

// Whoever forgets goes on past a batch that it has not got done, and must know where that is.
func TestABatchThatTakesTooLongSaysHowFarItReached(t *testing.T) {
	t.Parallel()
	pool := wide(t)
	s := postgres.New(pool, newKeys(t), postgres.NoJobs)
	r := completed(t, s, pool, applicant(t, s, "ada"))
	defer holding(t, pool, "select from notices")()
	soon, end := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer end()
	f := forgetter(s)
	gone, next, done, err := s.ForgetRegistrations(soon, onboarding.Completed, f.Now().Add(-kept), f.Now(), onboarding.Passed{}, 100)
	if gone != 0 || next.ID != r.ID || done || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%d gone, next %+v, done: %t, %v", gone, next, done, err)
	}
}

// A verification that takes long sees each registration as it is when its turn comes, so that it keeps nobody's past.
func TestAVerificationHoldsNoMoment(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	r := completed(t, s, pool, applicant(t, s, "ada"))
	exec(t, pool, `insert into registrations (id, applicant_id, flow, case_name, status, ask, stub_may_exist, reasked, tries, cause, version,
			created_at, touched_at, audit_seq)
		select ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, $1, 'individual', 'case ' || n, 'starting', '', false, false, 0, '', 1,
			now(), now(), (n = 1)::int
		from generate_series(1, 2500) n`, uuid.UUID(r.Applicant))
	faults := 0
	audit, err := s.VerifyAudit(t.Context(), time.Time{}, func(onboarding.Fault) {
		if faults++; faults > 1 {
			return
		}
		if err := forgetter(s).Forget(t.Context()); err != nil { // while the first part is looked at
			t.Error(err)
		}
	})
	if err != nil || faults != 1 || audit.Forgotten != 1 || audit.Untrailed != 2499 || audit.Covered != 1 {
		t.Errorf("%d faults, %+v, %v", faults, audit, err)
	}
}
