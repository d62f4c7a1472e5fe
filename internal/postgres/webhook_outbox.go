package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"portal/internal/inbox"
	"portal/internal/postgres/query"
)

// ClaimTurn implements [inbox.Outbox].
func (s *Webhooks) ClaimTurn(ctx context.Context, provider string, now, until time.Time) (t inbox.Turn, ok bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	row, err := s.q.ClaimForwarding(ctx, s.pool, query.ClaimForwardingParams{Provider: provider, Now: now, Until: until})
	if errors.Is(err, pgx.ErrNoRows) {
		return inbox.Turn{}, false, nil
	}
	if err != nil {
		return inbox.Turn{}, false, fault("claiming the sending on of webhooks", err)
	}
	return inbox.Turn{Provider: provider, Claim: row.Claim, Tries: int(row.Tries)}, true, nil
}

// Head implements [inbox.Outbox].
func (s *Webhooks) Head(ctx context.Context, provider string) (m inbox.Message, ok bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	row, err := s.q.NextToForward(ctx, s.pool, provider)
	if errors.Is(err, pgx.ErrNoRows) {
		return inbox.Message{}, false, nil
	}
	if err != nil {
		return inbox.Message{}, false, fault("reading a webhook to send on", err)
	}
	m = inbox.Message{Seq: row.Seq, Provider: provider, ID: row.MessageID, Event: row.Event, ReceivedAt: row.ReceivedAt, Forward: true}
	m.Body, err = s.open(row.SealedBody, provider, row.MessageID)
	return m, true, err
}

func (s *Webhooks) open(sealed []byte, provider, id string) (inbox.Body, error) {
	if s.keys == nil {
		return "", ErrNoKeys
	}
	text, err := s.keys.Open(sealed, bodyPlace(provider, id))
	return inbox.Body(text), err
}

// Forwarded implements [inbox.Outbox].
func (s *Webhooks) Forwarded(ctx context.Context, t inbox.Turn, m inbox.Message, now, until time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	n, err := s.q.Forwarded(ctx, s.pool, query.ForwardedParams{Provider: t.Provider, Claim: t.Claim, Seq: m.Seq, Now: now, Until: until})
	if err != nil {
		return fault("marking a webhook as sent on", err)
	}
	return unlessLost(n)
}

// EndTurn implements [inbox.Outbox].
func (s *Webhooks) EndTurn(ctx context.Context, t inbox.Turn, due time.Time, cause string) error {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	n, err := s.q.FreeForwarding(ctx, s.pool, query.FreeForwardingParams{
		Provider: t.Provider, Claim: t.Claim, DueAt: due, Tries: int32(t.Tries), Cause: cause,
	})
	if err != nil {
		return fault("ending the sending on of webhooks", err)
	}
	return unlessLost(n)
}
