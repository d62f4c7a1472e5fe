package identity

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"
)

// PersonName is what a person is called. It is personal data and prints as "[name]"; [PersonName.Reveal] gives it away.
type PersonName string

const hiddenName = "[name]"

// Reveal returns the name itself.
func (n PersonName) Reveal() string { return string(n) }

// Format keeps the name out of everything fmt prints.
func (n PersonName) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, hiddenName) }

// LogValue keeps the name out of logs.
func (n PersonName) LogValue() slog.Value { return slog.StringValue(hiddenName) }

// MarshalText keeps the name out of encodings.
func (n PersonName) MarshalText() ([]byte, error) { return []byte(hiddenName), nil }

// ErrProviderAway means that an identity provider cannot be reached, or answers what cannot be read. Another way in, or
// another attempt, helps.
var ErrProviderAway = errors.New("the identity provider does not answer")

// ErrDeclined means that the identity provider sent the person back without signing them in, as when they cancelled.
var ErrDeclined = errors.New("the identity provider did not sign the person in")

// Refused is an answer of an identity provider, or one that claims to be, that is not believed. Its text says which
// check failed and quotes nothing of the answer.
type Refused struct{ Why string }

// Error says which check failed.
func (e *Refused) Error() string { return "the identity provider's answer is refused: " + e.Why }

// Challenge is what one sign-in at an identity provider is bound to. Everything is derived from secrets of the browser
// that began it, so that only that browser can end it.
type Challenge struct {
	State    string
	Nonce    string
	Verifier Token  // of PKCE (RFC 7636)
	Locale   string // the person's language, as a BCP 47 tag
	BegunAt  time.Time
}

// Claims is what an identity provider says of the person who has signed in there.
type Claims struct {
	Issuer        string
	Subject       Subject
	Email         Email // empty unless it is given and looks like an address
	EmailVerified bool
	Name          PersonName
	Locale        string // a BCP 47 tag, or empty
	Provider      ProviderSession
}

// ProviderSession is what is known of the person's session at the identity provider: it ends this one, too.
type ProviderSession struct {
	Name    string // of the provider, as the company calls it
	ID      string // its own name of the session (claim sid), or empty
	IDToken Token  // says at sign-out who goes
}

// Logout is an identity provider's word that sessions have ended: those of ID where it is given, else all of Subject.
type Logout struct {
	Issuer    string
	Subject   Subject // may be empty where ID is given
	ID        string  // claim sid
	Token     string  // unique name of the word (claim jti)
	ExpiresAt time.Time
}

// Provider is an identity provider of the company. Its calls may fail with [ErrProviderAway] or [Refused].
type Provider interface {
	// AuthorizationURL is where the browser is sent to sign in.
	AuthorizationURL(ctx context.Context, c Challenge) (string, error)
	// Exchange redeems the code with which the browser came back, and checks everything that is said with it. The issuer is the
	// iss parameter of the address it came to (RFC 9207), empty where there is none.
	Exchange(ctx context.Context, c Challenge, code, issuer string) (Claims, error)
	// SignOutURL is where the browser is sent to sign out there, too; empty where the provider has no such address. The person comes
	// back to the given address.
	SignOutURL(ctx context.Context, s ProviderSession, back string) (string, error)
	// Logout checks a logout token that the provider has sent behind the browser's back.
	Logout(ctx context.Context, token Token) (Logout, error)
}
