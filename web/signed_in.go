package web

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mileusna/useragent"

	"portal/internal/i18n"
	"portal/internal/identity"
	"portal/internal/onboarding"
	"portal/templates"
	"portal/web/middleware"
)

// from is where a request comes from, as far as limits care.
func (s *Server) from(r *http.Request) identity.From {
	known, _ := s.Applicants.Known.Token(r) // one that does not open, as after a rotation of keys, is as good as none
	return identity.From{Network: middleware.Network(r.Context()), Known: known}
}

// opening is a session about to begin in the browser that asks, in place of the one it has.
func (s *Server) opening(r *http.Request) identity.Opening {
	return identity.Opening{Replaces: s.token(r, s.Applicants.Sessions), Device: device(r.UserAgent())}
}

// device is what people call a browser, as far as it can be told from what it says of itself.
func device(userAgent string) string {
	ua := useragent.Parse(userAgent)
	if ua.OS == "" {
		return limited(ua.Name)
	}
	return limited(cmp.Or(ua.Name, "?") + " · " + ua.OS)
}

// limited keeps a text of a stranger's short, and leaves out what is no text.
func limited(text string) string {
	const most = 60
	runes := []rune(strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || r == utf8.RuneError {
			return -1
		}
		return r
	}, text))
	return string(runes[:min(len(runes), most)])
}

// signedIn hands the browser its session and leads to what the applicant came for. A flow that was chosen starts at
// once; when that goes wrong they are signed in all the same, and the page offers to start again.
func (s *Server) signedIn(r *http.Request, token identity.Token, w identity.Wish, f onboarding.Facts, cookies ...*http.Cookie) (answer, error) {
	cookie, err := s.Applicants.Sessions.Cookie(token)
	if err != nil {
		return answer{}, err
	}
	w, cookies = s.offered(w), append(cookies, cookie)
	middleware.Note(r.Context(), slog.Bool("signed_in", true))
	switch {
	case w.Finishing:
		return s.onward(s.address("/complete"), "onward.finished_title", "onward.finished", cookies...), nil
	case w.Flow == "":
		return see(s.address(""), cookies...), nil
	}
	v, err := s.visitOf(r.Context(), token)
	if over, rejected := s.rejectedAt(v, w.Flow, w.Case); err == nil && rejected {
		return see(s.flowAddress("", over.Flow), cookies...), nil
	}
	if err == nil {
		err = s.start(r, v, w, f)
	}
	if err != nil {
		s.Log.WarnContext(r.Context(), "not started after sign-in", slog.Any("error", err))
		if !v.stands(w) {
			a := s.offer(r, v, w, "error.unavailable")
			a.cookies = cookies
			return a, nil
		}
	}
	return see(s.flowAddress("", w.Flow), cookies...), nil
}

// alreadyIn leads whoever is signed in to what they want. Only a press starts anything.
func (s *Server) alreadyIn(r *http.Request, v visit, w identity.Wish) answer {
	switch {
	case w.Finishing:
		return see(s.address("/complete"))
	case w.Case == "", v.stands(w):
		return see(s.flowAddress("", w.Flow))
	}
	return s.warned(r, v, s.offer(r, v, w, ""))
}

// offer is a page that starts the wished flow and case, where the flow's own page would show another case. The problem
// is the message key of what went wrong.
func (s *Server) offer(r *http.Request, v visit, w identity.Wish, problem string) answer {
	return answer{page: templates.Choose(templates.ChooseView{
		Account: v.account(), Problem: problem,
		Flows: []templates.FlowChoice{{Name: w.Flow, Title: s.title(r.Context(), w.Flow), Case: w.Case}},
	})}
}

// onward is a page that moves on by itself, without being a redirect: browsers apply form-action to the redirects after
// a form, and the way may lead to the company's site or to an identity provider. Title and lead are message keys.
func (s *Server) onward(to, title, lead string, cookies ...*http.Cookie) answer {
	return answer{
		page: templates.Onward(templates.OnwardView{Title: title, Lead: lead, URL: to}), refresh: &refresh{to: to}, cookies: cookies,
	}
}

// waysIn are the company's identity providers for pages.
func (s *Server) waysIn(ctx context.Context) []templates.WayIn {
	list := make([]templates.WayIn, len(s.Applicants.WaysIn))
	for i, w := range s.Applicants.WaysIn {
		list[i] = templates.WayIn{Name: w.Name, Title: cmp.Or(w.Titles[i18n.From(ctx).Lang()], w.Title)}
	}
	return list
}
