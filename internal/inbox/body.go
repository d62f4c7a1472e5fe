package inbox

import (
	"fmt"
	"io"
	"log/slog"
)

// Body is the bytes of a message. They are personal data, so it prints as "[webhook]" everywhere; [Body.Reveal] gives
// them away.
type Body string

const hidden = "[webhook]"

// Reveal returns the bytes themselves.
func (b Body) Reveal() string { return string(b) }

// Format keeps the bytes out of everything fmt prints.
func (b Body) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, hidden) }

// LogValue keeps the bytes out of logs.
func (b Body) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalText keeps the bytes out of JSON and other encodings.
func (b Body) MarshalText() ([]byte, error) { return []byte(hidden), nil }
