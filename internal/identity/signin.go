package identity

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"
	"unicode"
)

// Rules of codes. Ten minutes and five tries are what OWASP ASVS 5.0 (6.5.4, 6.5.5) and a person with a slow mailbox
// both live with. The sign-in itself goes on for longer: its page offers another code, and knows what it was for.
const (
	CodeValidity   = 10 * time.Minute
	CodeTries      = 5
	SignInValidity = 24 * time.Hour
	codeDigits     = 6
)

// Wish is what an applicant signs in for.
type Wish struct {
	Flow      string // to be started; may be empty
	Case      string // of the flow; may be empty
	Finishing bool   // they come back from the provider's form, whose end is to be confirmed
}

// SignIn is a code on its way to an address, bound to the browser that asked for it.
type SignIn struct {
	Browser Token // what the browser that asked holds
	Email   Email
	Wish
	ExpiresAt time.Time // of the code
	Tries     int       // of the code so far
}

// Codes keeps sign-ins by code, and what became of their e-mails.
type Codes interface {
	// PutCode gives the browser's sign-in a new code and books the e-mail that takes it, unless an allowance is used up,
	// which is *TooOften. The code before stays good until it expires where it was for the same address and not tried too
	// often.
	PutCode(ctx context.Context, s SignIn, codeHash []byte, m MailID, a []Allowance, now time.Time) error
	// SettleMail records what the mail server said.
	SettleMail(ctx context.Context, m MailID, status, reply string, now time.Time) error
	// PendingSignIn returns the browser's sign-in. With ErrCodeExpired or ErrCodeTries it no longer waits for a code;
	// what is known of it comes back all the same.
	PendingSignIn(ctx context.Context, browser Token, now time.Time) (SignIn, error)
	// TakeCode counts a try, also against [Tries], and when the hash is right, uses the code up, makes
	// sure that the address has an applicant, and opens a session, all or nothing. Otherwise ErrCodeWrong, *TooOften without
	// having looked, or the errors of PendingSignIn, again with what is known of the sign-in.
	TakeCode(ctx context.Context, browser Token, codeHash []byte, from From, o Opening, now time.Time) (SignIn, error)
}

// CodeMail is an e-mail with a sign-in code.
type CodeMail struct {
	ID     MailID
	To     Email
	Code   string
	Locale string // a BCP 47 tag
	Flow   string // that they sign in for, whose look it has; may be empty
}

// Mailer sends a sign-in code. What the mail server does not take is a *MailError.
type Mailer interface {
	SendCode(ctx context.Context, m CodeMail) error
}

// Desk carries out the use cases of signing in. All fields are required.
type Desk struct {
	Codes           Codes
	Allowances      Allowances
	Sessions        Sessions
	ProviderSignIns ProviderSignIns
	Links           Links
	Mailer          Mailer
	Budget          Budget
	Limits          Limits
	Now             func() time.Time
}

// Asking is somebody who asks for a code.
type Asking struct {
	Typed   string // the address
	Browser Token  // what the browser holds of a sign-in under way; empty for a new one
	Locale  string // the language of the e-mail
	From
	Wish
}

// SendCode sends a code to the address and returns the sign-in that waits for it. The answer is the same whether or
// not the address belongs to an applicant already. Errors: ErrEmail, *TooOften, *MailError.
func (d *Desk) SendCode(ctx context.Context, a Asking) (SignIn, error) {
	to, err := ParseEmail(a.Typed)
	if err != nil {
		return SignIn{}, err
	}
	code, err := newCode()
	if err != nil {
		return SignIn{}, fmt.Errorf("drawing a code: %w", err)
	}
	if a.Browser == "" {
		a.Browser = NewToken()
	}
	now, m := d.Now(), MailID(strings.ToLower(rand.Text()))
	address, everybody := d.Budget.codes(to, a.From, now)
	s := SignIn{Browser: a.Browser, Email: to, Wish: a.Wish, ExpiresAt: now.Add(CodeValidity)}
	if err := d.Codes.PutCode(ctx, s, hashCode(s.Browser, code), m, slices.Concat(address, everybody), now); err != nil {
		return SignIn{}, fmt.Errorf("storing a code: %w", err)
	}
	if err := d.Mailer.SendCode(ctx, CodeMail{ID: m, To: to, Code: code, Locale: a.Locale, Flow: a.Flow}); err != nil {
		return s.unless(d.unsent(ctx, m, address, err))
	}
	if err := d.Codes.SettleMail(context.WithoutCancel(ctx), m, MailAccepted, "", d.Now()); err != nil {
		return s, fmt.Errorf("recording an e-mail: %w", err)
	}
	return s, nil
}

// unless is the sign-in, where there is no error.
func (s SignIn) unless(err error) (SignIn, error) {
	if err != nil {
		return SignIn{}, err
	}
	return s, nil
}

// unsent records why an e-mail was not taken. That the mail server is away does not count against the address; but it
// does against the network, or a mail server in trouble would be asked without any limit. What may arrive all the same
// is waited for.
func (d *Desk) unsent(ctx context.Context, m MailID, address []Allowance, cause error) error {
	ctx = context.WithoutCancel(ctx)
	why, ok := errors.AsType[*MailError](cause)
	if !ok {
		why = &MailError{Err: cause}
	}
	if why.Unanswered {
		return nil
	}
	errs := []error{why, d.Codes.SettleMail(ctx, m, why.Status(), why.Reply, d.Now())}
	if !why.Refused {
		errs = append(errs, d.Allowances.GiveBack(ctx, address))
	}
	return errors.Join(errs...)
}

// Pending returns the browser's sign-in, which waits for its code unless the error is ErrCodeExpired or ErrCodeTries.
func (d *Desk) Pending(ctx context.Context, browser Token) (SignIn, error) {
	return d.Codes.PendingSignIn(ctx, browser, d.Now())
}

// EnterCode signs the browser in when the code is one it asked for, and returns the new session's token. What is
// known of the sign-in comes back with an error, too.
func (d *Desk) EnterCode(ctx context.Context, browser Token, typed string, from From, o Opening) (Token, SignIn, error) {
	code := digits(typed)
	if code == "" {
		return d.missing(ctx, browser)
	}
	o.Session = NewToken()
	s, err := d.Codes.TakeCode(ctx, browser, hashCode(browser, code), from, o, d.Now())
	if err != nil {
		return "", s, fmt.Errorf("taking a code: %w", err)
	}
	return o.Session, s, nil
}

// missing answers an empty code, which is not counted as a try.
func (d *Desk) missing(ctx context.Context, browser Token) (Token, SignIn, error) {
	s, err := d.Pending(ctx, browser)
	if err == nil {
		err = ErrCodeMissing
	}
	return "", s, err
}

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
