package postgres_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portal/internal/identity"
	"portal/internal/postgres"
)

var invited = identity.Link{
	Subject: "customer 7", Email: "ada@example.com", Wish: identity.Wish{Flow: "company", Case: "north"}, Locale: "de",
	Facts: `{"name":"Ada Lovelace"}`, Key: "shop", ExpiresAt: now.Add(identity.LinkValidity),
}

func putLink(t *testing.T, s *postgres.Store) identity.Token {
	t.Helper()
	token := identity.NewToken()
	if err := s.PutLink(t.Context(), token, invited, now); err != nil {
		t.Fatal(err)
	}
	return token
}

// press presses a link in a browser, which may do so again for a minute.
func press(t *testing.T, s *postgres.Store, link, browser identity.Token, at time.Time) (identity.Opening, error) {
	t.Helper()
	o := opening()
	_, err := s.PressLink(t.Context(), link, browser, o, at, at.Add(-time.Minute))
	return o, err
}

func TestALinkIsReadAsItWasStored(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	token := putLink(t, s)
	for range 2 {
		got, err := s.Link(t.Context(), token, now)
		if diff := cmp.Diff(invited, got); err != nil || diff != "" {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
	}
	if _, err := s.Link(t.Context(), identity.NewToken(), now); !errors.Is(err, identity.ErrLinkUnknown) {
		t.Errorf("a made-up link: %v", err)
	}
}

func TestAPressedLinkSignsItsSubjectIn(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	token, o := putLink(t, s), opening()
	got, err := s.PressLink(t.Context(), token, "browser", o, now, now)
	if diff := cmp.Diff(invited, got); err != nil || diff != "" {
		t.Fatalf("%v (-want +got):\n%s", err, diff)
	}
	who := visit(t, s, o.Session)
	if who.Issuer != identity.LinkIssuer || who.Subject != invited.Subject || who.Email != invited.Email {
		t.Errorf("%+v", who)
	}
	again, err := press(t, s, putLink(t, s), "another browser", now)
	if err != nil || visit(t, s, again.Session).Applicant != who.Applicant {
		t.Errorf("the subject's next link: another applicant, or %v", err)
	}
}

func TestOfManyBrowsersThatPressALinkOneIsSignedIn(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	token := putLink(t, s)
	won := atOnce(50, func(int) error {
		_, err := press(t, s, token, identity.NewToken(), now)
		if err != nil && !errors.Is(err, identity.ErrLinkUsed) {
			t.Error(err)
		}
		return err
	})
	if n := count(t, pool, "sessions"); n != 1 || won != 1 {
		t.Errorf("%d sessions, and %d were told that they have one", n, won)
	}
}

func TestTheBrowserThatPressedMayPressAgainForAMinute(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	token := putLink(t, s)
	for _, c := range []struct {
		name    string
		browser identity.Token
		after   time.Duration
		want    error
	}{
		{"first", "mine", 0, nil},
		{"again", "mine", 30 * time.Second, nil},
		{"another", "other", 30 * time.Second, identity.ErrLinkUsed},
		{"a minute after the first", "mine", time.Minute, nil},
		{"later", "mine", time.Minute + time.Second, identity.ErrLinkUsed},
		{"another, later", "other", time.Hour, identity.ErrLinkUsed},
	} {
		if _, err := press(t, s, token, c.browser, now.Add(c.after)); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
	if n := count(t, pool, "sessions"); n != 3 {
		t.Errorf("%d sessions", n)
	}
	if got, err := s.Link(t.Context(), token, now.Add(24*time.Hour)); !errors.Is(err, identity.ErrLinkUsed) || !cmp.Equal(got, invited) {
		t.Errorf("a day later: %+v, %v", got, err)
	}
}

func TestAnExpiredLinkSaysSo(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	token := putLink(t, s)
	if _, err := s.Link(t.Context(), token, invited.ExpiresAt.Add(-time.Second)); err != nil {
		t.Errorf("just before: %v", err)
	}
	if got, err := s.Link(t.Context(), token, invited.ExpiresAt); !errors.Is(err, identity.ErrLinkExpired) || !cmp.Equal(got, invited) {
		t.Errorf("looked at: %+v, %v", got, err)
	}
	if _, err := press(t, s, token, "browser", invited.ExpiresAt); !errors.Is(err, identity.ErrLinkExpired) || count(t, pool, "sessions") != 0 {
		t.Errorf("pressed: %v", err)
	}
}

func TestALinksFactsAreSealedAndBoundToIt(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	token := putLink(t, s)
	for _, plain := range []string{"Lovelace", token.Reveal()} {
		if grep(t, pool, "links", plain) {
			t.Errorf("%q is stored in clear", plain)
		}
	}
	other := invited
	other.Facts = `{"name":"Eve"}`
	eve := identity.NewToken()
	if err := s.PutLink(t.Context(), eve, other, now); err != nil {
		t.Fatal(err)
	}
	const swap = `update links set sealed_facts = (select sealed_facts from links where token_hash = $1) where token_hash = $2`
	if _, err := pool.Exec(t.Context(), swap, eve.Hash(), token.Hash()); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Link(t.Context(), token, now); err != nil || got.Facts != "" || !got.FactsVoid {
		t.Errorf("facts copied from another link: %+v, %v", got, err)
	}
	got, err := s.PressLink(t.Context(), token, "browser", opening(), now, now.Add(-time.Minute))
	if err != nil || got.Facts != "" || !got.FactsVoid {
		t.Errorf("pressed with another's facts: %+v, %v", got, err)
	}
}
