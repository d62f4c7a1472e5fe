package web

import (
	"context"
	"net/http"
	"time"

	"portal/internal/i18n"
	"portal/internal/identity"
	"portal/internal/onboarding"
)

// startFor is how long a start waits for the provider before the waiting page takes over.
const startFor = 2500 * time.Millisecond

// startRegistration starts or resumes a registration.
func (s *Server) startRegistration(r *http.Request) (answer, error) {
	if err := parseForm(r); err != nil {
		return answer{}, err
	}
	wish, err := s.wish(r.PostForm)
	if err != nil {
		return answer{}, err
	}
	v, err := s.visit(r)
	if nobody(err) {
		return see(s.address("/sign-in") + s.query(wish)), nil
	}
	if err != nil {
		return answer{}, err
	}
	if over, rejected := s.rejectedAt(v, wish.Flow, wish.Case); rejected {
		return see(s.flowAddress("", over.Flow)), nil
	}
	if err := s.start(r, v, wish, onboarding.Facts{}); err != nil {
		return answer{}, err
	}
	return see(s.address("")), nil
}

// start stores the intent and gives the provider a moment to answer; the work goes on when the applicant leaves.
func (s *Server) start(r *http.Request, v visit, w identity.Wish, f onboarding.Facts) error {
	if s.flows[w.Flow].Provider == onboarding.Sumsub {
		f = v.known(r.Context(), f)
	}
	reg, err := s.Applicants.Engine.Start(r.Context(), v.applicant(), w.Flow, w.Case, f)
	if err != nil {
		return err
	}
	note(r, reg)
	if reg.Moving() {
		ctx, cancel := context.WithTimeout(r.Context(), startFor)
		defer cancel()
		s.Applicants.Runner.Advance(ctx, reg.ID)
	}
	return nil
}

// known is the facts with what is known of the visitor besides: the address that a code has proved to be theirs, unless the
// company has named one, and the language they read in, in which the provider writes to them.
func (v visit) known(ctx context.Context, f onboarding.Facts) onboarding.Facts {
	if f.Email == "" && v.Issuer == identity.EmailIssuer {
		f.Email = v.Email.Reveal()
	}
	f.Language = i18n.From(ctx).Lang()
	return f
}
