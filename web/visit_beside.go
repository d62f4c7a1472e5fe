package web

import (
	"net/http"

	"github.com/google/uuid"

	"portal/internal/identity"
	"portal/internal/onboarding"
)

// visitor is who asks, before it is known who that is; identity.ErrNobody where nobody can be.
func (s *Server) visitor(r *http.Request) (identity.Visitor, error) {
	v := identity.Visitor{
		Session: s.token(r, s.Applicants.Sessions), Limits: s.Applicants.Desk.Limits, At: s.Now(), Unattended: !attended(r),
	}
	if v.Session == "" {
		return v, identity.ErrNobody
	}
	return v, nil
}

// pick means the registration that is named, or else the one last touched, in any of the flows that are so.
func (s *Server) pick(named string, are func(Flow) bool) onboarding.Pick {
	id, err := uuid.Parse(named)
	if named != "" && (err != nil || id.String() != named) { // none is called that
		return onboarding.Pick{}
	}
	p := onboarding.Pick{ID: onboarding.RegistrationID(id)}
	for _, f := range s.Applicants.Flows {
		if are(f) {
			p.Flows = append(p.Flows, f.Name)
		}
	}
	return p
}

// visitCompany reads who asks about the company of which registration, and who is behind it.
func (s *Server) visitCompany(r *http.Request, of onboarding.Pick) (visit, onboarding.Structure, error) {
	v, err := s.visitor(r)
	if err != nil {
		return visit{}, onboarding.Structure{}, err
	}
	who, begun, st, err := s.Applicants.Visits.VisitCompany(r.Context(), v, of)
	if err != nil {
		return visit{}, st, err
	}
	return s.visitFrom(v.Session, who, begun), st, nil
}

// visitDocuments reads who asks, and what they have given for a registration. Where no flow asks for documents on the portal's
// own pages, and where a form comes in, which changes what was given, it only reads who asks.
func (s *Server) visitDocuments(r *http.Request, of onboarding.Pick) (visit, error) {
	if len(of.Flows) == 0 || r.Method == http.MethodPost {
		return s.visit(r)
	}
	v, err := s.visitor(r)
	if err != nil {
		return visit{}, err
	}
	who, begun, list, err := s.Applicants.Visits.VisitDocuments(r.Context(), v, of)
	if err != nil {
		return visit{}, err
	}
	seen := s.visitFrom(v.Session, who, begun)
	if reg, ok := of.From(seen.begun); ok {
		seen.given = given{reg.ID, list}
	}
	return seen, nil
}

// visitSessions reads who asks, and where they are signed in.
func (s *Server) visitSessions(r *http.Request) (visit, []identity.Session, error) {
	v, err := s.visitor(r)
	if err != nil {
		return visit{}, nil, err
	}
	who, begun, list, err := s.Applicants.Visits.VisitSessions(r.Context(), v)
	if err != nil {
		return visit{}, nil, err
	}
	return s.visitFrom(v.Session, who, begun), list, nil
}
