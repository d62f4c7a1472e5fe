package identity

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"time"
	"unicode"
)

// Rules of codes. Ten minutes and five tries are what OWASP ASVS 5.0 (6.5.4, 6.5.5) and a person with a slow mailbox
// both live with.
const (
	CodeValidity  = 10 * time.Minute
	CodeTries     = 5
	CodesPerHour  = 10 // codes sent to one address
	codeDigits    = 6
	codeRateLimit = time.Hour
)

// Wish is what an applicant signs in for.
type Wish struct {
	Flow      string // to be started; may be empty
	Finishing bool   // they come back from the provider's form, whose end is to be confirmed
}

// SignIn is a code on its way to an address, bound to the browser that asked for it.
type SignIn struct {
	Browser Token // what the browser that asked holds
	Email   Email
	Wish
	ExpiresAt time.Time
}

// Codes keeps sign-ins and sessions.
type Codes interface {
	// PutCode stores a new sign-in unless limit of them were stored for the address at or after since, which is
	// ErrTooManyCodes.
	PutCode(ctx context.Context, s SignIn, codeHash []byte, now, since time.Time, limit int) error
	// DropCode forgets a sign-in whose code did not reach the mail server, so that it does not count.
	DropCode(ctx context.Context, browser Token) error
	// PendingSignIn returns the browser's sign-in. With ErrCodeExpired or ErrCodeTries it no longer waits for a code;
	// what is known of it comes back all the same.
	PendingSignIn(ctx context.Context, browser Token, now time.Time) (SignIn, error)
	// TakeCode counts a try and, when the hash is right, uses the code up, makes sure that the address has an
	// applicant, and opens a session under a token of its own, all or nothing. Otherwise ErrCodeWrong, or the errors
	// of PendingSignIn, again with what is known of the sign-in.
	TakeCode(ctx context.Context, browser Token, codeHash []byte, session Token, now time.Time) (SignIn, error)
	// EndSession ends the token's session, if it has one.
	EndSession(ctx context.Context, session Token, now time.Time) error
}

// Mailer sends a sign-in code. The locale is a BCP 47 tag.
type Mailer interface {
	SendCode(ctx context.Context, to Email, code, locale string) error
}

// Desk carries out the use cases of signing in. All fields are required.
type Desk struct {
	Codes  Codes
	Mailer Mailer
	Now    func() time.Time
}

// SendCode sends a code to the address and returns the sign-in that waits for it. The answer is the same whether or
// not the address belongs to an applicant already.
func (d *Desk) SendCode(ctx context.Context, typed, locale string, w Wish) (SignIn, error) {
	to, err := ParseEmail(typed)
	if err != nil {
		return SignIn{}, err
	}
	code, err := newCode()
	if err != nil {
		return SignIn{}, fmt.Errorf("drawing a code: %w", err)
	}
	now := d.Now()
	s := SignIn{Browser: NewToken(), Email: to, Wish: w, ExpiresAt: now.Add(CodeValidity)}
	if err := d.Codes.PutCode(ctx, s, hashCode(s.Browser, code), now, now.Add(-codeRateLimit), CodesPerHour); err != nil {
		return SignIn{}, fmt.Errorf("storing a code: %w", err)
	}
	if err := d.Mailer.SendCode(ctx, to, code, locale); err != nil {
		dropping := d.Codes.DropCode(context.WithoutCancel(ctx), s.Browser)
		return SignIn{}, &MailError{Err: errors.Join(err, dropping)}
	}
	return s, nil
}

// Pending returns the browser's sign-in, which waits for its code unless the error is ErrCodeExpired or ErrCodeTries.
func (d *Desk) Pending(ctx context.Context, browser Token) (SignIn, error) {
	return d.Codes.PendingSignIn(ctx, browser, d.Now())
}

// EnterCode signs the browser in when the code is the one it asked for, and returns the new session's token. What is
// known of the sign-in comes back with an error, too.
func (d *Desk) EnterCode(ctx context.Context, browser Token, typed string) (Token, SignIn, error) {
	code := digits(typed)
	if code == "" {
		return d.missing(ctx, browser)
	}
	session := NewToken()
	s, err := d.Codes.TakeCode(ctx, browser, hashCode(browser, code), session, d.Now())
	if err != nil {
		return "", s, fmt.Errorf("taking a code: %w", err)
	}
	return session, s, nil
}

// missing answers an empty code, which is not counted as a try.
func (d *Desk) missing(ctx context.Context, browser Token) (Token, SignIn, error) {
	s, err := d.Pending(ctx, browser)
	if err == nil {
		err = ErrCodeMissing
	}
	return "", s, err
}

// SignOut ends the session on the server.
func (d *Desk) SignOut(ctx context.Context, session Token) error {
	return d.Codes.EndSession(ctx, session, d.Now())
}

// MailError says that a code could not be handed to the mail server.
type MailError struct{ Err error }

// Error says the cause.
func (e *MailError) Error() string { return fmt.Sprintf("sending a code: %v", e.Err) }

// Unwrap returns the cause.
func (e *MailError) Unwrap() error { return e.Err }

// newCode draws a code of six digits, each as likely as any other.
func newCode() (string, error) {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%0*d", codeDigits, n), nil
}

// hashCode binds the code to the browser that asked. The browser's token has 128 random bits and is not stored, so
// that the million possible codes cannot be tried against a stolen hash.
func hashCode(browser Token, code string) []byte {
	sum := sha256.Sum256([]byte(browser.Reveal() + "|" + code))
	return sum[:]
}

// digits reads a code as people and mail programs write it: with spaces or hyphens, or in the digits of any script.
func digits(typed string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Nd, r):
			return '0' + digit(r)
		case unicode.IsSpace(r), unicode.Is(unicode.Pd, r):
			return -1
		}
		return r
	}, typed)
}

// digit is the value of a decimal digit. Unicode keeps the ten digits of a script side by side and in order, and
// ranges of several scripts begin with a nought.
func digit(r rune) rune {
	for _, in := range unicode.Nd.R16 {
		if rune(in.Lo) <= r && r <= rune(in.Hi) {
			return (r - rune(in.Lo)) % 10
		}
	}
	for _, in := range unicode.Nd.R32 {
		if rune(in.Lo) <= r && r <= rune(in.Hi) {
			return (r - rune(in.Lo)) % 10
		}
	}
	return 0
}
