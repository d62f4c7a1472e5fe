package config

import (
	"fmt"
	"io"
	"log/slog"
)

// Secret is a setting that never prints: only whether it is set does. [Secret.Reveal] gives it away.
type Secret string

// Reveal returns the secret itself.
func (s Secret) Reveal() string { return string(s) }

func (s Secret) presence() string {
	if s == "" {
		return "unset"
	}
	return "set"
}

// Format keeps the secret out of everything fmt prints.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.presence()) }

// LogValue keeps the secret out of logs.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.presence()) }

// MarshalText keeps the secret out of encodings.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.presence()), nil }
