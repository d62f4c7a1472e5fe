package delivery

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// The length of a secret's bytes, as Standard Webhooks wants it, and that of those made here.
const (
	shortest = 24
	longest  = 64
	usual    = 32
)

const prefix = "whsec_"

// Secret signs notices. It never prints.
type Secret []byte

const unprinted = "secret"

// Format keeps the secret out of everything fmt prints.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, unprinted) }

// LogValue keeps the secret out of logs.
func (s Secret) LogValue() slog.Value { return slog.StringValue(unprinted) }

// MarshalText keeps the secret out of encodings.
func (s Secret) MarshalText() ([]byte, error) { return []byte(unprinted), nil }

var errSecret = fmt.Errorf("each must be %s and then %d to %d bytes in base64 (make one with `portal notices new-secret`)", prefix, shortest, longest)

// ParseSecrets reads secrets that are separated by commas. Its error never repeats them.
func ParseSecrets(text string) ([]Secret, error) {
	var secrets []Secret
	for one := range strings.SplitSeq(text, ",") {
		encoded, ok := strings.CutPrefix(strings.TrimSpace(one), prefix)
		key, err := base64.StdEncoding.DecodeString(encoded)
		if !ok || err != nil || len(key) < shortest || len(key) > longest {
			return nil, errSecret
		}
		secrets = append(secrets, key)
	}
	return secrets, nil
}

// NewSecret makes a secret in the form in which it is agreed on.
func NewSecret(random io.Reader) (string, error) {
	key := make([]byte, usual)
	if _, err := io.ReadFull(random, key); err != nil {
		return "", fmt.Errorf("making a secret: %w", err)
	}
	return prefix + base64.StdEncoding.EncodeToString(key), nil
}

// sign signs with every secret, so that a receiver that knows only one of them is content.
func sign(secrets []Secret, id string, at time.Time, body []byte) (string, error) {
	if len(secrets) == 0 {
		return "", errors.New("there is no secret")
	}
	signatures := make([]string, len(secrets))
	for i, secret := range secrets {
		signer, err := standardwebhooks.NewWebhookRaw(secret)
		if err != nil {
			return "", errors.New("the secret cannot be used")
		}
		if signatures[i], err = signer.Sign(id, at, body); err != nil {
			return "", errors.New("the secret cannot be used")
		}
	}
	return strings.Join(signatures, " "), nil
}
