package identity_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"portal/internal/identity"
)

func TestSessionEndsAtTheEarlierOfItsLimits(t *testing.T) {
	t.Parallel()
	limits := identity.Limits{Idle: time.Hour, Absolute: 12 * time.Hour}
	begun := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct{ seen, ends time.Duration }{
		"at sign-in":      {0, time.Hour},
		"in the middle":   {5 * time.Hour, 6 * time.Hour},
		"an hour before":  {11 * time.Hour, 12 * time.Hour},
		"in its last":     {11*time.Hour + 30*time.Minute, 12 * time.Hour},
		"long after that": {20 * time.Hour, 12 * time.Hour},
	} {
		s := identity.Session{CreatedAt: begun, SeenAt: begun.Add(c.seen)}
		if got := s.EndsAt(limits); !got.Equal(begun.Add(c.ends)) || got.After(s.LastsUntil(limits)) {
			t.Errorf("%s: ends after %s, want %s", name, got.Sub(begun), c.ends)
		}
	}
}

// The name of a session is shown in pages, so it must neither be its token nor lead to it.
func TestSessionIsNamedWithoutItsToken(t *testing.T) {
	t.Parallel()
	a, b := identity.NewToken(), identity.NewToken()
	id := identity.SessionIDOf(a.Hash())
	if id != identity.SessionIDOf(a.Hash()) || id == identity.SessionIDOf(b.Hash()) || len(id) != 16 {
		t.Errorf("%s and %s", id, identity.SessionIDOf(b.Hash()))
	}
	if strings.Contains(string(a.Hash()), string(id)) || strings.Contains(a.Reveal(), string(id)) {
		t.Error("it is a part of the token")
	}
}

// rooms are sessions that write down what is asked of them.
type rooms struct {
	asked string
	at    time.Time
}

func (r *rooms) note(what string, at time.Time) { r.asked, r.at = r.asked+what+" ", at }

func (r *rooms) EndSession(_ context.Context, t identity.Token, now time.Time) (identity.Session, error) {
	r.note("end "+t.Reveal(), now)
	return identity.Session{}, identity.ErrNobody
}

func (r *rooms) EndOwn(_ context.Context, _ identity.ApplicantID, id identity.SessionID, now time.Time) error {
	r.note("own "+string(id), now)
	return nil
}

func (r *rooms) EndOthers(_ context.Context, _ identity.ApplicantID, but identity.Token, now time.Time) error {
	r.note("but "+but.Reveal(), now)
	return nil
}

func TestSessionsAreEndedAsOfNow(t *testing.T) {
	t.Parallel()
	d, r := newDesk(), &rooms{}
	d.Sessions = r
	_, gone := d.SignOut(t.Context(), "a")
	own, others := d.EndOwn(t.Context(), identity.ApplicantID{}, "b"), d.EndOthers(t.Context(), identity.ApplicantID{}, "c")
	if gone != identity.ErrNobody || own != nil || others != nil {
		t.Errorf("%v, %v, %v", gone, own, others)
	}
	if r.asked != "end a own b but c " || !r.at.Equal(d.now) {
		t.Errorf("asked %sat %s", r.asked, r.at)
	}
}
