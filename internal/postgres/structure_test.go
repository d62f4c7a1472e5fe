package postgres_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"portal/internal/identity"
	"portal/internal/onboarding"
	"portal/internal/postgres"
)

var companyFlow = onboarding.Flow{Name: "company", Associates: true, DirectorAge: 18}

func director(family string) onboarding.Details {
	return onboarding.Details{
		EntityType: onboarding.Individual, GivenNames: []string{"Ada"}, FamilyName: family, DateOfBirth: "1990-01-02", Email: "ada@example.com",
		Nationality: "GBR", Roles: []onboarding.AssociatedRole{onboarding.Director, onboarding.Shareholder}, AppointedOn: "2020-01-01",
		Shareholdings: []onboarding.Shareholding{{Class: "Ordinary", Amount: "5", Percentage: "1.5"}},
	}
}

func trust(name string) onboarding.Details {
	return onboarding.Details{EntityType: onboarding.Company, Name: name, Roles: []onboarding.AssociatedRole{onboarding.Shareholder}}
}

// company is a registration that has its profile.
func company(t *testing.T, s *postgres.Store) onboarding.Registration {
	t.Helper()
	_, a := signIn(t, s, identity.Email(uuid.NewString()+"@example.com"))
	return opened(t, s, begin(t, s, a))
}

