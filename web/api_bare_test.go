package web_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"testing"
	"time"

	"portal/internal/i18n"
	"portal/internal/identity"
	"portal/internal/onboarding"
	"portal/static"
	"portal/templates"
	"portal/web"
	"portal/web/middleware"
	"portal/web/session"
)

// links stands in for the making of links.
type links func(l identity.Link) (identity.Token, identity.Link, error)

func (f links) NewLink(_ context.Context, l identity.Link) (identity.Token, identity.Link, error) {
	return f(l)
}

// keeping makes links and keeps the last in *l.
func keeping(l *identity.Link) links {
	return func(asked identity.Link) (identity.Token, identity.Link, error) {
		*l = asked
		asked.ExpiresAt = time.Date(2026, 1, 31, 12, 10, 0, 0, time.UTC)
		return "JBSWY3DPEHPK3PXPJBSWY3DPEH", asked, nil
	}
}

// unlimited lets everybody in who has the key of the settings.
type unlimited struct{ keys }

type keys = identity.APIKeys

func (unlimited) KeyName(context.Context, identity.Token, time.Time) (string, error) {
	return "", identity.ErrKey
}

func (unlimited) Spend(context.Context, []identity.Allowance, time.Time) error { return nil }
func (unlimited) GiveBack(context.Context, []identity.Allowance) error         { return nil }

// newBareAPI is a portal that can do nothing but make links, without a database.
func newBareAPI(l web.LinkMaker, offered []web.Flow) (*web.Server, error) {
	base, err := url.Parse(publicURL)
	if err != nil {
		return nil, err
	}
	assets, err := northlight.Assets(nil)
	if err != nil {
		return nil, fmt.Errorf("assets: %w", err)
	}
	cookies, err := session.New(session.Options{Keys: [][]byte{cookieKey}, BaseURL: base, Name: "portal_session", MaxAge: time.Hour})
	if err != nil {
		return nil, err
	}
	return web.New(web.Options{
		BaseURL: base, Collection: collection, Embedding: middleware.Embedding{}, LinkParams: [2]string{"request_id", "apikey"},
		Site:    templates.Site{Brand: northlight, Base: base.Path, Assets: static.New(assets), Languages: i18n.BuiltIn},
		Observe: func(string, string, int, time.Duration) {}, Now: time.Now, Log: slog.New(slog.DiscardHandler),
		Applicants: &web.Applicants{Flows: offered, Sessions: cookies, SignIns: cookies, Engine: &onboarding.Engine{}},
		API:        &web.API{Gate: &identity.Gate{Keys: unlimited{}, Allowances: unlimited{}, Fixed: []identity.Token{fixedAPIKey}, Now: time.Now}, Links: l},
	})
}

// bareProgram calls a portal that can do nothing but make links, into flows that are all of them unless given.
func bareProgram(t *testing.T, l web.LinkMaker, offered ...web.Flow) *program {
	t.Helper()
	if offered == nil {
		offered = flows
	}
	portal, err := newBareAPI(l, offered)
	if err != nil {
		t.Fatal(err)
	}
	return &program{t: t, portal: portal, key: fixedAPIKey, seen: map[string]bool{}}
}
