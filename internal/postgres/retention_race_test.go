package postgres_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"portal/internal/onboarding"
	"portal/internal/postgres"
)

// change is what somebody may do to a registration while it is forgotten.
type change func(ctx context.Context, s *postgres.Store, r onboarding.Registration) error

// changes are all that wait for who forgets, with what they come to when there is nothing left.
var changes = map[string]struct {
	make change
	kind onboarding.Kind
}{
	"it is reopened": {func(ctx context.Context, s *postgres.Store, r onboarding.Registration) error {
		_, err := s.Save(ctx, entered(r, onboarding.Starting, now.Add(time.Hour)), time.Time{})
		return err
	}, onboarding.NotFound},
	"it has another form": {func(ctx context.Context, s *postgres.Store, r onboarding.Registration) error {
		r = entered(r, onboarding.Open, now.Add(time.Hour))
		r.Request = &onboarding.CustomerRequest{ID: "another", Key: "its key", CreatedAt: now}
		_, err := s.Save(ctx, r, time.Time{})
		return err
	}, onboarding.NotFound},
	"an associate is entered": {enterNew, onboarding.NotFound},
	"its company is learned": {func(ctx context.Context, s *postgres.Store, r onboarding.Registration) error {
		return s.Learn(ctx, r.ID, trust("Learned"))
	}, onboarding.NotFound},
	"a profile is found": {func(ctx context.Context, s *postgres.Store, r onboarding.Registration) error {
		_, err := s.NoteProfile(ctx, r.ID, "found", "webhook", now)
		return err
	}, ""},
	"a profile is given up": {func(ctx context.Context, s *postgres.Store, r onboarding.Registration) error {
		return s.GiveUp(ctx, r.ID, "given up", now)
	}, onboarding.NotFound},
}

// enterNew enters somebody behind the company of a registration that ended long ago.
func enterNew(ctx context.Context, s *postgres.Store, r onboarding.Registration) error {
	return s.Edit(ctx, r.ID, added)
}

func added(st onboarding.Structure) (onboarding.Edit, error) {
	e, _, err := st.Add(onboarding.NewAssociate{
		ID: onboarding.AssociateID(uuid.Must(uuid.NewV7())), Source: onboarding.SourceApplicant, Distinct: true, Details: director("New"),
	}, companyFlow, now.Add(360*24*time.Hour))
	return e, err
}

// withoutStructure takes away what is stored of a registration's company.
func withoutStructure(t *testing.T, pool *pgxpool.Pool) {
	t.Helper()
	for _, table := range []string{"associate_profiles", "associates", "structures"} {
		exec(t, pool, "delete from "+table)
	}
}

// Whoever changes a registration that is just being deleted finds nothing, and leaves nothing behind.
func TestAChangeThatComesAfterForgettingFindsNothing(t *testing.T) {
	t.Parallel()
	for name, c := range changes {
		for kind, prepare := range map[string]func(*testing.T, *pgxpool.Pool){"company": nil, "person": withoutStructure} {
			t.Run(name+" of a "+kind, func(t *testing.T) {
				t.Parallel()
				pool := wide(t)
				s := postgres.New(pool, newKeys(t), postgres.NoJobs)
				r := completed(t, s, pool, applicant(t, s, "ada"))
				if prepare != nil {
					prepare(t, pool)
				}
				letGo := holding(t, pool, "select from notices") // which is deleted when everything else is held
				defer letGo()
				forgot, changed := make(chan error, 1), make(chan error, 1)
				go func() { forgot <- forgetter(s).Forget(t.Context()) }()
				waiting(t, pool, 1)
				go func() { changed <- c.make(t.Context(), s, r) }()
				waiting(t, pool, 2)
				letGo()
				if err := <-forgot; err != nil {
					t.Error(err)
				}
				if err := <-changed; onboarding.KindOf(err) != c.kind || (err == nil) != (c.kind == "") {
					t.Errorf("changed: %v, want %q", err, c.kind)
				}
				for _, table := range tablesAbout(t, pool) {
					if n := count(t, pool, table); n != 0 {
						t.Errorf("%d rows are left in %s", n, table)
					}
				}
			})
		}
	}
}