// enter enters an associate and returns it as it is stored.
func enter(t *testing.T, s *postgres.Store, r onboarding.Registration, n onboarding.NewAssociate) onboarding.Associate {
	t.Helper()
	if n.ID.IsZero() {
		n.ID = onboarding.AssociateID(uuid.Must(uuid.NewV7()))
	}
	n.Source, n.Distinct = onboarding.SourceApplicant, true
	err := s.Edit(t.Context(), r.ID, func(st onboarding.Structure) (onboarding.Edit, error) {
		e, _, err := st.Add(n, companyFlow, now)
		return e, err
	})
	if err != nil {
		t.Fatal(err)
	}
	a, err := s.Associate(t.Context(), n.ID)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// addRole says that somebody who is there has a further role.
func addRole(t *testing.T, s *postgres.Store, r onboarding.Registration, a onboarding.Associate, d onboarding.Details) {
	t.Helper()
	err := s.Edit(t.Context(), r.ID, func(st onboarding.Structure) (onboarding.Edit, error) {
		e, _, err := st.Add(onboarding.NewAssociate{ID: onboarding.AssociateID(uuid.New()), SameAs: a.ID, Details: d}, companyFlow, now)
		return e, err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func claimStructure(t *testing.T, s *postgres.Store, r onboarding.Registration, at time.Time) onboarding.Structure {
	t.Helper()
	st, reg, err := s.ClaimStructure(t.Context(), r.ID, at, at.Add(3*time.Second))
	if err != nil || reg.Profile != r.Profile {
		t.Fatalf("claim: %v", err)
	}
	return st
}

func TestStructureGivesBackWhatWasEntered(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	r := company(t, s)
	first := enter(t, s, r, onboarding.NewAssociate{Details: trust("Holding")})
	second := enter(t, s, r, onboarding.NewAssociate{Details: director("Byron"), Parent: first.ID, Submit: true})
	st, err := s.Structure(t.Context(), r.ID)
	if err != nil || len(st.Associates) != 2 {
		t.Fatalf("%d associates: %v", len(st.Associates), err)
	}
	got := st.Associates[1]
	if got.ID != second.ID || got.Parent != first.ID || got.Details.Encode() != director("Byron").Encode() || !got.SubmittedAt.Equal(now) ||
		cmp.Diff(director("Byron").Roles, got.Details.Roles) != "" || st.Associates[0].Status != onboarding.AssociateStarting {
		t.Errorf("got %+v", got)
	}
	var text string
	if err := pool.QueryRow(t.Context(), "select string_agg(to_jsonb(a)::text || encode(sealed, 'escape'), '') from associates a").Scan(&text); err != nil {
		t.Fatal(err)
	}
	for _, personal := range []string{"Byron", "Ada", "1990", "example.com", "Ordinary", "Holding"} {
		if strings.Contains(text, personal) {
			t.Errorf("%s is stored in clear text", personal)
		}
	}
}

func TestVisitCountsThoseBehindTheCompany(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	session, a := signIn(t, s, "a@example.com")
	r := begin(t, s, a)
	enter(t, s, r, onboarding.NewAssociate{Details: director("Byron")})
	enter(t, s, r, onboarding.NewAssociate{Details: director("King"), Submit: true})
	tally := func(want onboarding.Tally) {
		t.Helper()
		_, begun, err := s.Visit(t.Context(), session, limits, now)
		if diff := cmp.Diff(want, begun[0].Behind); err != nil || diff != "" {
			t.Errorf("%v %s", err, diff)
		}
	}
	tally(onboarding.Tally{Total: 2, Drafts: 1})
	st := claimStructure(t, s, opened(t, s, r), now)
	st.Ending = onboarding.EndedRejected
	if err := s.SaveStructure(t.Context(), st, time.Time{}, now); err != nil {
		t.Fatal(err)
	}
	tally(onboarding.Tally{Total: 1})
}

func TestRefusedEditLeavesNothing(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	r := company(t, s)
	want := errors.New("no")
	err := s.Edit(t.Context(), r.ID, func(onboarding.Structure) (onboarding.Edit, error) { return onboarding.Edit{}, want })
	var n int
	if scanned := pool.QueryRow(t.Context(), "select count(*) from structures").Scan(&n); !errors.Is(err, want) || scanned != nil || n != 0 {
		t.Errorf("%d structures: %v", n, err)
	}
}

// Each edit sees those before it: of many who would hold most of a company together, one does.
func TestEditsAreMadeOneAfterTheOther(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	r := company(t, s)
	var all sync.WaitGroup
	for n := range 20 {
		all.Go(func() {
			d := trust(fmt.Sprintf("Holding %d", n))
			d.Shareholdings = []onboarding.Shareholding{{Class: "A", Percentage: "60"}}
			err := s.Edit(t.Context(), r.ID, func(st onboarding.Structure) (onboarding.Edit, error) {
				e, _, err := st.Add(onboarding.NewAssociate{ID: onboarding.AssociateID(uuid.New()), Source: "api", Details: d}, companyFlow, now)
				return e, err
			})
			if err != nil && onboarding.KindOf(err) != onboarding.Invalid {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if st, err := s.Structure(t.Context(), r.ID); err != nil || len(st.Associates) != 1 {
		t.Errorf("%d associates: %v", len(st.Associates), err)
	}
}

func TestAssociateOfAnotherRegistrationIsNotTouched(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	r, other := company(t, s), company(t, s)
	a := enter(t, s, r, onboarding.NewAssociate{Details: director("Byron")})
	put := func(change func(*onboarding.Associate)) error {
		return s.Edit(t.Context(), other.ID, func(onboarding.Structure) (onboarding.Edit, error) {
			stolen := a
			change(&stolen)
			return onboarding.Edit{Put: []onboarding.Associate{stolen}}, nil
		})
	}
	if err := put(func(b *onboarding.Associate) { b.Details = director("Thief") }); onboarding.KindOf(err) != onboarding.Conflict {
		t.Errorf("it was changed from another registration: %v", err)
	}
	if err := put(func(b *onboarding.Associate) { b.ID, b.Parent = onboarding.AssociateID(uuid.New()), a.ID }); err == nil {
		t.Error("somebody of another registration was put behind it")
	}
	if got, err := s.Associate(t.Context(), a.ID); err != nil || got.Details.FamilyName != "Byron" {
		t.Errorf("it is changed: %v", err)
	}
}

func TestWithdrawnDraftsAreGone(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	r := company(t, s)
	a := enter(t, s, r, onboarding.NewAssociate{Details: trust("Holding")})
	enter(t, s, r, onboarding.NewAssociate{Details: director("Byron"), Parent: a.ID})
	if err := s.Edit(t.Context(), r.ID, func(st onboarding.Structure) (onboarding.Edit, error) { return st.Withdraw(a.ID) }); err != nil {
		t.Fatal(err)
	}
	var rows, total, drafts int
	err := pool.QueryRow(t.Context(), "select (select count(*) from associates), total, drafts from structures").Scan(&rows, &total, &drafts)
	if err != nil || rows+total+drafts != 0 {
		t.Errorf("%d rows, counted %d and %d: %v", rows, total, drafts, err)
	}
}

func TestStructureIsClaimedByOneAndOnlyWhenItIsDue(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	_, owner := signIn(t, s, "a@example.com")
	r := begin(t, s, owner)
	enter(t, s, r, onboarding.NewAssociate{Details: director("Byron")})
	claim := func(at time.Time) error {
		_, _, err := s.ClaimStructure(t.Context(), r.ID, at, at.Add(3*time.Second))
		return err
	}
	if onboarding.KindOf(claim(now)) != onboarding.Conflict {
		t.Error("there is nothing to do for a draft")
	}
	enter(t, s, r, onboarding.NewAssociate{Details: director("King"), Submit: true})
	if due, err := s.DueStructures(t.Context(), now, 10); onboarding.KindOf(claim(now)) != onboarding.Conflict || err != nil || len(due) != 0 {
		t.Errorf("the company has no profile yet: %v %v", due, err)
	}
	r = opened(t, s, r)
	if due, err := s.DueStructures(t.Context(), now, 10); err != nil || len(due) != 1 || due[0] != r.ID {
		t.Errorf("due: %v %v", due, err)
	}
	if err := claim(now); err != nil {
		t.Error(err)
	}
	if onboarding.KindOf(claim(now.Add(2*time.Second))) != onboarding.Conflict {
		t.Error("claimed twice")
	}
	if err := claim(now.Add(3 * time.Second)); err != nil {
		t.Errorf("after the claim has run out: %v", err)
	}
}

func TestFormerHolderSavesNothingButAProfile(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	r := company(t, s)
	a := enter(t, s, r, onboarding.NewAssociate{Details: director("Byron"), Submit: true})
	former := claimStructure(t, s, r, now)
	claimStructure(t, s, r, now.Add(4*time.Second))
	late := a
	late.Status, late.Profile = onboarding.AssociateCreated, "late"
	if _, err := s.SaveAssociate(t.Context(), former, late, now); onboarding.KindOf(err) != onboarding.Conflict || errors.Is(err, onboarding.ErrEdited) {
		t.Errorf("saved by a former holder: %v", err)
	}
	if err := s.SaveStructure(t.Context(), former, time.Time{}, now); onboarding.KindOf(err) != onboarding.Conflict {
		t.Errorf("left by a former holder: %v", err)
	}
	if err := s.ExtendStructure(t.Context(), former, now.Add(time.Hour)); onboarding.KindOf(err) != onboarding.Conflict {
		t.Errorf("prolonged by a former holder: %v", err)
	}
	known, err := s.KnownAssociateProfiles(t.Context(), a.ID)
	if diff := cmp.Diff([]onboarding.ProfileID{"late"}, known); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
}

func TestHolderIsToldOfAnEditMeanwhile(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	r := company(t, s)
	a := enter(t, s, r, onboarding.NewAssociate{Details: director("Byron"), Submit: true})
	st := claimStructure(t, s, r, now)
	addRole(t, s, r, a, onboarding.Details{
		EntityType: onboarding.Individual, GivenNames: []string{"Ada"}, FamilyName: "Byron", Roles: []onboarding.AssociatedRole{onboarding.Partner},
	})
	if _, err := s.SaveAssociate(t.Context(), st, a, now); !errors.Is(err, onboarding.ErrEdited) {
		t.Errorf("answer %v", err)
	}
	edited, err := s.Associate(t.Context(), a.ID)
	if err != nil || len(edited.Details.Roles) != 3 {
		t.Fatalf("roles %v: %v", edited.Details.Roles, err)
	}
	if _, err := s.SaveAssociate(t.Context(), st, edited, now); err != nil {
		t.Errorf("with its new version: %v", err)
	}
	if err := s.SaveStructure(t.Context(), st, now.Add(time.Hour), now); err != nil {
		t.Fatal(err)
	}
	var due time.Time
	if err := pool.QueryRow(t.Context(), "select due_at from structures").Scan(&due); err != nil || !due.Equal(now) {
		t.Errorf("due at %v: %v", due, err)
	}
}

func TestSavedAssociateAndStructureComeBack(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	r := company(t, s)
	a := enter(t, s, r, onboarding.NewAssociate{Details: director("Byron"), Submit: true})
	st := claimStructure(t, s, r, now)
	a.Status, a.Asked, a.UnclearSince, a.StubMayExist, a.Tries = onboarding.AssociateUnclear, true, now.Add(time.Minute), true, 3
	a.Cause, a.DueAt, a.Listed, a.Running = "because", now.Add(time.Hour), true, true
	saved, err := s.SaveAssociate(t.Context(), st, a, now)
	if err != nil {
		t.Fatal(err)
	}
	st.Own, st.Ending, st.Attention, st.Acknowledged, st.ReadAt = trust("Main"), onboarding.EndedRejected, "look", true, now.Add(2*time.Hour)
	st.Own.Roles = nil
	if err := s.SaveStructure(t.Context(), st, now.Add(time.Hour), now); err != nil {
		t.Fatal(err)
	}
	got, err := s.Structure(t.Context(), r.ID)
	if err != nil {
		t.Fatal(err)
	}
	if got.Own.Name != "Main" || got.Ending != onboarding.EndedRejected || got.Attention != "look" || !got.Acknowledged || !got.ReadAt.Equal(st.ReadAt) {
		t.Errorf("structure: %+v", got)
	}
	if diff := cmp.Diff(saved, got.Associates[0]); diff != "" {
		t.Error(diff)
	}
	if due, err := s.DueStructures(t.Context(), now.Add(time.Hour), 10); err != nil || len(due) != 1 {
		t.Errorf("due: %v %v", due, err)
	}
}

func TestDetailsWithoutTheirKeyAreVoid(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	r := company(t, s)
	a := enter(t, s, r, onboarding.NewAssociate{Details: director("Byron"), Submit: true})
	stranger := postgres.New(pool, newKeys(t), postgres.NoJobs)
	got, err := stranger.Associate(t.Context(), a.ID)
	if err != nil || !got.Void || len(got.Details.Roles) != 2 || got.Details.FamilyName != "" {
		t.Errorf("void %v: %v", got.Void, err)
	}
}

func TestNoticedProfileSettlesWhatWasUnclear(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	r := company(t, s)
	a := enter(t, s, r, onboarding.NewAssociate{Details: director("Byron"), Submit: true})
	st := claimStructure(t, s, r, now)
	a.Status, a.Asked, a.UnclearSince, a.DueAt = onboarding.AssociateUnclear, true, now, now.Add(time.Hour)
	a, err := s.SaveAssociate(t.Context(), st, a, now)
	if err != nil {
		t.Fatal(err)
	}
	if orphaned, err := s.NoteAssociateProfile(t.Context(), a.ID, "heard", now); err != nil || orphaned {
		t.Fatalf("orphaned %v: %v", orphaned, err)
	}
	if _, err := s.SaveAssociate(t.Context(), st, a, now); !errors.Is(err, onboarding.ErrEdited) {
		t.Errorf("a look-up that came before still counts: %v", err)
	}
	woken, err := s.Associate(t.Context(), a.ID)
	if err != nil || !woken.DueAt.IsZero() {
		t.Fatalf("due at %v: %v", woken.DueAt, err)
	}
	woken.Status, woken.Profile, woken.UnclearSince, woken.Asked = onboarding.AssociateCreated, "heard", time.Time{}, false
	if _, err := s.SaveAssociate(t.Context(), st, woken, now); err != nil {
		t.Fatal(err)
	}
	if orphaned, err := s.NoteAssociateProfile(t.Context(), a.ID, "another", now); err != nil || !orphaned {
		t.Errorf("orphaned %v: %v", orphaned, err)
	}
	if got, err := s.Associate(t.Context(), a.ID); err != nil || got.Orphans != 1 {
		t.Errorf("%d orphans: %v", got.Orphans, err)
	}
	if _, err := s.KnownAssociateProfiles(t.Context(), onboarding.AssociateID(r.ID)); onboarding.KindOf(err) != onboarding.NotFound {
		t.Errorf("somebody who is no associate: %v", err)
	}
}

func TestNewsOfACompanyOrAnAssociateHaveItRead(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	r := company(t, s)
	a := enter(t, s, r, onboarding.NewAssociate{Details: director("Byron"), Submit: true})
	for n, id := range []onboarding.ProfileID{r.Profile, "of the associate"} {
		at := now.Add(time.Duration(n) * time.Hour)
		st := claimStructure(t, s, r, at)
		a.Status, a.Profile = onboarding.AssociateLinked, "of the associate"
		var err error
		if a, err = s.SaveAssociate(t.Context(), st, a, at); err != nil {
			t.Fatal(err)
		}
		st.ReadAt = at.Add(24 * time.Hour)
		if err := s.SaveStructure(t.Context(), st, st.ReadAt, at); err != nil {
			t.Fatal(err)
		}
		if err := s.ReadStructureOf(t.Context(), id, at.Add(10*time.Second)); err != nil {
			t.Fatal(err)
		}
		if due, err := s.DueStructures(t.Context(), at.Add(11*time.Second), 10); err != nil || len(due) != 1 {
			t.Errorf("after news of %s: %v %v", id, due, err)
		}
		if got, err := s.Structure(t.Context(), r.ID); err != nil || got.ReadAt.Sub(at) < 10*time.Second || got.ReadAt.Sub(at) > 11*time.Second {
			t.Errorf("after news of %s it is read at %v: %v", id, got.ReadAt, err)
		}
	}
}

func TestTakenProfilesOfAssociatesAreThoseOfOthers(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	r := company(t, s)
	a, b := enter(t, s, r, onboarding.NewAssociate{Details: director("Byron")}), enter(t, s, r, onboarding.NewAssociate{Details: director("King")})
	for id, of := range map[onboarding.ProfileID]onboarding.AssociateID{"a": a.ID, "b": b.ID} {
		if _, err := s.NoteAssociateProfile(t.Context(), of, id, now); err != nil {
			t.Fatal(err)
		}
	}
	taken, err := s.TakenByAssociates(t.Context(), a.ID, []onboarding.ProfileID{"a", "b", "c"})
	if diff := cmp.Diff([]onboarding.ProfileID{"b"}, taken); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
}

func TestStructureConstraintsRefuseNonsense(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	r := company(t, s)
	enter(t, s, r, onboarding.NewAssociate{Details: director("Byron"), Submit: true})
	for _, sql := range []string{
		"update associates set status = 'linked'", "update associates set status = 'draft'", "update associates set roles = '{}'",
		"update associates set parent_id = id", "update associates set entity_type = 'DOG'", "update structures set drafts = 5",
		"delete from structures", "update structures set ending = 'perhaps'",
	} {
		if refused(t, pool, sql) == nil {
			t.Errorf("taken: %s", sql)
		}
	}
}

func refused(t *testing.T, pool *pgxpool.Pool, sql string) error {
	t.Helper()
	_, err := pool.Exec(t.Context(), sql)
	return err
}

// Associates take what applicants leave over.
func TestAssociatesLeaveTurnsToApplicants(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	turns := s.Turns(3600)
	spare := postgres.SpareTurns{Profiles: turns, Files: s.Writes(3600)}
	given := 0
	for ; given < 100; given++ {
		wait, err := spare.TakeSpare(t.Context(), now)
		if err != nil {
			t.Fatal(err)
		}
		if wait > 0 {
			break
		}
	}
	if given != postgres.Burst-5 {
		t.Errorf("%d turns were given", given)
	}
	_, a := signIn(t, s, "a@example.com")
	if wait, err := turns.Take(t.Context(), begin(t, s, a), now); err != nil || wait != 0 {
		t.Errorf("an applicant waits %v: %v", wait, err)
	}
	if wait, err := spare.TakeWrite(t.Context(), now); err != nil || wait != 0 {
		t.Errorf("a writing waits %v: %v", wait, err)
	}
}

// What the provider tells while it is read may be missing in what was read.
func TestNewsDuringALookHaveItReadAgainSoon(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	r := company(t, s)
	enter(t, s, r, onboarding.NewAssociate{Details: director("Byron"), Submit: true})
	st := claimStructure(t, s, r, now)
	if err := s.ReadStructureOf(t.Context(), r.Profile, now.Add(10*time.Second)); err != nil {
		t.Fatal(err)
	}
	st.ReadAt = now.Add(24 * time.Hour)
	if err := s.SaveStructure(t.Context(), st, st.ReadAt, now); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Structure(t.Context(), r.ID); err != nil || got.ReadAt.Sub(now) > 11*time.Second {
		t.Errorf("read again after %v: %v", got.ReadAt.Sub(now), err)
	}
}
