package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"portal/internal/i18n"
	"portal/web/middleware"
)

// choiceFor is how long a browser keeps the language that was chosen in it.
const choiceFor = 365 * 24 * time.Hour

// chooseLanguage keeps the language that somebody has chosen and leads back to the page where they did.
func (s *Server) chooseLanguage(r *http.Request) (answer, error) {
	if err := parseForm(r); err != nil {
		return answer{}, err
	}
	l, ok := s.Site.Languages.Named(r.PostForm.Get("lang"))
	if !ok {
		return answer{}, problem{status: http.StatusUnprocessableEntity}
	}
	return see(s.pageOfOurs(r.PostForm.Get("to")), s.languageCookie(middleware.ChoiceCookie, l.Lang(), choiceFor)), nil
}

// pageOfOurs is an address of ours that shows a page; the start page where it is not, since anybody may have written it.
func (s *Server) pageOfOurs(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || !s.shows(u.Path) {
		return s.address("")
	}
	return u.RequestURI()
}

// shows says whether a page can be asked for at a path.
func (s *Server) shows(path string) bool {
	routes, ok := s.routes.(chi.Routes)
	return ok && strings.HasPrefix(path, s.address("")) && routes.Match(chi.NewRouteContext(), http.MethodGet, path)
}

// here is the address that shows the page of a request again, without what must not stand in pages; empty where there is
// none. A form that was not accepted leads back to the page that it is on.
func (s *Server) here(r *http.Request) string {
	if s.carriesKey(r) || !s.shows(r.URL.Path) {
		return ""
	}
	u := *r.URL
	if q := u.Query(); q.Has(middleware.LanguageParam) {
		q.Del(middleware.LanguageParam)
		u.RawQuery = q.Encode()
	}
	return u.RequestURI()
}

// localeCookies make the browser ask for the language that the company, or its identity provider, knows the person by.
// Where they say none it forgets the language of whoever signed in before.
func (s *Server) localeCookies(r *http.Request, locale string) []*http.Cookie {
	if _, err := r.Cookie(middleware.LocaleCookie); locale == "" && err == nil {
		return []*http.Cookie{s.localeRemoval()}
	}
	if locale == "" {
		return nil
	}
	return []*http.Cookie{s.localeCookie(locale)}
}

// addressedLocale keeps the language that the address of a page names, for the pages after it.
func (s *Server) addressedLocale(r *http.Request) []*http.Cookie {
	lang := ""
	if r.URL.RawQuery != "" && s.Applicants != nil {
		lang = r.URL.Query().Get(middleware.LanguageParam)
	}
	if lang == "" {
		return nil
	}
	return []*http.Cookie{s.localeCookie(lang)}
}

// localeRemoval makes the browser forget the language of whoever signs out: the next one may speak another.
func (s *Server) localeRemoval() *http.Cookie { return s.languageCookie(middleware.LocaleCookie, "", -time.Second) }

func (s *Server) localeCookie(locale string) *http.Cookie {
	return s.languageCookie(middleware.LocaleCookie, s.Site.Languages.Negotiate(locale).Lang(), s.Applicants.Desk.Limits.Absolute)
}

func (s *Server) languageCookie(name, lang string, keep time.Duration) *http.Cookie {
	return &http.Cookie{
		Name: name, Value: lang, Path: s.address(""), MaxAge: int(keep.Seconds()),
		Secure: s.BaseURL.Scheme == "https", HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
}

// localeOf has a page speak the language that the company knows somebody by, unless they have chosen one.
func (s *Server) localeOf(r *http.Request, locale string) context.Context {
	if locale == "" || middleware.Chosen(r) != "" {
		return r.Context()
	}
	return i18n.With(r.Context(), s.Site.Languages.Negotiate(locale))
}
