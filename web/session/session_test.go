package session_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
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
	if got, err := c.Token(carrying(cookie)); err != nil || got != token {
		t.Errorf("got %v, %v; want the token back", got, err)
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
	steps := [][][]byte{{key(1)}, {key(1), key(2)}, {key(2), key(1)}}
	for i, keys := range steps {
		if got, err := codec(t, base, keys...).Token(carrying(old)); err != nil || got != "token" {
			t.Errorf("after step %d the old key's cookie is not read any more: %v", i, err)
		}
		fresh, err := codec(t, base, keys...).Cookie("token")
		if err != nil {
			t.Fatal(err)
		}
		for other := max(i-1, 0); other < min(i+2, len(steps)); other++ { // a process that is a step behind, or ahead
			if got, err := codec(t, base, steps[other]...).Token(carrying(fresh)); err != nil || got != "token" {
				t.Errorf("a cookie of step %d is not read at step %d: %v", i, other, err)
			}
		}
	}
	if _, err := codec(t, base, key(2)).Token(carrying(old)); !errors.Is(err, session.ErrForged) {
		t.Errorf("a retired key's cookie: %v, want ErrForged", err)
	}
}

func TestRequestsWithoutCookieAreNobodyAndNoForgery(t *testing.T) {
	t.Parallel()
	got, err := codec(t, "http://127.0.0.1/onboarding", key(1)).Token(httptest.NewRequest(http.MethodGet, "/", nil))
	if got != "" || err != nil {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestTamperedCookiesDoNotOpen(t *testing.T) {
	t.Parallel()
	c := codec(t, "http://127.0.0.1/onboarding", key(1))
	cookie, err := c.Cookie("token")
	if err != nil {
		t.Fatal(err)
	}
	raw, err := base64.URLEncoding.DecodeString(cookie.Value)
	if err != nil {
		t.Fatal(err)
	}
	for bit := range len(raw) * 8 {
		spoilt := slices.Clone(raw)
		spoilt[bit/8] ^= 1 << (bit % 8)
		refused(t, c, base64.URLEncoding.EncodeToString(spoilt))
	}
	for length := range len(cookie.Value) {
		refused(t, c, cookie.Value[:length])
	}
	refused(t, c, cookie.Value+"A")
	refused(t, c, strings.Repeat("A", 8<<10))
}

func TestOfSeveralCookiesTheOneThatOpensCounts(t *testing.T) {
	t.Parallel()
	c := codec(t, "http://127.0.0.1/onboarding", key(1))
	own, again, others := sealed(t, c, "own"), sealed(t, c, "own"), sealed(t, c, "other")
	junk := &http.Cookie{Name: "test", Value: "junk"}
	for name, test := range map[string]struct {
		cookies []*http.Cookie
		want    identity.Token
		err     error
	}{
		"after junk":  {[]*http.Cookie{junk, own}, "own", nil},
		"before junk": {[]*http.Cookie{own, junk}, "own", nil},
		"twice":       {[]*http.Cookie{own, again}, "own", nil},
		"only junk":   {[]*http.Cookie{junk, junk}, "", session.ErrForged},
		"two":         {[]*http.Cookie{own, others}, "", session.ErrSeveral},
		"two turned":  {[]*http.Cookie{others, junk, own}, "", session.ErrSeveral},
	} {
		if got, err := c.Token(carrying(test.cookies...)); got != test.want || !errors.Is(err, test.err) {
			t.Errorf("%s: %q, %v", name, got.Reveal(), err)
		}
	}
	if !errors.Is(session.ErrSeveral, session.ErrForged) {
		t.Error("several are no forgery")
	}
}

func sealed(t *testing.T, c *session.Codec, token identity.Token) *http.Cookie {
	t.Helper()
	cookie, err := c.Cookie(token)
	if err != nil {
		t.Fatal(err)
	}
	return cookie
}

// TestCookiesAreGoodForOnePurpose holds that a cookie of a sign-in under way is no session, nor that of another portal.
func TestCookiesAreGoodForOnePurpose(t *testing.T) {
	t.Parallel()
	c := codec(t, "http://127.0.0.1/onboarding", key(1))
	u, err := url.Parse("http://127.0.0.1/onboarding")
	if err != nil {
		t.Fatal(err)
	}
	for name, o := range map[string]session.Options{
		"another kind": {Keys: [][]byte{key(1)}, BaseURL: u, Name: "other", MaxAge: time.Hour},
		"another key":  {Keys: [][]byte{key(2)}, BaseURL: u, Name: "test", MaxAge: time.Hour},
	} {
		other, err := session.New(o)
		if err != nil {
			t.Fatal(err)
		}
		cookie, err := other.Cookie("token")
		if err != nil {
			t.Fatal(err)
		}
		t.Run(name, func(t *testing.T) { refused(t, c, cookie.Value) })
	}
}

// FuzzToken holds that no value opens but one that the codec has sealed.
func FuzzToken(f *testing.F) {
	u, err := url.Parse("http://127.0.0.1/onboarding")
	if err != nil {
		f.Fatal(err)
	}
	c, err := session.New(session.Options{Keys: [][]byte{key(1)}, BaseURL: u, Name: "test", MaxAge: time.Hour})
	if err != nil {
		f.Fatal(err)
	}
	sealed, err := c.Cookie("token")
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{"", "MTY|x|y", sealed.Value, sealed.Value[:20], strings.Repeat("A", 8<<10)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Cookie", "test="+value)
		token, err := c.Token(r)
		if token != "" && (err != nil || token != "token") {
			t.Errorf("a made-up cookie was read as %q, %v", token.Reveal(), err)
		}
	})
}

// refused checks that a value under the codec's name is a forgery.
func refused(t *testing.T, c *session.Codec, value string) {
	t.Helper()
	if token, err := c.Token(carrying(&http.Cookie{Name: "test", Value: value})); token != "" || !errors.Is(err, session.ErrForged) {
		t.Errorf("%d bytes: read %q, %v; want ErrForged", len(value), token.Reveal(), err)
	}
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

func carrying(cookies ...*http.Cookie) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	for _, c := range cookies {
		r.AddCookie(c)
	}
	return r
}
