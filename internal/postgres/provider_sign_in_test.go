package postgres_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portal/internal/identity"
	"portal/internal/postgres"
)

func putProviderSignIn(t *testing.T, s *postgres.Store) identity.ProviderSignIn {
	t.Helper()
	in := identity.ProviderSignIn{
		State: identity.NewToken(), Browser: identity.NewToken(), Provider: "staff", Wish: wish, ExpiresAt: now.Add(time.Hour),
	}
	if err := s.PutProviderSignIn(t.Context(), in, now); err != nil {
		t.Fatal(err)
	}
	return in
}

func TestASignInAtAProviderIsTakenOnceByItsBrowserInTime(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	in, other := putProviderSignIn(t, s), putProviderSignIn(t, s)
	for name, c := range map[string]struct {
		state, browser identity.Token
		provider       string
		at             time.Time
	}{
		"another browser":  {in.State, other.Browser, "staff", now},
		"no browser":       {in.State, "", "staff", now},
		"another state":    {other.State, in.Browser, "staff", now},
		"another provider": {in.State, in.Browser, "customers", now},
		"too late":         {in.State, in.Browser, "staff", in.ExpiresAt},
	} {
		if got, err := s.TakeProviderSignIn(t.Context(), c.state, c.browser, c.provider, c.at); !errors.Is(err, identity.ErrSignInLost) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	won := atOnce(20, func(int) error {
		got, err := s.TakeProviderSignIn(t.Context(), in.State, in.Browser, "staff", in.ExpiresAt.Add(-time.Second))
		if err == nil && !cmp.Equal(got, in) {
			t.Errorf("%+v, want %+v", got, in)
		}
		return err
	})
	if won != 1 {
		t.Errorf("taken %d times", won)
	}
}

// atProvider opens a session that began at an identity provider.
func atProvider(t *testing.T, s *postgres.Store, issuer, subject, session string) identity.Token {
	t.Helper()
	o := opening()
	o.Provider = identity.ProviderSession{Name: "staff", ID: session}
	open(t, s, identity.Person{Issuer: issuer, Subject: identity.Subject(subject)}, o)
	return o.Session
}

func TestAProvidersWordEndsTheSessionsItIsAbout(t *testing.T) {
	t.Parallel()
	const issuer, other = "https://id.example.com", "https://other.example.com"
	for name, c := range map[string]struct {
		about identity.Logout
		ended string // of the sessions below, in their order
	}{
		"one session":                    {identity.Logout{Issuer: issuer, ID: "1"}, "y----"},
		"one session and its subject":    {identity.Logout{Issuer: issuer, ID: "1", Subject: "ada"}, "y----"},
		"one session of another subject": {identity.Logout{Issuer: issuer, ID: "1", Subject: "eve"}, "-----"},
		"a subject":                      {identity.Logout{Issuer: issuer, Subject: "ada"}, "yyy--"},
		"nobody":                         {identity.Logout{Issuer: issuer}, "-----"},
		"another provider's":             {identity.Logout{Issuer: other, ID: "1"}, "----y"},
		"an unknown session":             {identity.Logout{Issuer: issuer, ID: "9"}, "-----"},
	} {
		s, _ := newStore(t)
		sessions := []identity.Token{
			atProvider(t, s, issuer, "ada", "1"), atProvider(t, s, issuer, "ada", "2"), atProvider(t, s, issuer, "ada", ""),
			atProvider(t, s, issuer, "eve", "3"), atProvider(t, s, other, "ada", "1"),
		}
		c.about.Token, c.about.ExpiresAt = "jti", now.Add(time.Minute)
		ended, err := s.EndProviderSessions(t.Context(), c.about, now)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for i, token := range sessions {
			over := !alive(t, s, token, now)
			if over {
				n++
			}
			if over != (c.ended[i] == 'y') {
				t.Errorf("%s: session %d ended: %v", name, i, over)
			}
		}
		if n != ended {
			t.Errorf("%s: told of %d, ended %d", name, ended, n)
		}
	}
}

func TestAProvidersWordCountsOnce(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	word := identity.Logout{Issuer: "https://id.example.com", Subject: "ada", Token: "jti", ExpiresAt: now.Add(time.Minute)}
	first := atProvider(t, s, word.Issuer, "ada", "1")
	won := atOnce(20, func(int) error {
		_, err := s.EndProviderSessions(t.Context(), word, now)
		if err != nil && !errors.Is(err, identity.ErrReplayed) {
			t.Error(err)
		}
		return err
	})
	if won != 1 || alive(t, s, first, now) {
		t.Errorf("counted %d times", won)
	}
	again := atProvider(t, s, word.Issuer, "ada", "2")
	if n, err := s.EndProviderSessions(t.Context(), word, now); !errors.Is(err, identity.ErrReplayed) || n != 0 || !alive(t, s, again, now) {
		t.Errorf("replayed, it ended %d sessions, %v", n, err)
	}
	word.Issuer = "https://other.example.com" // whose words have names of their own
	if _, err := s.EndProviderSessions(t.Context(), word, now); err != nil {
		t.Error(err)
	}
}
