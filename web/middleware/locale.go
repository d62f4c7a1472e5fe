package middleware

import (
	"net/http"
	"slices"

	"portal/internal/i18n"
)

// LocaleCookie is the name of the cookie that holds the language somebody is known to want, as a BCP 47 tag. It goes before what the browser says.
const LocaleCookie = "portal_locale"

// NegotiateLocale picks the language for the request's [LocaleCookie] and Accept-Language and says so in the answer. Once
// is enough, but twice does no harm.
func NegotiateLocale(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		locale := i18n.Negotiate(wanted(r))
		h := w.Header()
		h.Set("Content-Language", locale.Lang())
		if !slices.Contains(h.Values("Vary"), "Accept-Language") {
			h.Add("Vary", "Accept-Language")
		}
		next.ServeHTTP(w, r.WithContext(i18n.With(r.Context(), locale)))
	})
}

func wanted(r *http.Request) string {
	if c, err := r.Cookie(LocaleCookie); err == nil && c.Value != "" {
		return c.Value
	}
	return r.Header.Get("Accept-Language")
}
