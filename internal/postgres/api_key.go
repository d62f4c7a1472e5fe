package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"portal/internal/identity"
	"portal/internal/postgres/query"
)

// PutKey implements [identity.APIKeys].
func (s *Store) PutKey(ctx context.Context, name string, k identity.Token, now time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	n, err := s.q.PutAPIKey(ctx, s.pool, query.PutAPIKeyParams{Name: name, KeyHash: k.Hash(), Now: now})
	if err != nil {
		return fault("storing a key of the API", err)
	}
	if n == 0 {
		return identity.ErrKeyName
	}
	return nil
}

// APIKeys implements [identity.APIKeys].
func (s *Store) APIKeys(ctx context.Context) ([]identity.APIKey, error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	rows, err := s.q.APIKeys(ctx, s.pool)
	keys := make([]identity.APIKey, len(rows))
	for i, row := range rows {
		keys[i] = identity.APIKey{Name: row.Name, CreatedAt: row.CreatedAt, UsedAt: value(row.UsedAt), RevokedAt: value(row.RevokedAt)}
	}
	return keys, fault("listing keys of the API", err)
}

// RevokeKey implements [identity.APIKeys].
func (s *Store) RevokeKey(ctx context.Context, name string, now time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	n, err := s.q.RevokeAPIKey(ctx, s.pool, query.RevokeAPIKeyParams{Name: name, Now: now})
	if err != nil {
		return fault("revoking a key of the API", err)
	}
	if n == 0 {
		return identity.ErrKey
	}
	return nil
}

// KeyName implements [identity.APIKeys].
func (s *Store) KeyName(ctx context.Context, k identity.Token, now time.Time) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	noted := now.Add(-seenEvery)
	name, err := s.q.APIKeyName(ctx, s.pool, query.APIKeyNameParams{KeyHash: k.Hash(), Now: now, NotedBefore: &noted})
	if errors.Is(err, pgx.ErrNoRows) {
		return "", identity.ErrKey
	}
	return name, fault("looking up a key of the API", err)
}
