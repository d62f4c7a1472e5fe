package web

import (
	"context"
	"net/http"

	"portal/internal/brand"
	"portal/templates"
)

// scene is what a request turns out to be about, as far as the look of its page depends on it.
type scene struct {
	flow string // whose brand the page wears
}

type sceneKey struct{}

// staged gives a request its scene: at first what its address says.
func (s *Server) staged(r *http.Request) context.Context {
	now := &scene{}
	if r.URL.RawQuery != "" {
		now.flow = r.URL.Query().Get("flow")
	}
	return templates.With(context.WithValue(r.Context(), sceneKey{}, now), s.Site)
}

// about says which flow a request turns out to be about.
func about(ctx context.Context, flow string) {
	if now, ok := ctx.Value(sceneKey{}).(*scene); ok && flow != "" {
		now.flow = flow
	}
}

// site is how the page of a request looks.
func (s *Server) site(ctx context.Context) templates.Site {
	if now, ok := ctx.Value(sceneKey{}).(*scene); ok {
		return s.siteOf(now.flow)
	}
	return s.Site
}

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
