package web

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"time"

	"portal/internal/identity"
	"portal/internal/onboarding"
	"portal/templates"
)

// visit is who asks, and what they have begun in flows that the company still has, the last touched first.
type visit struct {
	identity.Session
	token identity.Token
	begun []onboarding.Registration
	given given
}

// given is what was given for a registration as far as it was read with the visit; zero where it was not.
type given struct {
	of        onboarding.RegistrationID
	documents []onboarding.Document
}

// visit reads who asks; identity.ErrNobody where nobody is signed in. That is a sign of life unless the page came back by
// itself: see [Server.showSessionEnd].
func (s *Server) visit(r *http.Request) (visit, error) {
	if !attended(r) {
		return s.look(r)
	}
	return s.visitOf(r.Context(), s.token(r, s.Applicants.Sessions))
}

// isIn says whether somebody is signed in.
func (s *Server) isIn(r *http.Request) bool {
	_, err := s.visit(r)
	return err == nil
}

// look reads who asks and leaves no trace of it.
func (s *Server) look(r *http.Request) (visit, error) {
	return s.visitBy(r.Context(), s.Applicants.Visits.Look, s.token(r, s.Applicants.Sessions))
}

// visitOf is the visit of whoever holds a session.
func (s *Server) visitOf(ctx context.Context, token identity.Token) (visit, error) {
	return s.visitBy(ctx, s.Applicants.Visits.Visit, token)
}

// reading is a way to read a visit.
type reading func(ctx context.Context, t identity.Token, l identity.Limits, now time.Time) (identity.Session, []onboarding.Registration, error)

func (s *Server) visitBy(ctx context.Context, read reading, token identity.Token) (visit, error) {
	if token == "" {
		return visit{}, identity.ErrNobody
	}
	who, begun, err := read(ctx, token, s.Applicants.Desk.Limits, s.Now())
	if err != nil {
		return visit{}, err
	}
	return s.visitFrom(token, who, begun), nil
}

// visitFrom is the visit of what was read.
func (s *Server) visitFrom(token identity.Token, who identity.Session, begun []onboarding.Registration) visit {
	v := visit{Session: who, token: token}
	for _, b := range begun {
		if _, ok := s.flows[b.Flow]; ok {
			v.begun = append(v.begun, b)
		}
	}
	return v
}

// account is what pages say of who is signed in.
func (v visit) account() templates.Account {
	return templates.Account{In: true, Name: cmp.Or(v.Email.Reveal(), v.Name.Reveal())}
}

func (v visit) applicant() onboarding.ApplicantID { return onboarding.ApplicantID(v.Applicant) }

// registration is the one last touched, of the flow if one is named.
func (v visit) registration(flow string) (onboarding.Registration, bool) {
	for _, b := range v.begun {
		if flow == "" || b.Flow == flow {
			return b, true
		}
	}
	return onboarding.Registration{}, false
}

// knowing is the visit with a registration as it was just read.
func (v visit) knowing(reg onboarding.Registration) visit {
	v.begun = slices.Clone(v.begun)
	for i, b := range v.begun {
		if b.ID != reg.ID {
			continue
		}
		if v.begun[i] = reg; b.Version != reg.Version { // and so may be what was given
			v.given = given{}
		}
	}
	return v
}

// stands says whether the page of a wish's flow is about its case.
func (v visit) stands(w identity.Wish) bool {
	reg, ok := v.registration(w.Flow)
	return w.Flow == "" || ok && reg.Case == w.Case
}
