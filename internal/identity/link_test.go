package identity_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"portal/internal/identity"
)

// post keeps links, and presses those that are there.
type post struct {
	links    map[identity.Token]identity.Link
	browsers []identity.Token // that pressed
	opened   []identity.Opening
	again    time.Duration // how long a browser may press again
}

func (p *post) PutLink(_ context.Context, t identity.Token, l identity.Link, _ time.Time) error {
	p.links[t] = l
	return nil
}

func (p *post) Link(_ context.Context, t identity.Token, _ time.Time) (identity.Link, error) {
	l, ok := p.links[t]
	if !ok {
		return l, identity.ErrLinkUnknown
	}
	return l, nil
}

func (p *post) PressLink(ctx context.Context, t, browser identity.Token, o identity.Opening, now, since time.Time) (identity.Link, error) {
	p.browsers, p.opened, p.again = append(p.browsers, browser), append(p.opened, o), now.Sub(since)
	return p.Link(ctx, t, now)
}

func newPost() (*post, *desk) {
	p, d := &post{links: map[identity.Token]identity.Link{}}, newDesk()
	d.Links = p
	return p, d
}

var invited = identity.Link{
	Subject: "customer 7", Email: "ada@example.com", Wish: identity.Wish{Flow: "company", Case: "north"}, Locale: "de",
	Facts: `{"name":"Ada"}`, Key: "shop",
}

func TestLinkIsGoodForMinutes(t *testing.T) {
	t.Parallel()
	p, d := newPost()
	token, got, err := d.NewLink(t.Context(), invited)
	want := invited
	want.ExpiresAt = d.now.Add(identity.LinkValidity)
	if err != nil || got != want || p.links[token] != want || len(token.Reveal()) < 26 {
		t.Errorf("%+v, %v", got, err)
	}
	if again, _, _ := d.NewLink(t.Context(), invited); again == token {
		t.Error("two links have one token")
	}
}

func TestLookingAtALinkDoesNotPressIt(t *testing.T) {
	t.Parallel()
	p, d := newPost()
	token, want, _ := d.NewLink(t.Context(), invited)
	for range 3 {
		if got, err := d.Link(t.Context(), token); err != nil || got != want {
			t.Errorf("%+v, %v", got, err)
		}
	}
	if len(p.opened) > 0 {
		t.Error("somebody is signed in")
	}
}

func TestPressingALinkOpensANewSession(t *testing.T) {
	t.Parallel()
	p, d := newPost()
	token, want, _ := d.NewLink(t.Context(), invited)
	o := identity.Opening{Session: "chosen by somebody else", Replaces: "former", Device: "Firefox on Linux"}
	session, got, err := d.PressLink(t.Context(), token, "browser", o)
	if err != nil || got != want || p.browsers[0] != "browser" || p.again != time.Minute {
		t.Fatalf("%+v, %v; again for %s", got, err, p.again)
	}
	o.Session = session
	if p.opened[0] != o || len(session.Reveal()) < 26 {
		t.Errorf("opened %+v", p.opened[0])
	}
	if none, _, err := d.PressLink(t.Context(), "made up", "browser", o); !errors.Is(err, identity.ErrLinkUnknown) || none != "" {
		t.Errorf("a made-up link: %v", err)
	}
}
