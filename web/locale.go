package web

import (
	"net/http"

	"portal/internal/i18n"
	"portal/web/middleware"
)

// localeCookies make the browser ask for the language that the company, or its identity provider, knows the person by.
// Where they say none it forgets the language of whoever signed in before.
func (s *Server) localeCookies(r *http.Request, locale string) []*http.Cookie {
	if _, err := r.Cookie(middleware.LocaleCookie); locale == "" && err == nil {
		return []*http.Cookie{s.localeRemoval()}
	}
	if locale == "" {
		return nil
	}
	return []*http.Cookie{s.localeCookie(i18n.Negotiate(locale).Lang(), int(s.Applicants.Desk.Limits.Absolute.Seconds()))}
}

// localeRemoval makes the browser forget the language of whoever signs out: the next one may speak another.
func (s *Server) localeRemoval() *http.Cookie { return s.localeCookie("", -1) }

func (s *Server) localeCookie(lang string, maxAge int) *http.Cookie {
	return &http.Cookie{
		Name: middleware.LocaleCookie, Value: lang, Path: s.address(""), MaxAge: maxAge,
		Secure: s.BaseURL.Scheme == "https", HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
}
