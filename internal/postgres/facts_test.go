package postgres_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgxpool"

	"portal/internal/onboarding"
	"portal/internal/postgres"
)

var knownFacts = onboarding.Facts{GivenNames: []string{"Zoë"}, FamilyName: "Zimmer", Email: "zoe@zimmer.example"}

// beginKnown begins a registration with facts.
func beginKnown(t *testing.T, s *postgres.Store) onboarding.Registration {
	t.Helper()
	_, a := signIn(t, s, "a@example.com")
	wanted := intent(a)
	wanted.Facts = knownFacts
	r, err := s.Begin(t.Context(), wanted)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func claimed(t *testing.T, s *postgres.Store, id onboarding.RegistrationID) onboarding.Registration {
	t.Helper()
	r, err := s.Claim(t.Context(), id, now, now)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func saved(t *testing.T, s *postgres.Store, r onboarding.Registration) onboarding.Registration {
	t.Helper()
	r, err := s.Save(t.Context(), r, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func wantFacts(t *testing.T, what string, r onboarding.Registration, want onboarding.Facts, void bool) {
	t.Helper()
	if diff := cmp.Diff(want, r.Facts); diff != "" || r.FactsVoid != void {
		t.Errorf("%s: void %t, want %t; facts (-want +got):\n%s", what, r.FactsVoid, void, diff)
	}
}

func wantKept(t *testing.T, pool *pgxpool.Pool, want int) {
	t.Helper()
	if n := count(t, pool, "registration_facts"); n != want {
		t.Errorf("facts of %d registrations are kept, want %d", n, want)
	}
}

func TestOnlyAClaimComesWithTheFacts(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	r := beginKnown(t, s)
	wantFacts(t, "begun", r, onboarding.Facts{}, false)
	read, err := s.Registration(t.Context(), r.ID)
	if err != nil {
		t.Fatal(err)
	}
	wantFacts(t, "read", read, onboarding.Facts{}, false)
	wantFacts(t, "claimed", claimed(t, s, r.ID), knownFacts, false)
	wantFacts(t, "claimed again", claimed(t, s, r.ID), knownFacts, false)
}

func TestARegistrationKeepsTheFactsItBeganWith(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	r := beginKnown(t, s)
	again := intent(r.Applicant)
	again.Facts = onboarding.Facts{FamilyName: "Other"}
	if _, err := s.Begin(t.Context(), again); err != nil {
		t.Fatal(err)
	}
	wantFacts(t, "claimed", claimed(t, s, r.ID), knownFacts, false)
	wantKept(t, pool, 1)
}

func TestFactsAreKeptUntilThereIsAProfile(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	r := claimed(t, s, beginKnown(t, s).ID)
	r.Status, r.Ask, r.UnclearSince = onboarding.Unclear, onboarding.AskProfile, now
	r = saved(t, s, r)
	wantFacts(t, "saved", r, knownFacts, false)
	wantKept(t, pool, 1)
	r.Status = onboarding.NeedsAttention
	r.DueAt = time.Time{}
	r = saved(t, s, r)
	wantKept(t, pool, 1)
	stale := r
	stale.Version--
	stale.Profile = "profile-of-a-lost-claim"
	if _, err := s.Save(t.Context(), stale, time.Time{}); onboarding.KindOf(err) != onboarding.Conflict {
		t.Fatal(err)
	}
	wantKept(t, pool, 1)
	r.Status, r.Ask, r.UnclearSince, r.Profile = onboarding.Starting, "", time.Time{}, "profile"
	saved(t, s, r)
	wantKept(t, pool, 0)
}

func TestFactsLieSealedAndBoundToTheirRegistration(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	r := beginKnown(t, s)
	var sealed []byte
	if err := pool.QueryRow(t.Context(), "select sealed from registration_facts").Scan(&sealed); err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(sealed, []byte("Zimmer")) {
		t.Error("they lie open")
	}
	_, b := signIn(t, s, "b@example.com")
	other := begin(t, s, b)
	if _, err := pool.Exec(t.Context(), "update registration_facts set registration_id = $1", other.ID.String()); err != nil {
		t.Fatal(err)
	}
	wantFacts(t, "another's", claimed(t, s, other.ID), onboarding.Facts{}, true)
	wantFacts(t, "its own", claimed(t, s, r.ID), onboarding.Facts{}, false)
}

func TestFactsThatCannotBeReadGoWithTheNextSave(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	r := beginKnown(t, s)
	stranger := postgres.New(pool, newKeys(t), postgres.NoJobs)
	r = claimed(t, stranger, r.ID)
	wantFacts(t, "of another keyset", r, onboarding.Facts{}, true)
	wantFacts(t, "saved", saved(t, stranger, r), onboarding.Facts{}, false)
	wantKept(t, pool, 0)
	wantFacts(t, "claimed", claimed(t, s, r.ID), onboarding.Facts{}, false)
}

func TestNoFactsAreNoRow(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	_, a := signIn(t, s, "a@example.com")
	r := begin(t, s, a)
	wantKept(t, pool, 0)
	wantFacts(t, "claimed", claimed(t, s, r.ID), onboarding.Facts{}, false)
}
