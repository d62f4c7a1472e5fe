package postgres_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgxpool"

	"portal/internal/onboarding"
	"portal/internal/postgres"
)

// having saves the registration with a profile.
func having(t *testing.T, s *postgres.Store, r onboarding.Registration, id onboarding.ProfileID) onboarding.Registration {
	t.Helper()
	r.Profile = id
	r, err := s.Save(t.Context(), r, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// note records a profile and says whether that made it an orphan.
func note(t *testing.T, s *postgres.Store, r onboarding.Registration, id onboarding.ProfileID, at time.Time) bool {
	t.Helper()
	orphaned, err := s.NoteProfile(t.Context(), r.ID, id, "webhook", at)
	if err != nil {
		t.Fatal(err)
	}
	return orphaned
}

// wantKnown compares what is known of the registration's profiles, in the order of their ids.
func wantKnown(t *testing.T, s *postgres.Store, r onboarding.Registration, want ...onboarding.KnownProfile) {
	t.Helper()
	got, err := s.KnownProfiles(t.Context(), r.ID)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, cmp.Comparer(time.Time.Equal)); diff != "" {
		t.Errorf("known profiles (-want +got):\n%s", diff)
	}
}

func TestALateAnswersProfileIsKept(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	_, a := signIn(t, s, "a@example.com")
	late := begin(t, s, a)
	if _, err := s.Claim(t.Context(), late.ID, now, now.Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	late.Profile = "late"
	if _, err := s.Save(t.Context(), late, time.Time{}); onboarding.KindOf(err) != onboarding.Conflict {
		t.Fatalf("saved over a claim: %v", err)
	}
	wantKnown(t, s, late, onboarding.KnownProfile{ID: "late", Source: "portal", SeenAt: now})
	if r, err := s.Registration(t.Context(), late.ID); err != nil || r.Profile != "" {
		t.Errorf("a former holder gave the registration profile %q, %v", r.Profile, err)
	}
}

func TestALateAnswerAfterAnotherProfileIsAnOrphan(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	_, a := signIn(t, s, "a@example.com")
	late := begin(t, s, a)
	having(t, s, late, "first")
	late.Profile = "second"
	if _, err := s.Save(t.Context(), late, time.Time{}); onboarding.KindOf(err) != onboarding.Conflict {
		t.Fatalf("saved by a former holder: %v", err)
	}
	wantKnown(t, s, late, onboarding.KnownProfile{ID: "first", Source: "portal", SeenAt: now},
		onboarding.KnownProfile{ID: "second", Source: "portal", SeenAt: now, Orphaned: true})
}

func TestAnOrphanIsMarkedWhicheverIsKnownFirst(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	_, a := signIn(t, s, "a@example.com")
	r := begin(t, s, a)
	if note(t, s, r, "heard of before", now) {
		t.Error("an orphan of a registration that has no profile")
	}
	r = having(t, s, r, "own")
	if !note(t, s, r, "stranger", now) {
		t.Error("no orphan, though the registration has another profile")
	}
	if note(t, s, r, "own", now) || note(t, s, r, "stranger", now.Add(time.Hour)) {
		t.Error("said to be an orphan from now on: the registration's own, or one that has been for long")
	}
	wantKnown(t, s, r, onboarding.KnownProfile{ID: "heard of before", Source: "webhook", SeenAt: now, Orphaned: true},
		onboarding.KnownProfile{ID: "own", Source: "portal", SeenAt: now},
		onboarding.KnownProfile{ID: "stranger", Source: "webhook", SeenAt: now, Orphaned: true})
}

func TestAcknowledgingIsOfTheOrphansThatThereAre(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	_, a := signIn(t, s, "a@example.com")
	r := having(t, s, begin(t, s, a), "own")
	note(t, s, r, "seen", now)
	if err := s.Acknowledge(t.Context(), r.ID, now); err != nil {
		t.Fatal(err)
	}
	note(t, s, r, "unseen", now)
	wantKnown(t, s, r, onboarding.KnownProfile{ID: "own", Source: "portal", SeenAt: now},
		onboarding.KnownProfile{ID: "seen", Source: "webhook", SeenAt: now, Orphaned: true, Acknowledged: true},
		onboarding.KnownProfile{ID: "unseen", Source: "webhook", SeenAt: now, Orphaned: true})
}

func TestAnOrphanThatIsAdoptedIsNoneAnyMore(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	_, a := signIn(t, s, "a@example.com")
	r := having(t, s, begin(t, s, a), "first")
	note(t, s, r, "second", now)
	r = having(t, s, r, "second")
	wantKnown(t, s, r, onboarding.KnownProfile{ID: "first", Source: "portal", SeenAt: now, Orphaned: true},
		onboarding.KnownProfile{ID: "second", Source: "webhook", SeenAt: now})
}

func TestAProfileHeardOfWakesWhoLooksForIt(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	_, a := signIn(t, s, "a@example.com")
	r := begin(t, s, a)
	r.DueAt = now.Add(time.Hour)
	r, err := s.Save(t.Context(), r, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	note(t, s, r, "heard of", now)
	if due := dueAt(t, pool); !due.Equal(now) {
		t.Errorf("due at %s, want at once", due)
	}
	r = having(t, s, r, "heard of")
	note(t, s, r, "another", now)
	if due := dueAt(t, pool); !due.Equal(now.Add(time.Hour)) {
		t.Errorf("one that has its profile is due at %s", due)
	}
}

func TestAProfileTellsItsRegistration(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	_, a := signIn(t, s, "a@example.com")
	want := opened(t, s, begin(t, s, a))
	note(t, s, want, "orphan", now)
	if got, err := s.OfProfile(t.Context(), want.Profile); err != nil || got.ID != want.ID || got.Request.Key != want.Request.Key {
		t.Errorf("got %s, %v", got.ID, err)
	}
	if _, err := s.OfProfile(t.Context(), "orphan"); onboarding.KindOf(err) != onboarding.NotFound {
		t.Errorf("whose an orphan is: %v", err)
	}
}

func dueAt(t *testing.T, pool *pgxpool.Pool) (due time.Time) {
	t.Helper()
	if err := pool.QueryRow(t.Context(), "select due_at from registrations").Scan(&due); err != nil {
		t.Fatal(err)
	}
	return due
}

func TestANoteMakesTheLookUpUnderWayOutOfDate(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	_, a := signIn(t, s, "a@example.com")
	r := begin(t, s, a)
	note(t, s, r, "while asking", now) // the answer of the call under way is still good
	r.Status, r.UnclearSince = onboarding.Unclear, now
	r, err := s.Save(t.Context(), r, time.Time{})
	if err != nil {
		t.Fatalf("a note while the provider is asked: %v", err)
	}
	note(t, s, r, "while looking", now)
	if _, err := s.Save(t.Context(), r, time.Time{}); onboarding.KindOf(err) != onboarding.Conflict {
		t.Errorf("what a look-up found before a webhook told of the profile is stored: %v", err)
	}
}

func TestProfilesOfOthersAndThoseGivenUpAreTaken(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	_, a := signIn(t, s, "a@example.com")
	_, b := signIn(t, s, "b@example.com")
	mine, other := having(t, s, begin(t, s, a), "mine"), having(t, s, begin(t, s, b), "other")
	if err := s.GiveUp(t.Context(), mine.ID, "mine", now); err != nil {
		t.Fatal(err)
	}
	if err := s.GiveUp(t.Context(), mine.ID, "older", now); err != nil { // of a release that kept no profiles
		t.Fatal(err)
	}
	all := []onboarding.ProfileID{"mine", "older", "other", "strange"}
	for r, want := range map[onboarding.RegistrationID][]onboarding.ProfileID{
		mine.ID: {"mine", "older", "other"}, other.ID: {"mine", "older"},
	} {
		got, err := s.Taken(t.Context(), r, all)
		slices.Sort(got)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
	}
	wantKnown(t, s, mine,
		onboarding.KnownProfile{ID: "mine", Source: "portal", SeenAt: now, Orphaned: true, Acknowledged: true, GivenUp: true},
		onboarding.KnownProfile{ID: "older", Source: "portal", SeenAt: now, Orphaned: true, Acknowledged: true, GivenUp: true})
}
