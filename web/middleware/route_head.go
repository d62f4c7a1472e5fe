package middleware

import (
	"net/http"

	"github.com/go-chi/chi/v5"
)

// RouteHead routes HEAD as GET, for monitors and mail scanners, which look before they read. The server drops the
// body. It must be installed on the chi router itself (Use).
func RouteHead(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead {
			chi.RouteContext(r.Context()).RouteMethod = http.MethodGet
		}
		next.ServeHTTP(w, r)
	})
}
