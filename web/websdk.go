package web

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"

	"portal/internal/i18n"
	"portal/internal/onboarding"
	"portal/templates"
	"portal/web/middleware"
)

// SDK is where the provider's own forms for documents and camera come from.
type SDK struct {
	Script *url.URL // of the script that brings them up
	Frame  *url.URL // whose origin the script frames
}

// origin is what a content security policy calls the source of an address.
func origin(u *url.URL) string { return u.Scheme + "://" + u.Host }

// sdkPolicy is the policy of the page that embeds the provider's forms.
func (s *Server) sdkPolicy() (middleware.Policy, error) {
	if s.SDK == nil {
		return middleware.Policy{}, nil
	}
	forms, err := middleware.NewSDK(origin(s.SDK.Script), origin(s.SDK.Frame))
	return forms.Policy(s.reporting()), err
}

// sdkPage embeds the provider's own forms. What opens them is not in the page: the script asks for it.
func (s *Server) sdkPage(r *http.Request, v visit, reg onboarding.Registration) answer {
	if s.SDK == nil {
		s.Log.ErrorContext(r.Context(), "documents can only be given in the provider's forms, and none are configured",
			slog.String("registration_id", reg.ID.String()))
		return s.outcomePage(r, v, reg, onboarding.NeedsAttention)
	}
	view := templates.WebSDKView{
		ScriptURL: s.SDK.Script.String(), BaseURL: origin(s.SDK.Frame), TokenURL: s.address("/documents/token"),
		Registration: reg.ID.String(), StatusURL: s.flowAddress("/status", reg.Flow), Status: string(reg.Status),
		ReadURL: s.flowAddress("/complete", reg.Flow), Title: s.title(r.Context(), reg.Flow), Account: v.account(),
		Anew: startsAnew(*reg.Verification),
	}
	if reg.Verification.Status == onboarding.ReviewCompleted { // and yet open
		view.Again, view.Reasons = true, s.found(r.Context(), *reg.Verification)
	}
	return answer{policy: s.policies.sdk, page: templates.WebSDK(view)}
}

// tokenAnswer is what opens the provider's forms, for the script of the page that embeds them.
type tokenAnswer struct {
	Token string `json:"token,omitempty"`
	Error string `json:"error,omitempty"` // why there is none, for people
}

// openSDK gives the script what opens the provider's forms for the visitor's own registration.
func (s *Server) openSDK(r *http.Request) (answer, error) {
	if err := parseForm(r); err != nil {
		return answer{}, err
	}
	d, err := s.documentVisit(r, r.PostForm)
	if nobody(err) {
		return noToken(r, http.StatusUnauthorized, "session.over_title"), nil
	}
	if err != nil {
		return answer{}, err
	}
	if d.reg.Status != onboarding.Open || s.asksHere(d.reg) { // the page has been overtaken
		return noToken(r, http.StatusConflict, "error.stale"), nil
	}
	ctx, cancel := context.WithTimeout(r.Context(), readFor)
	defer cancel()
	token, err := s.Applicants.Engine.Token(ctx, d.reg)
	if known, ok := errors.AsType[*onboarding.Error](err); ok {
		s.Log.WarnContext(ctx, "no token for the provider's forms", slog.String("registration_id", d.reg.ID.String()), slog.Any("error", err))
		return noToken(r, statuses[known.Kind], cmp.Or(known.Key, "error.unavailable")), nil
	}
	if err != nil {
		return answer{}, err
	}
	return answer{json: tokenAnswer{Token: token.Reveal()}}, nil
}

// noToken says to the script why the forms do not open. Key is that of a message.
func noToken(r *http.Request, status int, key string) answer {
	return answer{status: status, json: tokenAnswer{Error: i18n.T(r.Context(), key)}}
}
