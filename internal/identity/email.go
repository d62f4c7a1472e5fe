package identity

import (
	"fmt"
	"io"
	"log/slog"
	netmail "net/mail"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Email is a normalised e-mail address. It is personal data and prints as its domain only; [Email.Reveal] gives the
// whole.
type Email string

// maxEmail is the longest address that SMTP can carry (RFC 5321, 4.5.3.1.3).
const maxEmail = 254

// ParseEmail reads an address as people type it. Spaces around it and capitals do not make another address.
func ParseEmail(typed string) (Email, error) {
	s := norm.NFC.String(strings.ToLower(strings.TrimSpace(typed)))
	a, err := netmail.ParseAddress(s)
	if err != nil || a.Address != s || len(s) > maxEmail || strings.ContainsFunc(s, invisible) {
		return "", ErrEmail
	}
	_, domain, _ := strings.Cut(s, "@")
	if !strings.Contains(domain, ".") || strings.HasPrefix(domain, "[") || strings.HasSuffix(domain, ".") {
		return "", ErrEmail
	}
	return Email(s), nil
}

// invisible says whether people cannot see the rune, or it stands for bytes that are no text.
func invisible(r rune) bool { return !unicode.IsPrint(r) || r == unicode.ReplacementChar }

// Reveal returns the whole address.
func (e Email) Reveal() string { return string(e) }

func (e Email) masked() string {
	_, domain, ok := strings.Cut(string(e), "@")
	if !ok {
		return ""
	}
	return "…@" + domain
}

// Format keeps the person out of everything fmt prints.
func (e Email) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, e.masked()) }

// LogValue keeps the person out of logs.
func (e Email) LogValue() slog.Value { return slog.StringValue(e.masked()) }

// MarshalText keeps the person out of encodings.
func (e Email) MarshalText() ([]byte, error) { return []byte(e.masked()), nil }
