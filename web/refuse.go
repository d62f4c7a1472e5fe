package web

import (
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strings"

	"portal/internal/identity"
	"portal/web/middleware"
	"portal/web/session"
)

// refusals are what was refused of one request: each is written down once, however often what is refused is looked at.
type refusals struct {
	reasons  []string
	removals []*http.Cookie // of cookies that do not open
}

// refuse writes down that something was not believed, or is not allowed. The reason is a text of ours.
func (s *Server) refuse(r *http.Request, reason string, attrs ...any) {
	of := &sceneOf(r.Context()).refused
	if slices.Contains(of.reasons, reason) {
		return
	}
	of.reasons = append(of.reasons, reason)
	s.Log.WarnContext(r.Context(), "refused", append([]any{
		slog.String("reason", reason), slog.String("client", middleware.Network(r.Context())),
		slog.String("request_id", middleware.RequestID(r.Context())),
	}, attrs...)...)
}

// refuseOften writes down that a limit is used up. That nobody can be sent a code is for operators to hear at once.
func (s *Server) refuseOften(r *http.Request, reason string, often *identity.TooOften) {
	s.refuse(r, reason, slog.String("limit", often.Limit), slog.Duration("wait", often.Wait))
	if often.Limit == identity.CodesOfAll {
		s.Log.ErrorContext(r.Context(), "no more codes are sent for now: raise PORTAL_CODES_PER_DAY, or look for who asks for so many")
	}
}

// token is what a cookie of the request holds; empty where there is none that opens.
func (s *Server) token(r *http.Request, c *session.Codec) identity.Token {
	t, err := c.Token(r)
	switch {
	case errors.Is(err, session.ErrSeveral):
		// Without its own cookie the browser would be left with the other one, and be whom that says.
		s.refuse(r, "several cookies that open")
	case err != nil:
		s.refuse(r, "a cookie that does not open")
		of := &sceneOf(r.Context()).refused
		of.removals = append(of.removals, c.Removal())
	}
	return t
}

// allCookies are those of an answer, and the removals of those that were refused, so that they are refused only once.
func allCookies(r *http.Request, a answer) []*http.Cookie {
	all := slices.Clone(a.cookies)
	for _, removal := range sceneOf(r.Context()).refused.removals {
		if !slices.ContainsFunc(all, func(c *http.Cookie) bool { return c.Name == removal.Name }) {
			all = append(all, removal)
		}
	}
	return all
}

// misdirect answers whoever asks for a host that is not ours, in the form of the address.
func (s *Server) misdirect(w http.ResponseWriter, r *http.Request) {
	w.Header().Del("Strict-Transport-Security") // which would be for that host
	misdirected := problem{status: http.StatusMisdirectedRequest}
	if below := strings.TrimPrefix(r.URL.Path, s.base); strings.HasPrefix(below, "/api/") || strings.HasPrefix(below, "/webhooks/") {
		s.refuse(r, anotherHost)
		s.failAPI(w, r, misdirected)
		return
	}
	s.page(func(r *http.Request) (answer, error) {
		s.refuse(r, anotherHost)
		return answer{}, misdirected
	})(w, r)
}

// anotherHost is mostly a proxy that is not in PORTAL_TRUSTED_PROXIES, and asks by a name of its own.
const anotherHost = "asked for another host than that of PORTAL_BASE_URL"
