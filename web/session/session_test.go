package session_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"portal/internal/identity"
	"portal/web/session"
)

func TestCookieCarriesTheTokenUnreadably(t *testing.T) {
	t.Parallel()
	c := codec(t, "https://www.example.com/onboarding", key(1))
	token := identity.NewToken()
	cookie, err := c.Cookie(token)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(cookie.Value, token.Reveal()) {
		t.Error("the cookie shows the token")
	}
	if got, ok := c.Token(carrying(cookie)); !ok || got != token {
		t.Errorf("got %v, want the token back", ok)
	}
	if !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode {
		t.Errorf("cookie %+v", cookie)
	}
}

func TestCookieIsNamedAfterItsReach(t *testing.T) {
	t.Parallel()
	for base, want := range map[string]struct {
		name, path string
		secure     bool
	}{
		"https://onboarding.example.com":     {"__Host-test", "/", true},
		"https://onboarding.example.com/":    {"__Host-test", "/", true},
		"https://www.example.com/onboarding": {"__Secure-test", "/onboarding", true},
		"http://127.0.0.1:8080/onboarding":   {"test", "/onboarding", false},
	} {
		cookie, err := codec(t, base, key(1)).Cookie("x")
		if err != nil {
			t.Fatal(err)
		}
		if cookie.Name != want.name || cookie.Path != want.path || cookie.Secure != want.secure {
			t.Errorf("%s: %s at %s, secure %v; want %+v", base, cookie.Name, cookie.Path, cookie.Secure, want)
		}
	}
}

func TestRotationSignsNobodyOut(t *testing.T) {
	t.Parallel()
	const base = "http://127.0.0.1/onboarding"
	old, err := codec(t, base, key(1)).Cookie("token")
	if err != nil {
		t.Fatal(err)
	}
	if got, ok := codec(t, base, key(2), key(1)).Token(carrying(old)); !ok || got != "token" {
		t.Error("the old key's cookie is not read any more")
	}
	if _, ok := codec(t, base, key(2)).Token(carrying(old)); ok {
		t.Error("a retired key's cookie is still read")
	}
}

func TestTamperedCookiesAreNobody(t *testing.T) {
	t.Parallel()
	c := codec(t, "http://127.0.0.1/onboarding", key(1))
	cookie, err := c.Cookie("token")
	if err != nil {
		t.Fatal(err)
	}
	for i := range cookie.Value {
		spoilt := *cookie
		spoilt.Value = cookie.Value[:i] + flip(cookie.Value[i]) + cookie.Value[i+1:]
		if got, ok := c.Token(carrying(&spoilt)); ok && got != "token" {
			t.Fatalf("position %d: read %v", i, got)
		}
	}
}

func FuzzToken(f *testing.F) {
	u, _ := url.Parse("http://127.0.0.1/onboarding")
	c, err := session.New(session.Options{Keys: [][]byte{key(1)}, BaseURL: u, Name: "test", MaxAge: time.Hour})
	if err != nil {
		f.Fatal(err)
	}
	f.Add("MTY|x|y")
	f.Fuzz(func(t *testing.T, value string) {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Cookie", "test="+value)
		if token, ok := c.Token(r); ok {
			t.Errorf("a made-up cookie was read as %q", token.Reveal())
		}
	})
}

func codec(t *testing.T, base string, keys ...[]byte) *session.Codec {
	t.Helper()
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	c, err := session.New(session.Options{Keys: keys, BaseURL: u, Name: "test", MaxAge: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func key(b byte) []byte { return bytes.Repeat([]byte{b}, 64) }

func carrying(c *http.Cookie) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.AddCookie(c)
	return r
}

func flip(b byte) string {
	if b == 'A' {
		return "B"
	}
	return "A"
}
