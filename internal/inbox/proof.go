package inbox

import (
	"fmt"
	"io"
	"log/slog"
)

// Proof is what a delivery shows, beside its body, to prove where it comes from. It may hold a secret, so it prints as
// "[proof]" everywhere.
type Proof struct {
	Authorization string // the header that carries a shared secret
	Digest        string // a digest of the body that takes a shared secret to make
	Algorithm     string // the digest's, by the provider's name of it
}

const hiddenProof = "[proof]"

// Format keeps the proof out of everything fmt prints.
func (p Proof) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, hiddenProof) }

// LogValue keeps the proof out of logs.
func (p Proof) LogValue() slog.Value { return slog.StringValue(hiddenProof) }

// MarshalText keeps the proof out of JSON and other encodings.
func (p Proof) MarshalText() ([]byte, error) { return []byte(hiddenProof), nil }
