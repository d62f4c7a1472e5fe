package middleware

import (
	"net/http"
	"slices"

	"portal/internal/i18n"
)

// NegotiateLocale picks the language for the request's Accept-Language and says so in the answer. Once is enough, but
// twice does no harm.
func NegotiateLocale(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		locale := i18n.Negotiate(r.Header.Get("Accept-Language"))
		h := w.Header()
		h.Set("Content-Language", locale.Lang())
		if !slices.Contains(h.Values("Vary"), "Accept-Language") {
			h.Add("Vary", "Accept-Language")
		}
		next.ServeHTTP(w, r.WithContext(i18n.With(r.Context(), locale)))
	})
}
