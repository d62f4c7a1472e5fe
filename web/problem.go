package web

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"time"

	"portal/internal/i18n"
	"portal/internal/onboarding"
	"portal/templates"
	"portal/web/middleware"
)

// notTheirs is the error of who is signed in and asks for what was not found under that sign-in. It says no more than the
// error that it wraps, whether there is such a thing or not.
type notTheirs struct {
	account templates.Account
	error
}

// Unwrap returns the error of what was not found.
func (e notTheirs) Unwrap() error { return e.error }

// problemView is what the page of an error says.
func (s *Server) problemView(r *http.Request, err error) templates.ProblemView {
	v := templates.ProblemView{
		Status: http.StatusInternalServerError, Reference: middleware.RequestID(r.Context()), Posted: r.Method == http.MethodPost,
	}
	if known, ok := errors.AsType[*onboarding.Error](err); ok {
		v.Status, v.Key, v.Wait = statuses[known.Kind], known.Key, known.RetryAfter
	} else if p, ok := errors.AsType[problem](err); ok {
		v.Status, v.Key = p.status, p.key
	}
	if r.Method == http.MethodGet && worthAnother(v.Status) {
		v.RetryURL = cmp.Or(s.again(r), r.URL.Path)
	}
	return v
}

// worthAnother says whether the same request may be answered later.
func worthAnother(status int) bool {
	return status >= http.StatusInternalServerError || status == http.StatusTooManyRequests
}

// problemAnswer is the page of a problem; for a script, which keeps what was typed or chosen, what the page says.
func (s *Server) problemAnswer(r *http.Request, v templates.ProblemView, err error) answer {
	a := answer{status: v.Status, wait: v.Wait, page: templates.Problem(v)}
	if v.Status == http.StatusServiceUnavailable {
		a.wait = cmp.Or(v.Wait, unavailableFor)
	}
	other, isOther := errors.AsType[notTheirs](err)
	switch {
	case wantsJSON(r):
		a.page, a.json = nil, uploadAnswer{Error: i18n.T(r.Context(), v.Help())}
	case isOther:
		a.page = templates.NotTheirs(templates.NotTheirsView{Account: other.account, Reference: v.Reference})
	}
	return a
}

// unavailableFor is how long a browser waits when something that answers depend on is away and does not say for how long.
const unavailableFor = 5 * time.Second

// finishLastResort renders the page that is sent when no page can be made any more. It is in the portal's first language
// and without a reference, which the answer's header still has.
func (s *Server) finishLastResort() ([]byte, error) {
	ctx := i18n.With(templates.With(context.Background(), s.Site), s.Site.Languages.Locales()[0])
	return rendered(ctx, templates.Problem(templates.ProblemView{Status: http.StatusInternalServerError}))
}

func (s *Server) sendLastResort(w http.ResponseWriter) {
	w.Header().Set("Content-Type", htmlType)
	w.Header().Set("Content-Language", s.Site.Languages.Locales()[0].Lang())
	w.WriteHeader(http.StatusInternalServerError)
	_, _ = w.Write(s.lastResort) // the client may have gone
}
