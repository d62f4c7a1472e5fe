package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"

	"portal/internal/identity"
	"portal/templates"
)

// showSignedOut is where an identity provider sends people who have signed out there, too.
func (s *Server) showSignedOut(r *http.Request) (answer, error) {
	if _, err := s.visit(r); !nobody(err) {
		return see(s.address("")), err
	}
	return answer{page: templates.SignedOut()}, nil
}

// signOut ends the session here, not only in the browser, and goes on to the identity provider it began at. Who wants to be
// somebody else is led to sign in again.
func (s *Server) signOut(r *http.Request) (answer, error) {
	if err := parseForm(r); err != nil {
		return answer{}, err
	}
	var ended identity.Session
	if token := s.token(r, s.Applicants.Sessions); token != "" {
		var err error
		if ended, err = s.Applicants.Desk.SignOut(r.Context(), token); err != nil && !errors.Is(err, identity.ErrNobody) {
			return answer{}, fmt.Errorf("signing out: %w", err)
		}
	}
	cookies := append(s.localeRemovals(), s.Applicants.Sessions.Removal(), s.Applicants.SignIns.Removal())
	a := answer{page: templates.SignedOut(), cookies: cookies}
	to := s.signOutURL(r.Context(), ended.Provider)
	switch {
	case to == "" && r.PostForm.Has("again"):
		a = see(s.address("/sign-in"), cookies...)
	case to != "":
		a = s.onward(to, "onward.sign_out_title", "onward.sign_out", cookies...)
	}
	a.clears = s.Applicants.ClearSiteData
	return a, nil
}

// signOutURL is where a session at an identity provider is ended; empty where that is not possible.
func (s *Server) signOutURL(ctx context.Context, p identity.ProviderSession) string {
	for _, w := range s.Applicants.WaysIn {
		if w.Name != p.Name {
			continue
		}
		to, err := w.SignOutURL(ctx, p, s.BaseURL.JoinPath("sign-out").String())
		if err != nil {
			s.Log.WarnContext(ctx, "not signed out at the identity provider", slog.String("provider", w.Name), slog.Any("error", err))
		}
		return to
	}
	return ""
}
