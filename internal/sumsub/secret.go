package sumsub

import (
	"fmt"
	"io"
	"log/slog"
)

// Secret is an app token, the key that signs, or what opens the WebSDK for one applicant. It prints as "[secret]" everywhere;
// only [Secret.Reveal] gives it away.
type Secret string

const redacted = "[secret]"

// Reveal returns the secret itself.
func (s Secret) Reveal() string { return string(s) }

// Format keeps the secret out of everything fmt prints.
func (s Secret) Format(to fmt.State, _ rune) { _, _ = io.WriteString(to, redacted) }

// LogValue keeps the secret out of logs.
func (s Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText keeps the secret out of JSON and other encodings.
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }
