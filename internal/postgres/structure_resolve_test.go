package postgres_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"portal/internal/onboarding"
	"portal/internal/postgres"
)

// submittedOne is an associate who was submitted, as it became by the given changes.
func submittedOne(change func(*onboarding.Associate)) onboarding.Associate {
	a := onboarding.Associate{
		ID: onboarding.AssociateID(uuid.Must(uuid.NewV7())), Status: onboarding.AssociateStarting, Source: onboarding.SourceApplicant,
		Details:   onboarding.Details{EntityType: onboarding.Individual, Roles: []onboarding.AssociatedRole{onboarding.Director}, FamilyName: "Lovelace"},
		CreatedAt: now, SubmittedAt: now,
	}
	change(&a)
	return a
}

// refusedOne is an associate that the provider does not take, tried again in an hour.
func refusedOne() onboarding.Associate {
	return submittedOne(func(a *onboarding.Associate) {
		a.Status, a.Cause, a.Tries, a.DueAt = onboarding.AssociateAttention, "the provider refuses the profile", 3, now.Add(time.Hour)
	})
}

// undecidedOne is an associate of whom nobody knows whether there is a profile.
func undecidedOne() onboarding.Associate {
	return submittedOne(func(a *onboarding.Associate) {
		a.Status, a.Cause, a.Tries, a.Asked, a.UnclearSince = onboarding.AssociateAttention, "a profile may have been created", 1, true, now
	})
}

// placedOne is an associate with a profile.
func placedOne(status onboarding.AssociateStatus) onboarding.Associate {
	return submittedOne(func(a *onboarding.Associate) {
		a.Status, a.Profile = status, onboarding.ProfileID("profile of "+a.ID.String())
	})
}

// behindNew has the associates stand behind the company of a new registration.
func behindNew(t *testing.T, s *postgres.Store, all ...onboarding.Associate) onboarding.Registration {
	t.Helper()
	r := opened(t, s, begin(t, s, applicant(t, s, uuid.NewString())))
	err := s.Edit(t.Context(), r.ID, func(onboarding.Structure) (onboarding.Edit, error) {
		return onboarding.Edit{Put: all, DueAt: now}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// tell has something be told of those behind a registration's company.
func tell(t *testing.T, pool *pgxpool.Pool, r onboarding.Registration, attention string) {
	t.Helper()
	exec(t, pool, "update structures set attention = $2 where registration_id = $1", uuid.UUID(r.ID), attention)
}

func TestRetriedAssociatesBeginWhereTheyCan(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	refused, undecided := refusedOne(), undecidedOne()
	removed, linked := placedOne(onboarding.AssociateRemoved), placedOne(onboarding.AssociateLinked)
	r := behindNew(t, s, refused, undecided, removed, linked)
	at := now.Add(time.Minute)
	n, err := keyless(pool).RetryAssociates(t.Context(), r.ID, at)
	if err != nil || n != 3 {
		t.Fatalf("%d are tried again, %v", n, err)
	}
	st, err := s.Structure(t.Context(), r.ID)
	if err != nil {
		t.Fatal(err)
	}
	type way struct {
		Status       onboarding.AssociateStatus
		Asked, Stub  bool
		UnclearSince time.Time
	}
	var got []way
	for _, a := range st.Associates {
		if a.Void || a.Details.FamilyName != "Lovelace" {
			t.Errorf("what was entered of %s is lost", a.ID)
		}
		if a.ID != linked.ID && (a.Cause != "" || a.Tries != 0 || !a.DueAt.IsZero() || a.Version != 2) {
			t.Errorf("%+v has traces of what was before", a)
		}
		got = append(got, way{a.Status, a.Asked, a.StubMayExist, a.UnclearSince})
	}
	want := []way{
		{Status: onboarding.AssociateStarting},
		{Status: onboarding.AssociateStarting, Stub: true},
		{Status: onboarding.AssociateCreated},
		{Status: onboarding.AssociateLinked},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	due, err := s.DueStructures(t.Context(), at, 10)
	if err != nil || len(due) != 1 || !st.ReadAt.Equal(at) {
		t.Errorf("due: %v, %v, and read at %s", due, err, st.ReadAt)
	}
}

func TestARetryOfNobodyChangesNothing(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	r := behindNew(t, s, placedOne(onboarding.AssociateLinked))
	tell(t, pool, r, "something")
	if err := s.AcknowledgeStructure(t.Context(), r.ID, now); err != nil {
		t.Fatal(err)
	}
	before, err := s.Structure(t.Context(), r.ID)
	if err != nil {
		t.Fatal(err)
	}
	none := opened(t, s, begin(t, s, applicant(t, s, "none")))
	for _, id := range []onboarding.RegistrationID{r.ID, none.ID} {
		if n, err := s.RetryAssociates(t.Context(), id, now); n != 0 || err != nil {
			t.Errorf("%d tried again, %v", n, err)
		}
	}
	after, err := s.Structure(t.Context(), r.ID)
	if diff := cmp.Diff(before, after); err != nil || diff != "" {
		t.Errorf("%v (-before +after):\n%s", err, diff)
	}
}

func TestWhatIsToldOfAssociatesIsAcknowledgedUntilTheyAreTriedAgain(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	r := behindNew(t, s, refusedOne())
	tell(t, pool, r, "associates are refused")
	acknowledged := func() bool {
		st, err := s.Structure(t.Context(), r.ID)
		if err != nil {
			t.Fatal(err)
		}
		return st.Acknowledged
	}
	if err := keyless(pool).AcknowledgeStructure(t.Context(), r.ID, now); err != nil || !acknowledged() {
		t.Errorf("acknowledged: %t, %v", acknowledged(), err)
	}
	if _, err := s.RetryAssociates(t.Context(), r.ID, now); err != nil || acknowledged() {
		t.Errorf("tried again, still acknowledged: %t, %v", acknowledged(), err)
	}
}

func TestAStructureUnderWorkIsLeftToWhoHasIt(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	r := behindNew(t, s, refusedOne(), placedOne(onboarding.AssociateRemoved))
	tell(t, pool, r, "associates are refused")
	until := now.Add(time.Minute)
	if _, _, err := s.ClaimStructure(t.Context(), r.ID, now, until); err != nil {
		t.Fatal(err)
	}
	before, err := s.Structure(t.Context(), r.ID)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := s.RetryAssociates(t.Context(), r.ID, now); n != 0 || onboarding.KindOf(err) != onboarding.Conflict {
		t.Errorf("tried again beside them: %d, %v", n, err)
	}
	if err := s.AcknowledgeStructure(t.Context(), r.ID, now); onboarding.KindOf(err) != onboarding.Conflict {
		t.Errorf("acknowledged beside them: %v", err)
	}
	after, err := s.Structure(t.Context(), r.ID)
	if diff := cmp.Diff(before, after); err != nil || diff != "" {
		t.Errorf("%v (-before +after):\n%s", err, diff)
	}
	if n, err := s.RetryAssociates(t.Context(), r.ID, until); n != 2 || err != nil {
		t.Errorf("once the claim is over: %d, %v", n, err)
	}
}
