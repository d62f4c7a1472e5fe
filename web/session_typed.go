package web

import (
	"net/http"

	"portal/internal/identity"
	"portal/templates"
)

// typed is the session of a page on which something is typed. Such a page puts it into its chrome instead of being
// [Server.warned]: moving on by itself would lose what was typed, so a script warns on the page.
func (s *Server) typed(v visit) templates.TypedSession {
	left, final := s.remaining(v)
	return templates.TypedSession{Seconds: left, Final: final, Warning: int(identity.SessionWarning.Seconds())}
}

// remaining is how many seconds the session goes on without a sign of life, and whether no such sign can prolong it.
func (s *Server) remaining(v visit) (seconds int, final bool) {
	limits := s.Applicants.Desk.Limits
	return int(max(s.left(v), 0).Seconds()), v.EndsAt(limits).Equal(v.LastsUntil(limits))
}

// sessionAnswer is how long the session goes on, for the script of pages on which something is typed.
type sessionAnswer struct {
	Seconds int  `json:"seconds"` // none for nobody
	Final   bool `json:"final"`   // nothing prolongs it
}

// sessionJSON answers the script with what was read of the session.
func (s *Server) sessionJSON(v visit, err error) (answer, error) {
	if nobody(err) {
		return answer{status: http.StatusUnauthorized, json: sessionAnswer{}}, nil
	}
	if err != nil {
		return answer{}, err
	}
	left, final := s.remaining(v)
	return answer{json: sessionAnswer{Seconds: left, Final: final}}, nil
}

// wantsJSON says whether a script asks, and not a person.
func wantsJSON(r *http.Request) bool { return r.Header.Get("Accept") == "application/json" }
