package web

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"

	"portal/internal/identity"
	"portal/internal/onboarding"
	"portal/web/middleware"
)

// API is what serving the company's own programs takes. All fields are required.
type API struct {
	Gate     *identity.Gate
	Links    LinkMaker
	Subjects Subjects
	Profiles onboarding.ProfileReader
	Bounces  Bounces
}

// LinkMaker makes one-time links.
type LinkMaker interface {
	NewLink(ctx context.Context, l identity.Link) (identity.Token, identity.Link, error)
}

// Subjects knows people by what their issuers call them.
type Subjects interface {
	// OfSubject returns what is sought of what the person has begun, fifty at most, the last touched first; NotFound where
	// there is no such person.
	OfSubject(ctx context.Context, issuer string, subject identity.Subject, of onboarding.Sought) ([]onboarding.Registration, error)
	// OfID returns a registration, and whom the company knows its applicant as; empty where it does not. NotFound where
	// there is no such registration.
	OfID(ctx context.Context, id onboarding.RegistrationID) (r onboarding.Registration, issuer string, subject identity.Subject, err error)
}

// Bounces takes e-mails of ours that came back.
type Bounces interface {
	// Receive takes a raw message and returns how many e-mails it marked; identity.ErrNotABounce where it is about none.
	Receive(ctx context.Context, report io.Reader) (marked int, err error)
}

// The largest bodies that are read, in bytes.
const (
	maxCall   = 64 << 10 // of JSON
	maxBounce = 1 << 20  // of a message that came back
)

// caller is the name of the key that a call came with.
type caller string

// call answers a call of one of the company's programs with JSON, a bare status, or an error.
type call func(r *http.Request, by caller) (answer, error)

// api makes an http.HandlerFunc of a call, which only the holder of a key gets to.
func (s *Server) api(c call) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), pageFor)
		defer cancel()
		r = r.WithContext(ctx)
		by, err := s.enter(r)
		if err != nil {
			s.failAPI(w, r, err)
			return
		}
		a, err := c(r, by)
		if err == nil {
			err = sendJSON(w, a.status, "application/json", a.json)
		}
		if err != nil {
			s.failAPI(w, r, err)
		}
	}
}

// enter lets the holder of a key in. Each refusal is logged, and the key never is.
func (s *Server) enter(r *http.Request) (caller, error) {
	ctx := r.Context()
	name, err := s.API.Gate.Enter(ctx, bearerKey(r), middleware.Network(ctx))
	if name != "" {
		middleware.Note(ctx, slog.String("api_key", name))
	}
	if p, ok := refusal(err); ok {
		s.refuse(r, "call of the API: "+http.StatusText(p.status), slog.String("api_key", name))
		return "", p
	}
	return caller(name), err
}

// refusal is what a caller is told who may not go on. Wrong keys are limited, too: an error may be both.
func refusal(err error) (p apiProblem, ok bool) {
	if often, ok := errors.AsType[*identity.TooOften](err); ok {
		return tooOften(often.Wait), true
	}
	if errors.Is(err, identity.ErrKey) {
		return apiProblem{status: http.StatusUnauthorized, detail: "The Authorization header must hold a key that is good: Bearer KEY."}, true
	}
	return apiProblem{}, false
}

// bearerKey is the key that a call comes with, or empty.
func bearerKey(r *http.Request) identity.Token {
	scheme, key, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return identity.Token(strings.TrimSpace(key))
}
