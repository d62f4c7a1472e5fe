package web

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net/http"

	"portal/internal/identity"
	"portal/internal/onboarding"
	"portal/templates"
)

// showLink shows a one-time link and changes nothing: only the press does. The browser is given what lets it press twice.
func (s *Server) showLink(r *http.Request) (answer, error) {
	token, ok := identity.ParseToken(r.PathValue("token"))
	if !ok {
		return s.deadLink(r, "", identity.Link{}, identity.ErrLinkUnknown)
	}
	l, err := s.Applicants.Desk.Link(r.Context(), token)
	l.Wish = s.offered(l.Wish)
	about(r.Context(), l.Flow)
	v, visiting := s.visit(r)
	in := visiting == nil
	theirs := in && l.Subject != "" && v.Issuer == identity.LinkIssuer && v.Subject == l.Subject
	switch {
	case errors.Is(err, identity.ErrLinkUsed) && theirs && v.stands(l.Wish): // they have gone back to it
		return see(s.flowAddress("", l.Flow)), nil
	case err != nil:
		return s.deadLink(r, token, l, err)
	}
	browser := s.token(r, s.Applicants.SignIns)
	if browser == "" {
		browser = identity.NewToken()
	}
	cookie, err := s.Applicants.SignIns.Cookie(browser)
	if err != nil {
		return answer{}, err
	}
	ctx := s.localeOf(r, l.Locale)
	view := templates.SignInLinkView{Title: s.title(ctx, l.Flow), Path: s.linkPath(token)}
	if in {
		view.Account, view.Ends = v.account(), !theirs
	}
	return answer{ctx: ctx, cookies: []*http.Cookie{cookie}, page: templates.SignInLink(view)}, nil
}

func (s *Server) linkPath(t identity.Token) string { return s.address("/sign-in/link/") + t.Reveal() }

// pressLink signs the subject of a one-time link in.
func (s *Server) pressLink(r *http.Request) (answer, error) {
	token, ok := identity.ParseToken(r.PathValue("token"))
	if !ok {
		return s.deadLink(r, "", identity.Link{}, identity.ErrLinkUnknown)
	}
	browser := s.token(r, s.Applicants.SignIns)
	if browser == "" {
		l, err := s.Applicants.Desk.Link(r.Context(), token)
		return s.deadLink(r, token, l, cmp.Or(err, errNoCookies))
	}
	session, l, err := s.Applicants.Desk.PressLink(r.Context(), token, browser, s.opening(r))
	if err != nil {
		return s.deadLink(r, token, l, err)
	}
	var facts onboarding.Facts
	if l.FactsVoid {
		s.Log.ErrorContext(r.Context(), "facts of a link do not open: PORTAL_SEAL_KEYSET lacks what sealed them")
	}
	if l.Facts != "" {
		if facts, err = onboarding.DecodeFacts(l.Facts.Reveal()); err != nil { // another release wrote them; the form asks for them
			s.Log.ErrorContext(r.Context(), "facts of a link not read", slog.Any("error", err))
		}
	}
	ctx := s.localeOf(r, l.Locale)
	a, err := s.signedIn(r.WithContext(ctx), session, l.Wish, facts, s.localeCookies(r, l.Locale)...)
	a.ctx = ctx
	return a, err
}

var errNoCookies = errors.New("the browser keeps no cookies")

// deadLink says why a link does not sign in and offers the other ways.
func (s *Server) deadLink(r *http.Request, t identity.Token, l identity.Link, err error) (answer, error) {
	ctx := s.localeOf(r, l.Locale)
	a, v := answer{ctx: ctx, status: http.StatusGone}, templates.DeadLinkView{Wish: s.wishView(l.Wish), WaysIn: s.waysIn(ctx)}
	if who, err := s.look(r); err == nil {
		v.Account = who.account()
	}
	switch {
	case errors.Is(err, identity.ErrLinkUsed):
		v.Kind = "used"
	case errors.Is(err, identity.ErrLinkExpired):
		v.Kind = "expired"
	case errors.Is(err, identity.ErrLinkUnknown):
		a.status, v.Kind = http.StatusNotFound, "unknown"
	case errors.Is(err, errNoCookies):
		a.status, v.Kind, v.TryPath = http.StatusUnprocessableEntity, "cookies", s.linkPath(t)
	default:
		return answer{}, fmt.Errorf("following a link: %w", err)
	}
	s.refuse(r, "one-time link: "+v.Kind)
	a.page = templates.DeadLink(v)
	return a, nil
}
