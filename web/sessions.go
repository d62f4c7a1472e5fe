package web

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"time"

	"portal/internal/i18n"
	"portal/internal/identity"
	"portal/templates"
	"portal/web/middleware"
)

// sessionsNotices are the messages about what has been done, by what the address says.
var sessionsNotices = map[string]string{"one": "sessions.ended_one", "others": "sessions.ended_others"}

// showSessions lists where the applicant is signed in.
func (s *Server) showSessions(r *http.Request) (answer, error) {
	v, list, err := s.visitSessions(r)
	if nobody(err) {
		return see(s.address("/sign-in")), nil
	}
	if err != nil {
		return answer{}, err
	}
	view := templates.SessionsView{Account: v.account(), Notice: sessionsNotices[r.URL.Query().Get("ended")]}
	for _, one := range list {
		view.Sessions = append(view.Sessions, s.sessionRow(r.Context(), one, one.ID == v.ID))
	}
	return s.warned(r, v, answer{page: templates.Sessions(view)}), nil
}

// sessionRow is a session in words.
func (s *Server) sessionRow(ctx context.Context, one identity.Session, here bool) templates.SessionRow {
	row := templates.SessionRow{
		ID: string(one.ID), Device: cmp.Or(one.Device, i18n.T(ctx, "sessions.unknown_device")), Way: s.wayOf(ctx, one),
		Since: moment(ctx, one.CreatedAt, s.Now()), Seen: moment(ctx, one.SeenAt, s.Now()), Here: here,
	}
	if here {
		row.Seen.Text = i18n.T(ctx, "ago.now")
	}
	return row
}

// wayOf says how a session began.
func (s *Server) wayOf(ctx context.Context, one identity.Session) string {
	switch one.Issuer {
	case identity.EmailIssuer:
		return i18n.T(ctx, "sessions.by_code")
	case identity.LinkIssuer:
		return i18n.T(ctx, "sessions.by_link", "company", s.brand(ctx).Name)
	}
	for _, w := range s.waysIn(ctx) {
		if w.Name == one.Provider.Name {
			return i18n.T(ctx, "sessions.by_provider", "provider", w.Title)
		}
	}
	return i18n.T(ctx, "sessions.by_other") // a provider that the company has no more
}

// moment says how long ago something was, which is the same everywhere: where in the world somebody is, is not known.
func moment(ctx context.Context, at, now time.Time) templates.Moment {
	m := templates.Moment{Text: i18n.T(ctx, "ago.now"), Machine: at.UTC().Format(time.RFC3339)}
	for _, unit := range []struct {
		key string
		of  time.Duration
		up  time.Duration // to where it is told in this unit
	}{{"ago.minutes", time.Minute, time.Hour}, {"ago.hours", time.Hour, 48 * time.Hour}, {"ago.days", 24 * time.Hour, 1 << 62}} {
		if past := now.Sub(at); past >= unit.of && past < unit.up {
			m.Text = i18n.T(ctx, unit.key, "count", int(past/unit.of))
		}
	}
	return m
}

// sessionForm is what the name of a session looks like.
var sessionForm = regexp.MustCompile(`^[0-9a-f]{16}$`)

// endSession signs the applicant out in one place, which may be here.
func (s *Server) endSession(r *http.Request) (answer, error) {
	v, err := s.ending(r)
	if nobody(err) {
		return see(s.address("/sign-in")), nil
	}
	if err != nil {
		return answer{}, err
	}
	id := identity.SessionID(r.PostForm.Get("session"))
	switch {
	case id == v.ID:
		return s.signOut(r)
	case !sessionForm.MatchString(string(id)):
		return see(s.address("/sessions")), nil
	}
	if err := s.Applicants.Desk.EndOwn(r.Context(), v.Applicant, id); err != nil {
		return answer{}, fmt.Errorf("ending a session: %w", err)
	}
	middleware.Note(r.Context(), slog.String("sessions_ended", "one"))
	return see(s.address("/sessions") + "?ended=one"), nil
}

// endOtherSessions signs the applicant out everywhere but here.
func (s *Server) endOtherSessions(r *http.Request) (answer, error) {
	v, err := s.ending(r)
	if nobody(err) {
		return see(s.address("/sign-in")), nil
	}
	if err != nil {
		return answer{}, err
	}
	if err := s.Applicants.Desk.EndOthers(r.Context(), v.Applicant, v.token); err != nil {
		return answer{}, fmt.Errorf("ending other sessions: %w", err)
	}
	middleware.Note(r.Context(), slog.String("sessions_ended", "others"))
	return see(s.address("/sessions") + "?ended=others"), nil
}

// ending reads who wants to end sessions, and the form.
func (s *Server) ending(r *http.Request) (visit, error) {
	if err := parseForm(r); err != nil {
		return visit{}, err
	}
	return s.visit(r)
}
