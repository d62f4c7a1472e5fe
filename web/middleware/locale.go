package middleware

import (
	"net/http"
	"slices"
	"strings"

	"portal/internal/i18n"
)

// Where languages are named. The cookies have the prefix of all of the portal's before these names.
const (
	// ChoiceCookie is the name of the cookie that holds the language somebody has chosen on a page, as a BCP 47 tag.
	ChoiceCookie = "portal_language"
	// LanguageParam is the name of the language in the address of a page, such as the one that a company's e-mail leads to.
	LanguageParam = "lang"
	// AddressCookie is the name of the cookie that holds the language that the address of an earlier page named.
	AddressCookie = "portal_address_language"
	// LocaleCookie is the name of the cookie that holds the language that the company says somebody wants.
	LocaleCookie = "portal_locale"
)

// NegotiateLocale picks the language of the page: the one that the visitor chose, else the one that the address names or an
// earlier one did, else the one that the company names, else one that the browser says they read. What the portal does not
// speak counts as not said. It says in the answer what it picked. Once is enough, but twice does no harm. Cookies have the
// prefix before their names.
func NegotiateLocale(languages *i18n.Languages, prefix string) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			locale := negotiated(languages, prefix, r)
			h := w.Header()
			h.Set("Content-Language", locale.Lang())
			if !slices.Contains(h.Values("Vary"), "Accept-Language") {
				h.Add("Vary", "Accept-Language")
			}
			next.ServeHTTP(w, r.WithContext(i18n.With(r.Context(), locale)))
		})
	}
}

func negotiated(languages *i18n.Languages, prefix string, r *http.Request) i18n.Locale {
	if l, ok := OwnLanguage(languages, prefix, r); ok {
		return l
	}
	if of := kept(r, prefix+LocaleCookie); of != "" {
		if l, ok := languages.Match(of); ok {
			return l
		}
	}
	return languages.Negotiate(r.Header.Get("Accept-Language"))
}

// OwnLanguage is the language that the visitor has chosen, else the one that the address of this page or of an earlier one
// names: all that is stronger than the company's word.
func OwnLanguage(languages *i18n.Languages, prefix string, r *http.Request) (i18n.Locale, bool) {
	for _, lang := range [...]string{kept(r, prefix+ChoiceCookie), addressed(r), kept(r, prefix+AddressCookie)} {
		if lang == "" {
			continue
		}
		if l, ok := languages.Match(lang); ok {
			return l, true
		}
	}
	return i18n.Locale{}, false
}

// addressed is the language that the address names, if it names one. Most do not, and are not taken apart.
func addressed(r *http.Request) string {
	if !strings.Contains(r.URL.RawQuery, LanguageParam) {
		return ""
	}
	return r.URL.Query().Get(LanguageParam)
}

// kept is the value of a cookie, if there is one.
func kept(r *http.Request, name string) string {
	if c, err := r.Cookie(name); err == nil {
		return c.Value
	}
	return ""
}
