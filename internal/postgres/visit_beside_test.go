package postgres_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"portal/internal/identity"
	"portal/internal/onboarding"
)

// What is read beside a visit is the visitor's, whatever is asked for.
func TestWhatIsReadBesideAVisitIsTheVisitors(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	adas, ada := signIn(t, s, "ada@example.com")
	eves, eve := signIn(t, s, "eve@example.com")
	own := completed(t, s, pool, onboarding.ApplicantID(ada))
	begin(t, s, onboarding.ApplicantID(eve))
	for _, c := range []struct {
		who    identity.Token
		of     onboarding.Pick
		behind int
	}{
		{adas, onboarding.Pick{Flows: []string{own.Flow}}, 2},
		{adas, onboarding.Pick{Flows: []string{own.Flow}, ID: own.ID}, 2},
		{adas, onboarding.Pick{Flows: []string{"another"}, ID: own.ID}, 0},
		{adas, onboarding.Pick{Flows: []string{own.Flow}, ID: onboarding.RegistrationID(uuid.New())}, 0},
		{eves, onboarding.Pick{Flows: []string{own.Flow}}, 0},
		{eves, onboarding.Pick{Flows: []string{own.Flow}, ID: own.ID}, 0},
	} {
		_, begun, st, err := s.VisitCompany(t.Context(), visitor(c.who, now), c.of)
		meant, _ := c.of.From(begun)
		if err != nil || len(st.Associates) != c.behind || st.Registration != meant.ID {
			t.Errorf("%+v: %d behind %s, want %d, %v", c.of, len(st.Associates), st.Registration, c.behind, err)
		}
		_, _, list, err := s.VisitDocuments(t.Context(), visitor(c.who, now), c.of)
		if err != nil || len(list) != c.behind/2 {
			t.Errorf("%+v: %d documents, %v", c.of, len(list), err)
		}
	}
}

func TestNothingIsReadBesideAVisitOfNobody(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	session, ada := signIn(t, s, "ada@example.com")
	of := onboarding.Pick{Flows: []string{completed(t, s, pool, onboarding.ApplicantID(ada)).Flow}}
	late := visitor(session, now.Add(limits.Idle))
	_, _, st, company := s.VisitCompany(t.Context(), late, of)
	_, _, list, documents := s.VisitDocuments(t.Context(), late, of)
	_, _, sessions, signedIn := s.VisitSessions(t.Context(), late)
	for _, err := range []error{company, documents, signedIn} {
		if !errors.Is(err, identity.ErrNobody) {
			t.Errorf("after the idle limit: %v", err)
		}
	}
	if len(st.Associates)+len(list)+len(sessions) > 0 {
		t.Errorf("%d behind, %d documents, %d sessions", len(st.Associates), len(list), len(sessions))
	}
}

func TestWhatIsReadBesideAVisitIsASignOfLifeUnlessUnattended(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	session, _ := signIn(t, s, "ada@example.com")
	for _, look := range []bool{true, false} {
		v := visitor(session, now.Add(2*time.Minute))
		v.Unattended = look
		who, _, _, err := s.VisitSessions(t.Context(), v)
		if err != nil || who.SeenAt.Equal(now) != look {
			t.Errorf("unattended: %t, seen at %s, %v", look, who.SeenAt, err)
		}
	}
}
