// Package identity is the domain of who is asking: applicants and the identities they are known by, the codes that
// prove an e-mail address, and the sessions that follow.
//
// Tokens and codes are held by browsers and people only: what is kept here of them are their hashes, so that a copy
// of the database signs nobody in.
package identity

import (
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/google/uuid"
)

// ApplicantID identifies a person, whichever identities they come with.
type ApplicantID uuid.UUID

// String returns the id in its usual spelling.
func (id ApplicantID) String() string { return uuid.UUID(id).String() }

// EmailIssuer is the issuer of identities proved by a code sent to an e-mail address; their subject is the address.
const EmailIssuer = "email"

// Errors of this domain. They are answers to expect, not faults.
var (
	ErrNobody       = errors.New("nobody is signed in")
	ErrEmail        = errors.New("not an e-mail address")
	ErrCodeMissing  = errors.New("no code was entered")
	ErrCodeWrong    = errors.New("the code is wrong")
	ErrCodeExpired  = errors.New("the code has expired or has been used")
	ErrCodeTries    = errors.New("the code was tried too often")
	ErrTooManyCodes = errors.New("too many codes for this address")
)

// Token is a secret that a browser holds: of a session, or of a sign-in under way. It prints as "[secret]".
type Token string

const redacted = "[secret]"

// NewToken returns a token of at least 128 random bits.
func NewToken() Token { return Token(rand.Text()) }

// Reveal returns the token itself, to be put into its browser's cookie.
func (t Token) Reveal() string { return string(t) }

// Hash is what is kept of the token.
func (t Token) Hash() []byte {
	sum := sha256.Sum256([]byte(t))
	return sum[:]
}

// Format keeps the token out of everything fmt prints.
func (t Token) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, redacted) }

// LogValue keeps the token out of logs.
func (t Token) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText keeps the token out of encodings.
func (t Token) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// Session says that an applicant is signed in.
type Session struct {
	Applicant ApplicantID
	Email     Email // empty where the applicant's identity has none
	CreatedAt time.Time
}

// Limits say how long sessions last.
type Limits struct {
	Idle     time.Duration // since the last sign of life
	Absolute time.Duration // since sign-in
}

// SessionLimits are generous enough for a form that needs papers from another room, and short enough for a shared
// computer. An open form counts as a sign of life.
var SessionLimits = Limits{Idle: time.Hour, Absolute: 24 * time.Hour}
