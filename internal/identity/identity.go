// Package identity is the domain of who is asking: applicants and the identities they are known by, the ways in – codes
// that prove an e-mail address, identity providers of the company, one-time links of its back end –, the sessions that
// follow, and the keys of the company's own programs.
//
// [Desk] has the use cases of people and [Gate] that of programs; each way in has a file. What must hold across replicas
// is in allowance.go.
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
	"regexp"

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
	ErrNobody      = errors.New("nobody is signed in")
	ErrEmail       = errors.New("not an e-mail address")
	ErrCodeMissing = errors.New("no code was entered")
	ErrCodeWrong   = errors.New("the code is wrong")
	ErrCodeExpired = errors.New("the code has expired or has been used")
	ErrCodeTries   = errors.New("the code was tried too often")
)

// Token is a secret that a browser holds: of a session, or of a sign-in under way. It prints as "[secret]".
type Token string

const redacted = "[secret]"

// NewToken returns a token of at least 128 random bits.
func NewToken() Token { return Token(rand.Text()) }

// tokenForm is what a token of ours looks like.
var tokenForm = regexp.MustCompile(`^[A-Z2-7]{26}$`)

// ParseToken reads a token out of an address; ok is false for what can be none of ours.
func ParseToken(text string) (t Token, ok bool) {
	return Token(text), tokenForm.MatchString(text)
}

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
