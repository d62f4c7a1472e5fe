package web

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"portal/internal/i18n"
	"portal/internal/identity"
	"portal/internal/onboarding"
	"portal/web/middleware"
)

// wayIn is the identity provider that the address names.
func (s *Server) wayIn(r *http.Request) (identity.WayIn, error) {
	for _, w := range s.Applicants.WaysIn {
		if w.Name == r.PathValue("name") {
			return w.WayIn, nil
		}
	}
	return identity.WayIn{}, problem{status: http.StatusNotFound}
}

// fromElsewhere says whether a link of another site leads here.
func fromElsewhere(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "cross-site", "same-site":
		return true
	}
	return false
}

// beginAtProvider sends the browser to an identity provider. It is a link rather than a form: browsers apply form-action
// to the redirects after a form, and an identity provider may redirect to others. Who comes by a link of another site has
// to press ours first: a provider that knows them would send them back at once, into another session and a flow that
// they have not asked for.
func (s *Server) beginAtProvider(r *http.Request) (answer, error) {
	way, err := s.wayIn(r)
	if err != nil {
		return answer{}, err
	}
	wish, err := s.wish(r.URL.Query())
	if err != nil {
		return answer{}, err
	}
	if fromElsewhere(r) {
		return see(s.address("/sign-in") + s.query(wish)), nil
	}
	to, in, err := s.Applicants.Desk.BeginAt(r.Context(), way, s.token(r, s.Applicants.SignIns), wish,
		middleware.Network(r.Context()), i18n.From(r.Context()).Lang())
	if err != nil {
		return s.notAtProvider(r, way, wish, err)
	}
	cookie, err := s.Applicants.SignIns.Cookie(in.Browser)
	if err != nil {
		return answer{}, err
	}
	return see(to, cookie), nil
}

// endAtProvider signs in whom an identity provider has sent back.
func (s *Server) endAtProvider(r *http.Request) (answer, error) {
	way, err := s.wayIn(r)
	if err != nil {
		return answer{}, err
	}
	q := r.URL.Query()
	back := identity.Return{State: identity.Token(q.Get("state")), Code: q.Get("code"), Issuer: q.Get("iss"), Error: q.Get("error")}
	token, claims, wish, err := s.Applicants.Desk.EndAt(r.Context(), way, s.token(r, s.Applicants.SignIns), back, s.opening(r))
	if errors.Is(err, identity.ErrSignInLost) {
		s.refuseReturn(r, way) // also where it is only loaded again: somebody else's address looks the same
		if s.isIn(r) {
			return see(s.address("")), nil
		}
	}
	if err != nil {
		return s.notAtProvider(r, way, wish, err)
	}
	return s.signedIn(r, token, wish, onboarding.Facts{}, s.localeCookies(r, claims.Locale)...)
}

func (s *Server) refuseReturn(r *http.Request, way identity.WayIn) {
	s.refuse(r, "no sign-in at the provider under way", slog.String("provider", way.Name))
}

// notAtProvider says why an identity provider does not sign anybody in, and offers the other ways.
func (s *Server) notAtProvider(r *http.Request, way identity.WayIn, w identity.Wish, err error) (answer, error) {
	aboutWish(r.Context(), w)
	status, key, wait := http.StatusUnprocessableEntity, "", time.Duration(0)
	refused, notBelieved := errors.AsType[*identity.Refused](err)
	often, tooOften := errors.AsType[*identity.TooOften](err)
	switch {
	case tooOften:
		s.refuseOften(r, "sign-ins begun too often", often)
		status, key, wait = http.StatusTooManyRequests, "error.too_many_requests", often.Wait
	case errors.Is(err, identity.ErrSignInLost):
		s.refuseReturn(r, way)
		key = "error.provider_lost"
	case errors.Is(err, identity.ErrDeclined):
		key = "error.provider_declined"
	case notBelieved:
		s.refuse(r, refused.Why, slog.String("provider", way.Name))
		key = "error.provider_refused"
	case errors.Is(err, identity.ErrProviderAway):
		s.Log.ErrorContext(r.Context(), "identity provider away", slog.String("provider", way.Name), slog.Any("error", err))
		status, key = http.StatusServiceUnavailable, "error.provider_away"
	default:
		return answer{}, fmt.Errorf("signing in at %s: %w", way.Name, err)
	}
	return answer{status: status, wait: wait, page: s.signInPage(r, w, key, "")}, nil
}

// endedAtProvider takes an identity provider's word that sessions have ended (OpenID Connect Back-Channel Logout 1.0).
func (s *Server) endedAtProvider(r *http.Request) (answer, error) {
	type refusal struct {
		Error string `json:"error"`
	}
	way, err := s.wayIn(r)
	if err != nil {
		return answer{}, err
	}
	if err := parseForm(r); err != nil {
		return answer{}, err
	}
	_, err = s.Applicants.Desk.EndedAt(r.Context(), way, identity.Token(r.PostForm.Get("logout_token")))
	refused, notBelieved := errors.AsType[*identity.Refused](err)
	switch {
	case notBelieved:
		s.refuse(r, refused.Why, slog.String("provider", way.Name))
		return answer{status: http.StatusBadRequest, json: refusal{"invalid_request"}}, nil
	case errors.Is(err, identity.ErrReplayed):
		s.refuse(r, "a logout token that came before", slog.String("provider", way.Name))
		return answer{status: http.StatusBadRequest, json: refusal{"invalid_request"}}, nil
	case errors.Is(err, identity.ErrProviderAway):
		s.Log.ErrorContext(r.Context(), "identity provider away", slog.String("provider", way.Name), slog.Any("error", err))
		return answer{status: http.StatusServiceUnavailable, json: refusal{"temporarily_unavailable"}}, nil
	case err != nil:
		return answer{}, err
	}
	return answer{json: struct{}{}}, nil
}
