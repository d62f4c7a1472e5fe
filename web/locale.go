package web

import (
	"context"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"portal/internal/i18n"
	"portal/web/middleware"
	"portal/web/session"
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
	to := s.pageOfOurs(r.PostForm.Get("to"))
	if keepsNothing(r) { // the cookie may not be kept, either
		to = inLanguage(to, l.Lang())
	}
	return see(to, s.languageCookie(middleware.ChoiceCookie, l.Lang(), choiceFor)), nil
}

// inLanguage is a page of ours whose address names the language.
func inLanguage(page, lang string) string {
	u, err := url.Parse(page)
	if err != nil {
		return page
	}
	q := u.Query()
	q.Set(middleware.LanguageParam, lang)
	u.RawQuery = q.Encode()
	return u.RequestURI()
}

// pageOfOurs is an address of ours that shows a page; the start page where it is not, since anybody may have written it. What
// may redirect to another site is not, either: browsers would stop there, since a form led to it.
func (s *Server) pageOfOurs(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || !s.shows(u.Path) || s.atProvider(u.Path) || s.completes(u.Path) {
		return s.address("")
	}
	return u.RequestURI()
}

// shows says whether a page can be asked for at a path. One with dots or slashes that browsers, or a redirect, would resolve
// is none: it may end outside of ours. The start page has one slash that does no harm.
func (s *Server) shows(at string) bool {
	if at == s.base+"/" {
		return true
	}
	routes, ok := s.routes.(chi.Routes)
	return ok && path.Clean(at) == at && strings.HasPrefix(at, s.address("")) && routes.Match(chi.NewRouteContext(), http.MethodGet, at)
}

// atProvider says whether a path is one of signing in at an identity provider.
func (s *Server) atProvider(at string) bool { return strings.HasPrefix(at, s.base+"/sign-in/oidc/") }

// completes says whether a path is the one that leads on to the company.
func (s *Server) completes(at string) bool { return at == s.base+"/complete" }

// here is where a change of language leads back to: the page of a request, or the one before it where that may redirect to
// another site.
func (s *Server) here(r *http.Request) string {
	if s.completes(r.URL.Path) && !s.carriesKey(r) {
		return s.flowAddress("", r.URL.Query().Get("flow"))
	}
	return s.again(r)
}

// again is the address that shows the page of a request again, without what must not stand in pages; empty where there is
// none. What comes back from an identity provider is good once, and secret: it begins again.
func (s *Server) again(r *http.Request) string {
	u := *r.URL
	if r.Method == http.MethodPost {
		u.Path, u.RawPath, u.RawQuery = s.formAt(u.Path), "", aboutForm(r.PostForm)
	}
	if s.carriesKey(r) || !s.shows(u.Path) {
		return ""
	}
	if s.atProvider(u.Path) {
		return s.signInAgain(r, u.Query())
	}
	if q := u.Query(); q.Has(middleware.LanguageParam) {
		q.Del(middleware.LanguageParam)
		u.RawQuery = q.Encode()
	}
	return u.RequestURI()
}

// signInAgain is the page of sign-in for what was wanted at an identity provider.
func (s *Server) signInAgain(r *http.Request, q url.Values) string {
	w := wished(r.Context())
	if w.Flow == "" {
		w, _ = s.wish(q) // what is no wish is left out below
	}
	w.Finishing = false // whoever has signed in meanwhile would be led to the company
	return s.address("/sign-in") + s.query(w)
}

// formPages are the pages of forms that are sent to another address, by that.
var formPages = map[string]string{
	"/sign-in/code": "/sign-in", "/associates": "/associates/new", "/associates/submit": "/associates/review",
}

// formAt is the path of the page with the form that is sent to a path: mostly the same.
func (s *Server) formAt(path string) string {
	if page, ok := formPages[strings.TrimPrefix(path, s.base)]; ok {
		return s.base + page
	}
	return path
}

// aboutForm is what a form is about, as the address of its page says it; nothing of what was typed.
func aboutForm(sent url.Values) string {
	about := url.Values{}
	for _, name := range []string{"registration", "of", "type", "flow", "case", "finishing"} {
		if value := sent.Get(name); value != "" {
			about.Set(name, value)
		}
	}
	return about.Encode()
}

// localeCookies make the browser ask for the language that the company, or its identity provider, knows the person by.
// Where they say none that the portal speaks, it forgets the language of whoever signed in before.
func (s *Server) localeCookies(r *http.Request, locale string) []*http.Cookie {
	if l, ok := s.Site.Languages.Match(locale); ok {
		return []*http.Cookie{s.languageCookie(middleware.LocaleCookie, l.Lang(), s.Applicants.Desk.Limits.Absolute)}
	}
	if _, err := r.Cookie(session.Prefix(s.BaseURL) + middleware.LocaleCookie); err == nil {
		return []*http.Cookie{s.languageCookie(middleware.LocaleCookie, "", -time.Second)}
	}
	return nil
}

// addressedLocale keeps the language that the address of a page names, for the pages after it: until they sign out.
func (s *Server) addressedLocale(r *http.Request) []*http.Cookie {
	if r.URL.RawQuery == "" || s.Applicants == nil {
		return nil
	}
	l, ok := s.Site.Languages.Match(r.URL.Query().Get(middleware.LanguageParam))
	if !ok {
		return nil
	}
	return []*http.Cookie{s.languageCookie(middleware.AddressCookie, l.Lang(), s.Applicants.Desk.Limits.Absolute)}
}

// localeRemovals make the browser forget the languages of whoever signs out, but for a chosen one: the next one may speak
// another.
func (s *Server) localeRemovals() []*http.Cookie {
	return []*http.Cookie{
		s.languageCookie(middleware.LocaleCookie, "", -time.Second), s.languageCookie(middleware.AddressCookie, "", -time.Second),
	}
}

func (s *Server) languageCookie(name, lang string, keep time.Duration) *http.Cookie {
	return &http.Cookie{
		Name: session.Prefix(s.BaseURL) + name, Value: lang, Path: s.address(""), MaxAge: int(keep.Seconds()),
		Secure: s.BaseURL.Scheme == "https", HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
}

// localeOf has a page speak the language that the company knows somebody by, unless they, or an address, name another.
func (s *Server) localeOf(r *http.Request, locale string) context.Context {
	_, own := middleware.OwnLanguage(s.Site.Languages, session.Prefix(s.BaseURL), r)
	l, ok := s.Site.Languages.Match(locale)
	if own || !ok {
		return r.Context()
	}
	return i18n.With(r.Context(), l)
}
