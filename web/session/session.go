// Package session seals a token in a cookie and reads it back: that of a session, or that of a sign-in under way. What
// the token stands for is kept on the server (see internal/identity).
package session

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/gorilla/securecookie"

	"portal/internal/identity"
)

// Codec writes and reads one kind of cookie.
type Codec struct {
	codecs []securecookie.Codec // newest first
	cookie http.Cookie          // all but the value
}

// Options is what a Codec needs. All fields are required.
type Options struct {
	Keys    [][]byte // newest first; each 32 bytes to sign with, then 32 to encrypt with
	BaseURL *url.URL // the portal's public URL, which decides on the cookie's name, path and security
	Name    string
	MaxAge  time.Duration
}

const signingKey = 32 // bytes of each key that sign; the rest encrypts

// Prefix is what the names of all cookies of a portal with this public URL begin with: __Host- where it has a host of its
// own, so that no other host can set them; __Secure- below a path; nothing on a loopback address without TLS, where
// browsers take neither.
func Prefix(base *url.URL) string {
	switch {
	case base.Scheme != "https":
		return ""
	case base.Path == "" || base.Path == "/":
		return "__Host-"
	}
	return "__Secure-"
}

// New returns a codec, whose cookie has the portal's [Prefix].
func New(o Options) (*Codec, error) {
	c := &Codec{cookie: http.Cookie{
		Name: Prefix(o.BaseURL) + o.Name, Path: o.BaseURL.Path, MaxAge: int(o.MaxAge.Seconds()),
		Secure: o.BaseURL.Scheme == "https", HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}}
	if c.cookie.Path == "" {
		c.cookie.Path = "/"
	}
	for _, key := range o.Keys {
		if len(key) <= signingKey {
			return nil, fmt.Errorf("a cookie key of %d bytes is too short", len(key))
		}
		codec := securecookie.New(key[:signingKey], key[signingKey:])
		codec.MaxAge(0) // how long a session lasts is decided where it is kept
		codec.SetSerializer(securecookie.NopEncoder{})
		c.codecs = append(c.codecs, codec)
	}
	return c, nil
}

// ErrForged means that a cookie was not sealed with any of the keys: somebody has tampered with it, or its key is gone.
var ErrForged = errors.New("the cookie does not open")

// ErrSeveral is an ErrForged: of several cookies two open and hold different tokens. Below a path, a host beside the
// portal's can put a cookie of somebody else's into the browser, and nobody can tell which is the browser's own.
var ErrSeveral = fmt.Errorf("%w alone: another one does, too", ErrForged)

// Token returns what the request's cookie holds; empty where there is none, or with ErrForged. Of several cookies the one
// that opens counts.
func (c *Codec) Token(r *http.Request) (identity.Token, error) {
	var found []byte
	all := r.CookiesNamed(c.cookie.Name)
	for _, sealed := range all {
		var token []byte
		if securecookie.DecodeMulti(c.cookie.Name, sealed.Value, &token, c.codecs...) != nil {
			continue
		}
		if found != nil && !bytes.Equal(token, found) {
			return "", ErrSeveral
		}
		found = token
	}
	if found == nil && len(all) > 0 {
		return "", ErrForged
	}
	return identity.Token(found), nil
}

// Sent says whether the request brings a cookie of the name, whatever it is worth.
func (c *Codec) Sent(r *http.Request) bool { return len(r.CookiesNamed(c.cookie.Name)) > 0 }

// Cookie returns the cookie that hands the token to the browser.
func (c *Codec) Cookie(t identity.Token) (*http.Cookie, error) {
	sealed, err := securecookie.EncodeMulti(c.cookie.Name, []byte(t.Reveal()), c.codecs...)
	if err != nil {
		return nil, fmt.Errorf("sealing a cookie: %w", err)
	}
	cookie := c.cookie
	cookie.Value = sealed
	return &cookie, nil
}

// Removal returns the cookie that makes the browser forget its token.
func (c *Codec) Removal() *http.Cookie {
	cookie := c.cookie
	cookie.MaxAge = -1
	return &cookie
}