func TestNothingIsForgottenOfACompanyBehindWhichSomebodyIsJustEntered(t *testing.T) {
	t.Parallel()
	pool := wide(t)
	s := postgres.New(pool, newKeys(t), postgres.NoJobs)
	r := completed(t, s, pool, applicant(t, s, "ada"))
	before := everythingAbout(t, pool)
	err := s.Edit(t.Context(), r.ID, func(st onboarding.Structure) (onboarding.Edit, error) {
		if err := forgetter(s).Forget(t.Context()); err != nil {
			t.Error(err)
		}
		return added(st)
	})
	if err := errors.Join(err, forgetter(s).Forget(t.Context())); err != nil {
		t.Fatal(err)
	}
	before["associates"]++
	if diff := cmp.Diff(before, everythingAbout(t, pool)); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

func TestNothingIsForgottenOfARegistrationThatIsJustReopened(t *testing.T) {
	t.Parallel()
	pool := wide(t)
	var s *postgres.Store
	s = postgres.New(pool, newKeys(t), func(ctx context.Context, _ pgx.Tx, _ onboarding.RegistrationID, version int64, _ onboarding.Mail) error {
		if version == 1 {
			return nil
		}
		return forgetter(s).Forget(ctx) // while what reopens it is not stored for good
	})
	r := completed(t, s, pool, applicant(t, s, "ada"))
	before := everythingAbout(t, pool)
	if _, err := s.Save(t.Context(), entered(r, onboarding.Starting, now.Add(time.Hour)), time.Time{}); err != nil {
		t.Fatal(err)
	}
	before["audit_entries"]++
	before["registration_facts"]-- // they are in the profile
	if diff := cmp.Diff(before, everythingAbout(t, pool)); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

// everythingAbout is how many rows the tables have that are there for registrations.
func everythingAbout(t *testing.T, pool *pgxpool.Pool) map[string]int {
	t.Helper()
	rows := map[string]int{}
	for _, table := range tablesAbout(t, pool) {
		rows[table] = count(t, pool, table)
	}
	return rows
}

// Nobody is kept from working by a look at registrations that stay.
func TestRegistrationsThatStayAreNotLocked(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	who, f := person(t, pool), forgetter(s)
	held := over
	held.Orphan = true
	for range 10 {
		held.plant(t, pool, who, f.Now())
	}
	exec(t, pool, "vacuum freeze registrations") // who refers to a row has locked it, too
	over.plant(t, pool, who, f.Now())
	if err := f.Forget(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n, locked := count(t, pool, "registrations"), count(t, pool, "registrations where xmax <> 0"); n != 10 || locked != 0 {
		t.Errorf("%d stay, %d of them were locked", n, locked)
	}
}

// Nobody is kept from working by a look at applicants who stay. A lock leaves its transaction in the row.
func TestApplicantsWhoStayAreNotLocked(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	person(t, pool)
	for range 10 {
		here := person(t, pool, "corp "+uuid.NewString())
		exec(t, pool, `insert into sessions (token_hash, issuer, subject, created_at, seen_at)
			select i.subject::bytea, i.issuer, i.subject, now(), now() from identities i where i.applicant_id = $1`, here)
	}
	exec(t, pool, "vacuum freeze applicants") // who refers to a row has locked it, too
	if err := forgetter(s).ForgetApplicants(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n, locked := count(t, pool, "applicants"), count(t, pool, "applicants where xmax <> 0"); n != 10 || locked != 0 {
		t.Errorf("%d stay, %d of them were locked", n, locked)
	}
}

// An applicant who comes back while idle ones are deleted stays.
func TestWhoeverComesBackMeanwhileStays(t *testing.T) {
	t.Parallel()
	for name, back := range map[string]string{
		"registers": `insert into registrations (id, applicant_id, flow, case_name, status, ask, stub_may_exist, reasked, tries, cause, version,
			created_at, touched_at) select gen_random_uuid(), id, 'company', '', 'starting', '', false, false, 0, '', 1, now(), now() from applicants`,
		"signs in": `insert into sessions (token_hash, issuer, subject, created_at, seen_at) select 'x', issuer, subject, now(), now() from identities`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pool := wide(t)
			s := postgres.New(pool, newKeys(t), postgres.NoJobs)
			person(t, pool, "corp 1")
			tx, err := pool.Begin(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = tx.Rollback(context.Background()) }()
			if _, err := tx.Exec(t.Context(), back); err != nil {
				t.Fatal(err)
			}
			forgot := make(chan error, 1)
			go func() { forgot <- forgetter(s).ForgetApplicants(t.Context()) }()
			if name == "signs in" {
				waiting(t, pool, 1)
			}
			if name == "registers" {
				err = <-forgot // it passes them over
				forgot <- err
			}
			if err := errors.Join(tx.Commit(t.Context()), <-forgot); err != nil {
				t.Fatal(err)
			}
			if count(t, pool, "applicants") != 1 || count(t, pool, "identities") != 1 {
				t.Error("they are gone")
			}
		})
	}
}
