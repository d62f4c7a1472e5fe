package web

import (
	"net/url"

	"portal/internal/identity"
	"portal/templates"
)

// wish reads what somebody wants to sign in for.
func (s *Server) wish(from url.Values) (identity.Wish, error) {
	flow, err := s.wantedFlow(from.Get("flow"))
	w := identity.Wish{Flow: flow, Finishing: from.Has("finishing")}
	if err == nil && flow != "" { // a case is one of a flow
		w.Case = from.Get("case")
		err = s.flows[flow].CheckCase(w.Case)
	}
	return w, err
}

// offered is a wish that was stored, without a flow or case that the company no longer has: whoever signs in for it is
// not turned away.
func (s *Server) offered(w identity.Wish) identity.Wish {
	if f, ok := s.flows[w.Flow]; !ok || f.CheckCase(w.Case) != nil {
		w.Flow, w.Case = "", ""
	}
	return w
}

// wishView is a wish for pages.
func (s *Server) wishView(w identity.Wish) templates.Wish {
	w = s.offered(w)
	return templates.Wish{Flow: w.Flow, Case: w.Case, Finishing: w.Finishing}
}

// query is a wish as a part of an address.
func (s *Server) query(w identity.Wish) string { return s.wishView(w).Query() }
