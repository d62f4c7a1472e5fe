package middleware

import (
	"net/http"
	"slices"

	"portal/internal/i18n"
)

const (
	// ChoiceCookie is the name of the cookie that holds the language somebody has chosen on a page, as a BCP 47 tag.
	ChoiceCookie = "portal_language"
	// LanguageParam is the name of the language in the address of a page, such as the one that a company's e-mail leads to.
	LanguageParam = "lang"
	// LocaleCookie is the name of the cookie that holds the language that the company, or the address of a page, says
	// somebody wants.
	LocaleCookie = "portal_locale"
)

// NegotiateLocale picks the language of the page: the one that the visitor chose, else the one that the address or the
// company names, else one that the browser says they read. It says so in the answer. Once is enough, but twice does no harm.
func NegotiateLocale(languages *i18n.Languages) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			locale := languages.Negotiate(wanted(r))
			h := w.Header()
			h.Set("Content-Language", locale.Lang())
			if !slices.Contains(h.Values("Vary"), "Accept-Language") {
				h.Add("Vary", "Accept-Language")
			}
			next.ServeHTTP(w, r.WithContext(i18n.With(r.Context(), locale)))
		})
	}
}

func wanted(r *http.Request) string {
	if lang := Chosen(r); lang != "" {
		return lang
	}
	if lang := r.URL.Query().Get(LanguageParam); lang != "" {
		return lang
	}
	if c, err := r.Cookie(LocaleCookie); err == nil && c.Value != "" {
		return c.Value
	}
	return r.Header.Get("Accept-Language")
}

// Chosen is the language that the visitor has chosen, if any.
func Chosen(r *http.Request) string {
	if c, err := r.Cookie(ChoiceCookie); err == nil {
		return c.Value
	}
	return ""
}
