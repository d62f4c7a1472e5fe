package web

import (
	"errors"
	"log/slog"
	"net/http"
	"slices"

	"portal/internal/onboarding"
	"portal/web/middleware"
)

// Problems of the API's own with associates.
const (
	resemblesAssociate = "resembles-associate"
	companyEnded       = "company-ended"
	associateSubmitted = "associate-submitted"
)

// takeAssociate enters an associate of the company of a subject's registration, and submits it.
func (s *Server) takeAssociate(r *http.Request, _ caller) (answer, error) {
	body, err := callBody(r, "application/json")
	if err != nil {
		return answer{}, err
	}
	var wrong faults
	q, err := wrong.associateRequest(body)
	if err != nil {
		return answer{}, apiProblem{status: http.StatusBadRequest, detail: "The body is not JSON."}
	}
	reg, err := s.companyOfBody(r, q, &wrong)
	if err != nil {
		return answer{}, err
	}
	if len(wrong) > 0 {
		wrong.details(q.Details.Tidied().Check(s.Now(), s.flows[reg.Flow].DirectorAge))
		return answer{}, wrong.ofAssociate()
	}
	middleware.Note(r.Context(), slog.String("registration_id", reg.ID.String()))
	a, fresh, err := s.enterAssociate(r, reg, q)
	if err != nil {
		return answer{}, err
	}
	s.Applicants.Linking.Wake(reg.ID)
	told := answer{status: http.StatusOK, json: s.toldAssociate(a)}
	if fresh {
		told.status = http.StatusCreated
	}
	return told, nil
}

// companyOfBody is the registration that flow and case of a body name; none where that is among what is wrong with it.
func (s *Server) companyOfBody(r *http.Request, q associateRequest, f *faults) (onboarding.Registration, error) {
	if _, err := sought(nil, r.URL.Query().Get("issuer")); err != nil {
		return onboarding.Registration{}, err
	}
	of := onboarding.Sought{Case: q.caseName}
	if q.flow != "" {
		of.Flow = &q.flow
	}
	reg, err := s.soughtCompany(r, of)
	if m, ok := errors.AsType[misfit](err); ok {
		f.add("/flow", string(m))
		return reg, nil
	}
	return reg, err
}

// enterAssociate enters an associate. A call without an id that is repeated finds who was entered by the first.
func (s *Server) enterAssociate(r *http.Request, reg onboarding.Registration, q associateRequest) (a onboarding.Associate, fresh bool, err error) {
	n := q.NewAssociate
	if n.Details = n.Details.Tidied(); !q.named {
		n.ID = onboarding.AssociateID(s.Applicants.Engine.NewID())
	}
	a, fresh, refused := s.Applicants.Associates.Add(r.Context(), reg, n)
	if refused == nil {
		return a, fresh, nil
	}
	st, err := s.Applicants.Associates.Structure(r.Context(), reg)
	if err != nil {
		return a, false, err
	}
	if there, ok := alike(st, n); ok && !q.named && st.Ending == "" {
		n.ID = there.ID // a draft is submitted so
		a, _, err = s.Applicants.Associates.Add(r.Context(), reg, n)
		return a, false, err
	}
	return a, false, associateRefusal(st, n, refused)
}

// alike is who was entered last with exactly the same details behind the same company.
func alike(st onboarding.Structure, n onboarding.NewAssociate) (onboarding.Associate, bool) {
	for _, other := range slices.Backward(st.Associates) {
		if other.Parent == n.Parent && other.Status != onboarding.AssociateRemoved && sameDetails(other.Details, n.Details) {
			return other, true
		}
	}
	return onboarding.Associate{}, false
}

// sameDetails says whether two descriptions say exactly the same.
func sameDetails(a, b onboarding.Details) bool {
	return a.EntityType == b.EntityType && slices.Equal(a.Roles, b.Roles) && a.Encode() == b.Encode()
}

// associateRefusal is what callers are told of why an associate is not entered.
func associateRefusal(st onboarding.Structure, n onboarding.NewAssociate, err error) error {
	if like, ok := errors.AsType[*onboarding.Resemblance](err); ok {
		return newResemblance(like)
	}
	var wrong faults
	switch onboarding.KindOf(err) {
	case onboarding.Invalid:
		wrong.details(err)
	case onboarding.NotFound:
		at := "/same_as"
		if _, lost := st.Find(n.Parent); lost != nil && !n.Parent.IsZero() {
			at = "/parent"
		}
		wrong.add(at, "is no associate of this registration")
	case onboarding.Conflict:
		return associateConflict(st)
	default:
		return err
	}
	return wrong.ofAssociate()
}

// associateConflict is what callers are told who come too late.
func associateConflict(st onboarding.Structure) apiProblem {
	if st.Ending != "" {
		return apiProblem{
			status: http.StatusConflict, kind: companyEnded,
			detail: "The company's application has come to its end; nobody can be entered behind it any more.",
		}
	}
	return apiProblem{
		status: http.StatusConflict, kind: associateSubmitted,
		detail: "The id is taken by an associate with other details: one that was submitted, or a draft, which is the applicant's to change.",
	}
}

// details notes what the domain says is wrong with an associate.
func (f *faults) details(err error) {
	for wrong := range faultsIn(err) {
		f.add("/"+wrong.Field, associateDetails[wrong.Key])
	}
}

func (f *faults) ofAssociate() apiProblem {
	return apiProblem{status: http.StatusUnprocessableEntity, detail: "No associate can be entered from this.", faults: *f}
}
