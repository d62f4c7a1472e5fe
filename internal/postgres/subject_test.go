package postgres_test

import (
	"testing"
	"time"

	"portal/internal/identity"
	"portal/internal/onboarding"
)

func TestOfSubjectTellsWhatThatSubjectHasBegun(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	link := identity.Person{Issuer: identity.LinkIssuer, Subject: "customer 7"}
	a := onboarding.ApplicantID(open(t, s, link, opening()).Applicant)
	if begun, err := s.OfSubject(t.Context(), identity.LinkIssuer, link.Subject, onboarding.Sought{}); err != nil || len(begun) != 0 {
		t.Errorf("before anything has begun: %v, %v", begun, err)
	}
	_, eve := signIn(t, s, "eve@example.com")
	begin(t, s, eve)
	first := opened(t, s, begin(t, s, a))
	second := intent(a)
	second.Flow, second.TouchedAt = "company", now.Add(time.Minute)
	second, err := s.Begin(t.Context(), second)
	if err != nil {
		t.Fatal(err)
	}
	begun, err := s.OfSubject(t.Context(), identity.LinkIssuer, link.Subject, onboarding.Sought{})
	if err != nil || len(begun) != 2 || begun[0].ID != second.ID || begun[1].ID != first.ID {
		t.Fatalf("%v, %v", begun, err)
	}
	if begun[1].Request == nil || begun[1].Request.ID != first.Request.ID || begun[1].Request.Key != "" {
		t.Errorf("its request %+v", begun[1].Request)
	}
	for want, of := range map[onboarding.RegistrationID]onboarding.Sought{
		first.ID: {Flow: &first.Flow}, second.ID: {Flow: &second.Flow, Case: new(string)},
	} {
		if begun, err := s.OfSubject(t.Context(), identity.LinkIssuer, link.Subject, of); err != nil || len(begun) != 1 || begun[0].ID != want {
			t.Errorf("of one flow: %v, %v", begun, err)
		}
	}
	other := "another"
	if begun, err := s.OfSubject(t.Context(), identity.LinkIssuer, link.Subject, onboarding.Sought{Case: &other}); err != nil || len(begun) != 0 {
		t.Errorf("of a case that is not there: %v, %v", begun, err)
	}
}

func TestOfSubjectKnowsNobodyByAnotherIssuersName(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	signIn(t, s, "ada@example.com")
	for issuer, subject := range map[string]identity.Subject{identity.LinkIssuer: "ada@example.com", identity.EmailIssuer: "eve@example.com"} {
		if _, err := s.OfSubject(t.Context(), issuer, subject, onboarding.Sought{}); onboarding.KindOf(err) != onboarding.NotFound {
			t.Errorf("%s of %s: %v", subject.Reveal(), issuer, err)
		}
	}
}

func TestOfIDTellsTheRegistrationAndWhomTheCompanyKnows(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	for want, identities := range map[string][]string{
		"link 1":               {"link ada@example.com", "https://id.example x", "link 1"},
		"https://id.example y": {"email a@example.com", "https://id.example a@example.com", "https://id.example y"},
		" ":                    {"email b@example.com"},
	} {
		id := onboarding.RegistrationID(registered(t, pool, person(t, pool, identities...), ""))
		r, issuer, subject, err := s.OfID(t.Context(), id)
		if err != nil || r.ID != id || issuer+" "+subject.Reveal() != want {
			t.Errorf("%s of %q %q, %v; want %q", r.ID, issuer, subject.Reveal(), err, want)
		}
		if n := counted(t, pool, "select count(*) from notices where coalesce(issuer, '') || ' ' || coalesce(subject, '') = '"+want+"'"); n != 1 {
			t.Errorf("%d notices tell of %q", n, want)
		}
	}
	if _, _, _, err := s.OfID(t.Context(), onboarding.RegistrationID{}); onboarding.KindOf(err) != onboarding.NotFound {
		t.Errorf("of none: %v", err)
	}
}
