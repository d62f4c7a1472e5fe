package identity

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"time"
)

// ErrKey means that a program's key is none, or was revoked.
var ErrKey = errors.New("not a key of the API")

// ErrKeyName means that a key of that name exists, or existed: names say in logs who it was.
var ErrKeyName = errors.New("the name is taken")

// APIKey is what is known of a key of the company's own programs, without the key.
type APIKey struct {
	Name      string
	CreatedAt time.Time
	UsedAt    time.Time // about; zero for never
	RevokedAt time.Time // zero while it is good
}

// APIKeys keeps keys of the company's own programs.
type APIKeys interface {
	// PutKey stores a new key; ErrKeyName where the name is taken.
	PutKey(ctx context.Context, name string, k Token, now time.Time) error
	// APIKeys lists all keys, the oldest first.
	APIKeys(ctx context.Context) ([]APIKey, error)
	// RevokeKey ends a key for good; ErrKey where there is none of that name that is good.
	RevokeKey(ctx context.Context, name string, now time.Time) error
	// KeyName returns the name of a good key and notes that it was used; ErrKey where it is none.
	KeyName(ctx context.Context, k Token, now time.Time) (string, error)
}

// Gate lets the company's own programs in. All fields are required unless they say otherwise.
type Gate struct {
	Keys       APIKeys
	Allowances Allowances
	Fixed      []Token // keys of the settings, beside the stored ones; may be nil
	Now        func() time.Time
}

// fixedKey is what keys of the settings are called; a stored key cannot be called so.
const fixedKey = "PORTAL_API_KEYS"

// Enter returns the name of the key, or ErrKey. Wrong keys are limited for each network, and calls for each key:
// *TooOften says when to come again.
func (g *Gate) Enter(ctx context.Context, k Token, network string) (name string, err error) {
	now := g.Now()
	name, err = g.name(ctx, k, now)
	if errors.Is(err, ErrKey) {
		return "", errors.Join(err, g.Allowances.Spend(ctx, []Allowance{{"api.wrong", network, keyAttempts, keyAttemptEvery}}, now))
	}
	if err != nil {
		return "", fmt.Errorf("looking up a key: %w", err)
	}
	return name, g.Allowances.Spend(ctx, []Allowance{{"api", name, callsAtOnce, callsEvery}}, now)
}

func (g *Gate) name(ctx context.Context, k Token, now time.Time) (string, error) {
	if k == "" {
		return "", ErrKey
	}
	for _, fixed := range g.Fixed {
		if subtle.ConstantTimeCompare(fixed.Hash(), k.Hash()) == 1 {
			return fixedKey, nil
		}
	}
	return g.Keys.KeyName(ctx, k, now)
}

// keyPrefix lets people and scanners of repositories know what they have found.
const keyPrefix = "portal_"

// NewKey makes a key under a name. Only its holder ever sees it again.
func (g *Gate) NewKey(ctx context.Context, name string) (Token, error) {
	if name == fixedKey {
		return "", ErrKeyName
	}
	k := Token(keyPrefix + NewToken().Reveal())
	if err := g.Keys.PutKey(ctx, name, k, g.Now()); err != nil {
		return "", fmt.Errorf("storing a key: %w", err)
	}
	return k, nil
}
