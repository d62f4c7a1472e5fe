package static

import (
	"net/http"
	"strconv"
	"strings"

	"portal/internal/coding"
)

// prefix is where the assets live below the portal's base.
const prefix = "/static/"

// contentTypes are the kinds of asset there are.
var contentTypes = map[string]string{
	".css":   "text/css; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".svg":   "image/svg+xml",
	".png":   "image/png",
	".jpg":   "image/jpeg",
	".webp":  "image/webp",
	".woff2": "font/woff2",
}

// ofPages are headers that the portal sends with everything and that mean nothing for what a page is made of. They would be
// larger than the smallest assets.
var ofPages = []string{
	"Content-Language", "Cross-Origin-Embedder-Policy", "Cross-Origin-Opener-Policy", "Origin-Agent-Cluster", "Permissions-Policy",
	"Referrer-Policy", "Reporting-Endpoints", "X-Frame-Options", "X-Robots-Tag",
}

// Handler serves the assets at the paths that URL gives; strip the portal's base before it. Missing answers for what is not there, or was in an earlier
// release; wrongMethod for what nobody does with a file.
func (s *Set) Handler(missing, wrongMethod http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a, ok := s.assets[r.URL.Path]
		switch {
		case !ok:
			missing.ServeHTTP(w, r)
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			w.Header().Set("Allow", "GET, HEAD")
			wrongMethod.ServeHTTP(w, r)
		default:
			a.serve(w, r)
		}
	})
}

// policy is for an asset that somebody opens as a page. Firefox heeds it of a drawing on one of our pages, too, which without its
// styles would be black.
func (a asset) policy() string {
	const nothing = "default-src 'none'"
	if strings.HasPrefix(a.contentType, "image/") {
		return nothing + "; style-src 'unsafe-inline'; img-src data:; font-src data:; sandbox"
	}
	return nothing
}

func (a asset) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	for _, name := range ofPages {
		h.Del(name)
	}
	h.Set("Content-Security-Policy", a.policy())
	h.Set("Content-Type", a.contentType)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Vary", "Accept-Encoding")
	body, as := a.body.For(r.Header.Values("Accept-Encoding"))
	if as != coding.Identity {
		h.Set("Content-Encoding", string(as))
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method == http.MethodGet {
		_, _ = w.Write(body)
	}
}
