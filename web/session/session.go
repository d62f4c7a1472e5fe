// Package session seals a token in a cookie and reads it back: that of a session, or that of a sign-in under way. What
// the token stands for is kept on the server (see internal/identity).
package session

import (
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

// New returns a codec. A cookie of a portal with a host of its own is named __Host-…, so that no other host can set
// it; below a path it is __Secure-…; on a loopback address without TLS, where browsers take neither, its plain name.
func New(o Options) (*Codec, error) {
	c := &Codec{cookie: http.Cookie{
		Name: o.Name, Path: o.BaseURL.Path, MaxAge: int(o.MaxAge.Seconds()),
		Secure: o.BaseURL.Scheme == "https", HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}}
	if c.cookie.Path == "" {
		c.cookie.Path = "/"
	}
	switch {
	case !c.cookie.Secure:
	case c.cookie.Path == "/":
		c.cookie.Name = "__Host-" + o.Name
	default:
		c.cookie.Name = "__Secure-" + o.Name
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

// Token returns what the request's cookie holds. A cookie that does not open is as good as none.
func (c *Codec) Token(r *http.Request) (identity.Token, bool) {
	sealed, err := r.Cookie(c.cookie.Name)
	if err != nil {
		return "", false
	}
	var token []byte
	if err := securecookie.DecodeMulti(c.cookie.Name, sealed.Value, &token, c.codecs...); err != nil {
		return "", false
	}
	return identity.Token(token), true
}

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
