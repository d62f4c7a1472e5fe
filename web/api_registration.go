package web

import (
	"cmp"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/google/uuid"

	"portal/internal/identity"
	"portal/internal/onboarding"
	"portal/web/middleware"
)

// subjectAnswer is how a subject's registrations stand.
type subjectAnswer struct {
	Subject       *string              `json:"subject"` // nil, as the issuer, where the company does not know the person
	Issuer        *string              `json:"issuer"`
	Registrations []registrationAnswer `json:"registrations"` // the last touched first
}

type registrationAnswer struct {
	ID                string    `json:"id"`
	Flow              string    `json:"flow"`
	Case              string    `json:"case"`
	Status            string    `json:"status"`
	Version           int64     `json:"version"`
	CreatedAt         time.Time `json:"created_at"`
	TouchedAt         time.Time `json:"touched_at"`
	CustomerRef       string    `json:"customer_ref"`
	ProfileID         string    `json:"profile_id,omitempty"`
	CustomerRequestID string    `json:"customer_request_id,omitempty"`
	Cause             string    `json:"cause,omitempty"` // of what needs attention

	Profile      *profileAnswer      `json:"profile"`
	ProfileError string              `json:"profile_error,omitempty"`
	Verification *verificationAnswer `json:"verification,omitempty"` // where the provider checks documents, once it is known
}

// verificationAnswer is how a check of documents stands, in the provider's own words. None of them is about a person.
type verificationAnswer struct {
	Level        string `json:"level"`
	ReviewStatus string `json:"review_status"`
	Answer       string `json:"answer,omitempty"`
	RejectType   string `json:"reject_type,omitempty"`
}

// showRegistrations tells how a subject's registrations stand, here and at the provider.
func (s *Server) showRegistrations(r *http.Request, _ caller) (answer, error) {
	subject, issuer := pathValue(r, "subject"), cmp.Or(r.URL.Query().Get("issuer"), identity.LinkIssuer)
	of, err := sought(r.URL.Query(), issuer)
	if err != nil {
		return answer{}, err
	}
	stranger := apiProblem{status: http.StatusNotFound, kind: unknownSubject, detail: "The issuer has no such subject here."}
	if !speakable(subject) || !speakable(issuer) {
		return answer{}, stranger
	}
	begun, err := s.API.Subjects.OfSubject(r.Context(), issuer, identity.Subject(subject), of)
	if onboarding.KindOf(err) == onboarding.NotFound {
		return answer{}, stranger
	}
	if err != nil {
		return answer{}, err
	}
	return answer{json: s.standing(r, issuer, identity.Subject(subject), begun)}, nil
}

// sought is what the address asks for. People are not asked for by their e-mail addresses: addresses get into logs.
func sought(q url.Values, issuer string) (of onboarding.Sought, err error) {
	if issuer == identity.EmailIssuer {
		return of, apiProblem{status: http.StatusUnprocessableEntity, detail: "Nobody is asked for by an e-mail address; ask by the registration's id."}
	}
	of = onboarding.Sought{Flow: optional(q, "flow"), Case: optional(q, "case")}
	for _, name := range []*string{of.Flow, of.Case} {
		if name != nil && *name != "" && !speakable(*name) {
			return of, apiProblem{status: http.StatusUnprocessableEntity, detail: "Names must be printable characters."}
		}
	}
	return of, nil
}

// optional is a field of an address, which may be empty; nil where it is not there.
func optional(q url.Values, name string) *string {
	if !q.Has(name) {
		return nil
	}
	return new(q.Get(name))
}

// showRegistrationByID tells how a registration stands that a notice has named.
func (s *Server) showRegistrationByID(r *http.Request, _ caller) (answer, error) {
	stranger := apiProblem{status: http.StatusNotFound, kind: unknownRegistration, detail: "No registration has this id."}
	id, err := uuid.Parse(r.URL.Query().Get("id"))
	if err != nil {
		return answer{}, stranger
	}
	begun, issuer, subject, err := s.API.Subjects.OfID(r.Context(), onboarding.RegistrationID(id))
	if onboarding.KindOf(err) == onboarding.NotFound {
		return answer{}, stranger
	}
	if err != nil {
		return answer{}, err
	}
	return answer{json: s.standing(r, issuer, subject, []onboarding.Registration{begun})}, nil
}

// standing is how registrations of one person stand.
func (s *Server) standing(r *http.Request, issuer string, subject identity.Subject, begun []onboarding.Registration) subjectAnswer {
	told := subjectAnswer{Registrations: make([]registrationAnswer, 0, len(begun))}
	if name := subject.Reveal(); name != "" {
		told.Subject, told.Issuer = &name, &issuer
	}
	for _, reported := range onboarding.Report(r.Context(), s.API.Profiles, begun) {
		told.Registrations = append(told.Registrations, s.told(r, reported))
	}
	return told
}

// pathValue is a parameter of the path. The router leaves it encoded where the path has encodings that matter, such as
// that of a slash within a subject.
func pathValue(r *http.Request, name string) string {
	value := r.PathValue(name)
	if r.URL.RawPath == "" {
		return value
	}
	plain, err := url.PathUnescape(value)
	if err != nil {
		return "" // the server refuses such paths before
	}
	return plain
}

func (s *Server) told(r *http.Request, reported onboarding.Reported) registrationAnswer {
	reg := reported.Registration
	a := registrationAnswer{
		ID: reg.ID.String(), Flow: reg.Flow, Case: reg.Case, Status: string(reg.Status), Version: reg.Version,
		CreatedAt: reg.CreatedAt.UTC(), TouchedAt: reg.TouchedAt.UTC(),
		CustomerRef: reg.CustomerRef(s.Applicants.Engine.RefPrefix), ProfileID: string(reg.Profile),
		ProfileError: s.profileError(r, reported),
	}
	if reg.Request != nil {
		a.CustomerRequestID = string(reg.Request.ID)
	}
	if reg.Status == onboarding.NeedsAttention {
		a.Cause = reg.Cause
	}
	if v := reg.Verification; v != nil {
		a.Verification = &verificationAnswer{
			Level: v.Level, ReviewStatus: string(v.Status), Answer: v.Review.Answer, RejectType: v.Review.RejectType,
		}
	}
	if reported.View != nil {
		a.Profile = newProfileAnswer(*reported.View)
	}
	return a
}

// profileError is a word for why the provider's view is missing.
func (s *Server) profileError(r *http.Request, reported onboarding.Reported) string {
	if reported.Err == nil {
		return ""
	}
	s.Log.WarnContext(r.Context(), "profile not read", slog.String("registration_id", reported.Registration.ID.String()),
		slog.String("request_id", middleware.RequestID(r.Context())), slog.Any("error", reported.Err))
	switch kind := onboarding.KindOf(reported.Err); {
	case kind == onboarding.NotFound:
		return "not_found"
	case kind == onboarding.Busy && !errors.Is(reported.Err, onboarding.ErrUnreadable):
		return "busy"
	default: // the provider refuses, or answers in a way that we do not understand: trying again may not help
		return "unreadable"
	}
}
