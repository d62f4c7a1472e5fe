package web

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"portal/internal/identity"
	"portal/internal/onboarding"
)

// misfit is the error of a flow and a case that say of no one registration that it is meant: a text for the caller, who can
// name others.
type misfit string

func (m misfit) Error() string { return string(m) }

// mostTold is how many registrations a caller is told of who has to choose.
const mostTold = 10

// soughtCompany is the subject's one registration that is sought, of a flow that asks who is behind a company. The error is a
// misfit, or a problem.
func (s *Server) soughtCompany(r *http.Request, of onboarding.Sought) (onboarding.Registration, error) {
	none := onboarding.Registration{}
	subject, issuer := pathValue(r, "subject"), cmp.Or(r.URL.Query().Get("issuer"), identity.LinkIssuer)
	stranger := apiProblem{status: http.StatusNotFound, kind: unknownSubject, detail: "The issuer has no such subject here."}
	if !speakable(subject) || !speakable(issuer) {
		return none, stranger
	}
	flows, err := s.associatesFlows(of)
	if err != nil {
		return none, err
	}
	var fits []onboarding.Registration
	for _, name := range flows { // each by itself, since a person may have many registrations of others
		of.Flow = &name
		begun, err := s.API.Subjects.OfSubject(r.Context(), issuer, identity.Subject(subject), of)
		if onboarding.KindOf(err) == onboarding.NotFound {
			return none, stranger
		}
		if err != nil {
			return none, err
		}
		fits = append(fits, begun...)
	}
	return onlyOne(fits)
}

// associatesFlows names the flows that may be meant.
func (s *Server) associatesFlows(of onboarding.Sought) (names []string, err error) {
	for _, f := range s.Applicants.Flows {
		if f.Associates && (of.Flow == nil || *of.Flow == f.Name) {
			names = append(names, f.Name)
		}
	}
	switch {
	case of.Case != nil && *of.Case != "" && !speakable(*of.Case):
		return nil, misfit("the case must have printable characters alone")
	case len(names) > 0:
		return names, nil
	case of.Flow == nil:
		return nil, misfit("no flow of this portal asks who is behind a company")
	case s.flows[*of.Flow].Name == "":
		return nil, misfit("is no flow of this portal")
	}
	return nil, misfit("is a flow that does not ask who is behind a company")
}

// onlyOne is the only registration, or an error that tells between which to choose.
func onlyOne(fits []onboarding.Registration) (onboarding.Registration, error) {
	switch len(fits) {
	case 0:
		return onboarding.Registration{}, apiProblem{
			status: http.StatusNotFound, kind: unknownRegistration, detail: "The subject has begun no such registration of a company.",
		}
	case 1:
		return fits[0], nil
	}
	var names []string
	for _, reg := range fits {
		name := reg.Flow
		if reg.Case != "" {
			name += " with case " + reg.Case
		}
		names = append(names, name)
	}
	slices.Sort(names)
	told := strings.Join(names[:min(len(names), mostTold)], ", ")
	if len(names) > mostTold {
		told += " and others"
	}
	return onboarding.Registration{}, misfit("must be named, with the case, since the subject has several registrations: " + told)
}
