package postgres_test

import (
	"errors"
	"testing"
	"time"

	"portal/internal/identity"
)

// visitor is who asks with a session.
func visitor(session identity.Token, at time.Time) identity.Visitor {
	return identity.Visitor{Session: session, Limits: limits, At: at}
}

func TestLookIsNoSignOfLife(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	session, _ := signIn(t, s, "a@example.com")
	for _, after := range []time.Duration{time.Minute, limits.Idle / 2, limits.Idle - time.Second} {
		who, _, err := s.Look(t.Context(), session, limits, now.Add(after))
		if err != nil || who.Email != "a@example.com" || !who.SeenAt.Equal(now) {
			t.Errorf("after %s: seen at %s, %v; want %s", after, who.SeenAt, err, now)
		}
	}
	if _, _, err := s.Look(t.Context(), session, limits, now.Add(limits.Idle)); !errors.Is(err, identity.ErrNobody) {
		t.Errorf("after the idle limit: %v", err)
	}
}

func TestVisitIsASignOfLifeOnceAMinute(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	session, _ := signIn(t, s, "a@example.com")
	for _, visit := range []struct{ after, seen time.Duration }{{30 * time.Second, 0}, {90 * time.Second, 90 * time.Second}, {2 * time.Minute, 90 * time.Second}} {
		at, want := now.Add(visit.after), now.Add(visit.seen)
		who, _, err := s.Visit(t.Context(), session, limits, at)
		if err != nil {
			t.Fatal(err)
		}
		looked, _, err := s.Look(t.Context(), session, limits, at)
		if err != nil || !who.SeenAt.Equal(want) || !looked.SeenAt.Equal(want) {
			t.Errorf("after %s: told %s, kept %s, %v; want %s", visit.after, who.SeenAt, looked.SeenAt, err, want)
		}
	}
}
