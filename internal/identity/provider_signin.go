package identity

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"time"
)

// providerValidity is how long a sign-in at an identity provider may take.
const providerValidity = time.Hour

// ErrSignInLost means that the browser has no sign-in of that kind under way: it is another browser, it does not keep
// cookies, it took too long, or the answer is used for the second time.
var ErrSignInLost = errors.New("no such sign-in is under way in this browser")

// ErrReplayed means that something which counts once came again.
var ErrReplayed = errors.New("it has been used before")

// WayIn is an identity provider with what the company has settled for it.
type WayIn struct {
	Provider
	Name string // in addresses
	// LinkByVerifiedEmail takes whoever has a verified address there for the same person as whoever proves the address
	// by a code.
	LinkByVerifiedEmail bool
}

// ProviderSignIns keeps sign-ins on their way through an identity provider.
type ProviderSignIns interface {
	// PutProviderSignIn stores a sign-in that has begun.
	PutProviderSignIn(ctx context.Context, s ProviderSignIn, now time.Time) error
	// TakeProviderSignIn uses a sign-in of the browser up; ErrSignInLost where there is none.
	TakeProviderSignIn(ctx context.Context, state, browser Token, provider string, now time.Time) (ProviderSignIn, error)
	// OpenSession opens a session for a person, whose applicant is made if the identity is new.
	OpenSession(ctx context.Context, p Person, o Opening, now time.Time) error
	// EndProviderSessions ends the sessions that a provider's word is about, once; ErrReplayed when it came before.
	EndProviderSessions(ctx context.Context, l Logout, now time.Time) (ended int, err error)
}

// ProviderSignIn is a sign-in on its way through an identity provider.
type ProviderSignIn struct {
	State    Token
	Browser  Token
	Provider string
	Wish
	ExpiresAt time.Time
}

// challenge derives what the sign-in is bound to from the two tokens, so that nothing of it needs to be kept.
func (s ProviderSignIn) challenge(locale string) Challenge {
	derived := func(what string) string {
		sum := sha256.Sum256([]byte(what + "|" + s.Browser.Reveal() + "|" + s.State.Reveal()))
		return base64.RawURLEncoding.EncodeToString(sum[:])
	}
	return Challenge{
		State: s.State.Reveal(), Nonce: derived("nonce"), Verifier: Token(derived("verifier")), Locale: locale,
		BegunAt: s.ExpiresAt.Add(-providerValidity),
	}
}

// BeginAt begins a sign-in at an identity provider and returns where the browser is to go. The browser's token is the one
// it holds already, so that it may begin in two tabs, or a new one.
func (d *Desk) BeginAt(ctx context.Context, in WayIn, browser Token, w Wish, network, locale string) (url string, s ProviderSignIn, err error) {
	if browser == "" {
		browser = NewToken()
	}
	now := d.Now()
	if err := d.Allowances.Spend(ctx, begins(network), now); err != nil {
		return "", s, fmt.Errorf("beginning at %s: %w", in.Name, err)
	}
	s = ProviderSignIn{State: NewToken(), Browser: browser, Provider: in.Name, Wish: w, ExpiresAt: now.Add(providerValidity)}
	if url, err = in.AuthorizationURL(ctx, s.challenge(locale)); err != nil {
		return "", s, fmt.Errorf("sending somebody to %s: %w", in.Name, err)
	}
	if err := d.ProviderSignIns.PutProviderSignIn(ctx, s, now); err != nil {
		return "", s, fmt.Errorf("storing a sign-in at %s: %w", in.Name, err)
	}
	return url, s, nil
}

// Return is what a browser brings back from an identity provider.
type Return struct {
	State  Token
	Code   string
	Issuer string // as the answer says it, if it does
	Error  string // the provider's word for why there is no code
}

// EndAt ends a sign-in that began in this browser and opens a session. What the applicant had come for is returned
// with an error, too.
func (d *Desk) EndAt(ctx context.Context, in WayIn, browser Token, r Return, o Opening) (Token, Claims, Wish, error) {
	s, err := d.ProviderSignIns.TakeProviderSignIn(ctx, r.State, browser, in.Name, d.Now())
	if err != nil {
		return "", Claims{}, Wish{}, fmt.Errorf("coming back from %s: %w", in.Name, err)
	}
	if r.Code == "" || r.Error != "" {
		return "", Claims{}, s.Wish, fmt.Errorf("coming back from %s: %w", in.Name, ErrDeclined)
	}
	claims, err := in.Exchange(ctx, s.challenge(""), r.Code, r.Issuer)
	if err != nil {
		return "", Claims{}, s.Wish, fmt.Errorf("coming back from %s: %w", in.Name, err)
	}
	o.Session, o.Provider = NewToken(), claims.Provider
	if err := d.ProviderSignIns.OpenSession(ctx, claims.person(in.LinkByVerifiedEmail), o, d.Now()); err != nil {
		return "", Claims{}, s.Wish, fmt.Errorf("opening a session: %w", err)
	}
	return o.Session, claims, s.Wish, nil
}

// person is who the claims are about.
func (c Claims) person(link bool) Person {
	return Person{
		Issuer: c.Issuer, Subject: c.Subject, Email: c.Email, Name: c.Name,
		Linked: link && c.EmailVerified && c.Email != "",
	}
}

// EndedAt ends the sessions that an identity provider says have ended, and returns how many those are.
func (d *Desk) EndedAt(ctx context.Context, in WayIn, logout Token) (int, error) {
	l, err := in.Logout(ctx, logout)
	if err != nil {
		return 0, fmt.Errorf("reading the word of %s: %w", in.Name, err)
	}
	ended, err := d.ProviderSignIns.EndProviderSessions(ctx, l, d.Now())
	if err != nil {
		return 0, fmt.Errorf("ending sessions of %s: %w", in.Name, err)
	}
	return ended, nil
}
