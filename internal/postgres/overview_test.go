package postgres_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgxpool"

	"portal/internal/onboarding"
	"portal/internal/postgres"
)

// attentive is a registration that has needed attention since a while.
func attentive(t *testing.T, s *postgres.Store, name string, since time.Time) onboarding.Registration {
	t.Helper()
	r := begin(t, s, applicant(t, s, name))
	r.Cause = "nobody knows"
	return changed(t, s, r, onboarding.NeedsAttention, since)
}

// keyless is a store as those have it who only look.
func keyless(pool *pgxpool.Pool) *postgres.Store { return postgres.New(pool, nil, postgres.NoJobs) }

func idsOf(list []postgres.Listed) []onboarding.RegistrationID {
	var ids []onboarding.RegistrationID
	for _, r := range list {
		ids = append(ids, r.ID)
	}
	return ids
}

func TestWhatAPersonShouldSeeIsListedUntilTheyHave(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	looking := keyless(pool)
	since := now.Add(time.Minute)
	attention := attentive(t, s, "attention", since)
	stub := begin(t, s, applicant(t, s, "stub"))
	stub.StubMayExist = true
	stub = opened(t, s, stub)
	orphan := opened(t, s, begin(t, s, applicant(t, s, "orphan")))
	note(t, s, orphan, "orphan one", now)
	note(t, s, orphan, "orphan two", now)
	opened(t, s, begin(t, s, applicant(t, s, "calm")))

	list, err := looking.ToSee(t.Context(), 10)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]onboarding.RegistrationID{attention.ID, stub.ID, orphan.ID}, idsOf(list)); diff != "" {
		t.Fatalf("to see (-want +got):\n%s", diff)
	}
	if !list[0].Since.Equal(since) || list[0].Cause != "nobody knows" || !list[1].Since.Equal(now) || list[2].Orphans != 2 {
		t.Errorf("listed as %+v", list)
	}
	stub.Acknowledged = true
	if _, err := s.Save(t.Context(), stub, time.Time{}); err != nil {
		t.Fatal(err)
	}
	if err := s.Acknowledge(t.Context(), orphan.ID, now); err != nil {
		t.Fatal(err)
	}
	list, err = looking.ToSee(t.Context(), 10)
	if diff := cmp.Diff([]onboarding.RegistrationID{attention.ID}, idsOf(list)); err != nil || diff != "" {
		t.Errorf("%v; once acknowledged (-want +got):\n%s", err, diff)
	}
}

func TestRegistrationsAreListedByStatusTheOldestFirst(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	var want []onboarding.RegistrationID
	for _, name := range []string{"a", "b", "c"} {
		want = append(want, opened(t, s, begin(t, s, applicant(t, s, name))).ID)
	}
	begin(t, s, applicant(t, s, "another"))
	for most := 1; most <= 3; most++ {
		list, err := keyless(pool).OfStatus(t.Context(), onboarding.Open, most)
		if diff := cmp.Diff(want[:most], idsOf(list)); err != nil || diff != "" {
			t.Errorf("%v; at most %d (-want +got):\n%s", err, most, diff)
		}
	}
}

func TestADossierHoldsEverythingButKeys(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	r := opened(t, s, begin(t, s, applicant(t, s, "a")))
	first := r.Request.ID
	r = opened(t, s, r)
	note(t, s, r, "orphan", now)
	r = changed(t, s, r, onboarding.Superseded, now.Add(time.Minute))
	d, err := keyless(pool).Dossier(t.Context(), r.ID)
	if err != nil {
		t.Fatal(err)
	}
	if d.Registration.Status != onboarding.Superseded || d.Registration.Request.Key != "" {
		t.Errorf("registration %+v", d.Registration)
	}
	if len(d.Requests) != 2 || len(d.Profiles) != 2 || !d.Requests[0].KeyStored || d.Requests[0].ID != first && d.Requests[1].ID != first {
		t.Errorf("requests %+v, profiles %+v", d.Requests, d.Profiles)
	}
	if len(d.Trail) != 2 || d.Trail[1].To != onboarding.Superseded || d.Trail[1].Evidence != "a <read>" {
		t.Errorf("trail %+v", d.Trail)
	}
	if _, err := s.Dossier(t.Context(), onboarding.RegistrationID{1}); onboarding.KindOf(err) != onboarding.NotFound {
		t.Errorf("of a registration that is not there: %v", err)
	}
	who, err := s.Identities(t.Context(), r.Applicant)
	if diff := cmp.Diff([]postgres.Identity{{Issuer: "email", Subject: "a@applicants.example.com"}}, who); err != nil || diff != "" {
		t.Errorf("%v; identities (-want +got):\n%s", err, diff)
	}
}

func TestWhatShouldNotLastIsCounted(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	if got, err := keyless(pool).Standing(t.Context()); err != nil || got != (onboarding.Standing{}) {
		t.Errorf("of nothing: %+v, %v", got, err)
	}
	attentive(t, s, "attention", now)
	waiting := begin(t, s, applicant(t, s, "waiting"))
	waiting.Waiting, waiting.DueAt = true, now.Add(-time.Hour)
	unclear := begin(t, s, applicant(t, s, "unclear"))
	unclear.Status, unclear.UnclearSince, unclear.StubMayExist = onboarding.Unclear, now, true
	for _, r := range []onboarding.Registration{waiting, unclear} {
		if _, err := s.Save(t.Context(), r, time.Time{}); err != nil {
			t.Fatal(err)
		}
	}
	note(t, s, opened(t, s, begin(t, s, applicant(t, s, "orphan"))), "orphan", now)
	want := onboarding.Standing{
		Starting: 1, Unclear: 1, NeedsAttention: 1, StubMayExist: 1, Waiting: 1, Orphans: 1, OldestDue: now.Add(-time.Hour),
	}
	got, err := s.Standing(t.Context())
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	counts, err := s.CountByStatus(t.Context())
	byStatus := map[onboarding.Status]int{onboarding.NeedsAttention: 1, onboarding.Starting: 1, onboarding.Unclear: 1, onboarding.Open: 1}
	if diff := cmp.Diff(byStatus, counts); err != nil || diff != "" {
		t.Errorf("%v; by status (-want +got):\n%s", err, diff)
	}
}
