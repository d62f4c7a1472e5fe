package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"portal/internal/identity"
	"portal/templates"
)

// unattended marks the address of a page that came back by itself. It is no sign of life: pages that nobody looks at would
// keep their session, or each other's, alive.
const unattended = "unattended"

// attended says whether somebody asks for a page. The mark stays in the address, so that browsers are believed that say
// that a person has loaded it again.
func attended(r *http.Request) bool {
	return r.Method != http.MethodGet || !r.URL.Query().Has(unattended) || r.Header.Get("Sec-Fetch-User") == "?1"
}

// clockSlack is what the clocks of two replicas may differ by, with room to spare. A session that went on in another
// window did so for a minute or more.
const clockSlack = 30 * time.Second

// warned makes a page lead to the warning before the session ends. It is not for pages that are open for as long as somebody
// is busy with them, which are a sign of life, nor for those on which something is typed.
func (s *Server) warned(r *http.Request, v visit, a answer) answer {
	left := s.left(v)
	after := left - identity.SessionWarning
	if after <= 0 { // they have been warned
		after = left
	}
	a.refresh = &refresh{after: wholeSeconds(after), to: s.sessionEndAddress(s.ownPage(r.URL.RequestURI()))}
	return a
}

// lookingAgain makes a page look again by itself after a while. That is no sign of life, and it leads to the warning in
// time: a look that might be answered only when the warning is due would miss it.
func (s *Server) lookingAgain(r *http.Request, v visit, a answer, after time.Duration, to string) answer {
	a = s.warned(r, v, a)
	if after+pageFor < a.refresh.after {
		a.refresh = &refresh{after: after, to: unattendedPage(to)}
	}
	return a
}

// watchedPage is one that looks again by itself, unless its script has more news than a look would.
func (s *Server) watchedPage(r *http.Request, v visit, a answer, after time.Duration, to string) answer {
	sooner := s.lookingAgain(r, v, a, after, to).refresh
	a = s.lookingAgain(r, v, a, scriptWithin(after), to)
	if *sooner != *a.refresh { // otherwise both lead to the warning
		a.sooner = sooner
	}
	return a
}

// left is how long the session goes on without a sign of life.
func (s *Server) left(v visit) time.Duration {
	return v.EndsAt(s.Applicants.Desk.Limits).Sub(s.Now())
}

// wholeSeconds is the duration for a Refresh header: never too early.
func wholeSeconds(d time.Duration) time.Duration {
	return max(d, 0).Truncate(time.Second) + time.Second
}

func (s *Server) sessionEndAddress(to string) string {
	return s.address("/session") + "?" + url.Values{"to": {to}}.Encode()
}

// warnedPages are the pages that lead to the warning.
func (s *Server) warnedPages() []string {
	return []string{
		s.address(""), s.address("/complete"), s.address("/sessions"), s.address("/associates"), s.address("/associates/review"),
	}
}

// leadsToWarning says whether a page of that path does.
func (s *Server) leadsToWarning(path string) bool {
	one, isOne := strings.CutPrefix(path, s.address("/associates/"))
	one = strings.TrimSuffix(one, "/withdraw")
	return slices.Contains(s.warnedPages(), path) || isOne && idIn(one) == one && one != ""
}

// ownPage is the page with a warning that an address names, with what it is about; the start page where the address
// leads elsewhere, since anybody may have written it.
func (s *Server) ownPage(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || !s.leadsToWarning(u.Path) {
		return s.address("")
	}
	about := url.Values{}
	for _, name := range []string{"flow", "page"} {
		if value := u.Query().Get(name); value != "" {
			about.Set(name, value)
		}
	}
	for _, name := range []string{"registration", "of"} {
		if id := idIn(u.Query().Get(name)); id != "" {
			about.Set(name, id)
		}
	}
	return (&url.URL{Path: u.Path, RawQuery: about.Encode()}).String()
}

// unattendedPage is a page of ours to which the browser goes by itself.
func unattendedPage(own string) string {
	if strings.Contains(own, "?") {
		return own + "&" + unattended + "=1"
	}
	return own + "?" + unattended + "=1"
}

// showSessionEnd warns that the session is about to end, says that it has ended, or goes back where it went on in another
// window. Looking at it is no sign of life.
func (s *Server) showSessionEnd(r *http.Request) (answer, error) {
	to := s.ownPage(r.URL.Query().Get("to"))
	v, err := s.look(r)
	if wantsJSON(r) {
		return s.sessionJSON(v, err)
	}
	if nobody(err) {
		return answer{page: templates.SessionOver()}, nil
	}
	if err != nil {
		return answer{}, err
	}
	left := s.left(v)
	if left > identity.SessionWarning+clockSlack {
		return see(unattendedPage(to)), nil
	}
	_, final := s.remaining(v)
	return answer{
		refresh: &refresh{after: wholeSeconds(left), to: s.sessionEndAddress(to)},
		page: templates.SessionEnd(templates.SessionEndView{
			Minutes: max(int((left+time.Minute/2)/time.Minute), 1), Final: final,
			To: to, Account: v.account(),
		}),
	}, nil
}

// extendSession goes back to the page that the warning came from, or ends the session for a new one where it cannot go on.
func (s *Server) extendSession(r *http.Request) (answer, error) {
	if err := parseForm(r); err != nil {
		return answer{}, err
	}
	to := s.ownPage(r.PostForm.Get("to"))
	v, err := s.visit(r)
	if wantsJSON(r) {
		return s.sessionJSON(v, err)
	}
	if nobody(err) {
		return see(s.sessionEndAddress(to)), nil
	}
	if err != nil {
		return answer{}, err
	}
	if !r.PostForm.Has("again") {
		return s.goBack(to), nil
	}
	if _, err := s.Applicants.Desk.SignOut(r.Context(), v.token); err != nil && !errors.Is(err, identity.ErrNobody) {
		return answer{}, fmt.Errorf("ending a session for a new one: %w", err)
	}
	return see(s.address("/sign-in"), s.Applicants.Sessions.Removal()), nil
}

// goBack leads from the warning to the page it came from. The one for finished forms may redirect to the company's site,
// where browsers do not let a form lead.
func (s *Server) goBack(to string) answer {
	if strings.HasPrefix(to, s.address("/complete")) {
		return s.onward(to, "onward.finished_title", "onward.finished")
	}
	return see(to)
}
