package web

import (
	"net/http"

	"portal/templates"
)

// keepsNothing says whether a browser that was just given a cookie has brought none at all, which is what one does that
// blocks them. One whose sign-in is only too old mostly has the cookie by which it is known again.
func keepsNothing(r *http.Request) bool { return len(r.Cookies()) == 0 }

// noCookies says that nobody can sign in in a browser like this one, and where to try again.
func (s *Server) noCookies(r *http.Request) answer {
	s.refuse(r, "a browser that keeps no cookies")
	return answer{page: templates.NoCookies(templates.NoCookiesView{TryPath: s.address("/sign-in")})}
}
