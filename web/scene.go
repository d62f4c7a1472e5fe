package web

import (
	"context"
	"net/http"
	"net/url"

	"portal/internal/brand"
	"portal/internal/identity"
	"portal/templates"
)

// scene is what a request turns out to be about, as far as the look of its page depends on it, and what was found out on the
// way to its answer.
type scene struct {
	flow    string        // whose brand the page wears
	wish    identity.Wish // what a sign-in at an identity provider, whose addresses do not say it, is for
	query   url.Values    // of the address
	refused refusals
}

type sceneKey struct{}

// staged gives a request its scene: at first what its address says.
func staged(r *http.Request) context.Context {
	now := &scene{}
	if r.URL.RawQuery != "" {
		now.query = r.URL.Query()
		now.flow = now.query.Get("flow")
	}
	return context.WithValue(r.Context(), sceneKey{}, now)
}

// sceneOf is the scene of the request that ctx belongs to; one that nobody sees outside of one.
func sceneOf(ctx context.Context) *scene {
	if now, ok := ctx.Value(sceneKey{}).(*scene); ok {
		return now
	}
	return &scene{}
}

// query is what the address of a request says behind the question mark. It is read once.
func query(r *http.Request) url.Values {
	if now, ok := r.Context().Value(sceneKey{}).(*scene); ok {
		return now.query
	}
	return r.URL.Query()
}

// about says which flow a request turns out to be about.
func about(ctx context.Context, flow string) {
	if flow != "" {
		sceneOf(ctx).flow = flow
	}
}

// aboutWish says what a sign-in at an identity provider turns out to be for.
func aboutWish(ctx context.Context, w identity.Wish) {
	about(ctx, w.Flow)
	sceneOf(ctx).wish = w
}

// wished is what a sign-in at an identity provider is for, if that is known.
func wished(ctx context.Context) identity.Wish { return sceneOf(ctx).wish }

// mayKnow says whether a request brings a cookie by which its page may be about somebody, and so may hold what is theirs.
func (s *Server) mayKnow(r *http.Request) bool {
	return s.Applicants != nil && (s.Applicants.Sessions.Sent(r) || s.Applicants.SignIns.Sent(r))
}

// site is how the page of a request looks.
func (s *Server) site(ctx context.Context) templates.Site { return s.siteOf(sceneOf(ctx).flow) }

// siteOf is how the pages of a flow look.
func (s *Server) siteOf(flow string) templates.Site {
	site := s.Site
	if b, ok := s.Brands[flow]; ok {
		site.Brand = b
	}
	return site
}

// brand is the one that the page of a request wears.
func (s *Server) brand(ctx context.Context) brand.Brand { return s.site(ctx).Brand }
