package identity

import (
	"fmt"
	"io"
	"log/slog"
)

// Subject is what an issuer calls a person. It may be an address, so it prints as "[subject]"; [Subject.Reveal] gives
// it away.
type Subject string

const hiddenSubject = "[subject]"

// Reveal returns the subject itself.
func (s Subject) Reveal() string { return string(s) }

// Format keeps the person out of everything fmt prints.
func (s Subject) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, hiddenSubject) }

// LogValue keeps the person out of logs.
func (s Subject) LogValue() slog.Value { return slog.StringValue(hiddenSubject) }

// MarshalText keeps the person out of encodings.
func (s Subject) MarshalText() ([]byte, error) { return []byte(hiddenSubject), nil }

// Facts are what the company says of a person beforehand, in an encoding that is not this domain's. They print as
// "[facts]"; [Facts.Reveal] gives them away.
type Facts string

const hiddenFacts = "[facts]"

// Reveal returns the facts themselves.
func (f Facts) Reveal() string { return string(f) }

// Format keeps the person out of everything fmt prints.
func (f Facts) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, hiddenFacts) }

// LogValue keeps the person out of logs.
func (f Facts) LogValue() slog.Value { return slog.StringValue(hiddenFacts) }

// MarshalText keeps the person out of encodings.
func (f Facts) MarshalText() ([]byte, error) { return []byte(hiddenFacts), nil }

// Person is somebody whose identity has been proved.
type Person struct {
	Issuer  string
	Subject Subject
	Email   Email
	Name    PersonName
	// Linked says that the address is proved, too, and that the company takes it for the same person as whoever proves it
	// by a code.
	Linked bool
}
