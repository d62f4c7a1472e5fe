package sandbox

import (
	"errors"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"portal/internal/sandbox/reply"
)

var (
	// errNoPage is returned for something that is not there to be shown.
	errNoPage = errors.New("there is nothing at this address")
	// errNoMethod is returned for an address that exists, but not for this.
	errNoMethod = errors.New("this address does not answer to this method")
)

// noSuchAddress answers for what is at none of the addresses.
func (s *Sandbox) noSuchAddress(w http.ResponseWriter, r *http.Request) {
	s.sayNo(w, r, errNoPage)
}

// noSuchMethod answers for an address that only takes other methods: reloading the page about a problem with a form
// asks for the form's address, which is no page.
func (s *Sandbox) noSuchMethod(w http.ResponseWriter, r *http.Request) {
	routes := chi.RouteContext(r.Context()).Routes
	for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
		if routes.Match(chi.NewRouteContext(), method, r.URL.Path) {
			w.Header().Add("Allow", method)
		}
	}
	s.sayNo(w, r, errNoMethod)
}

// sayNo answers scripts as JSON and people with a page.
func (s *Sandbox) sayNo(w http.ResponseWriter, r *http.Request, err error) {
	if strings.HasPrefix(r.URL.Path, "/_sandbox/") {
		reply.JSON(w, statusOf(err), map[string]string{"error": err.Error()})
		return
	}
	s.showProblem(w, r, "/", err)
}
