package postgres

import (
	"context"
	"errors"
	"time"

	"portal/internal/inbox"
	"portal/internal/postgres/query"
)

// Quarantined implements [inbox.Archive].
func (s *Webhooks) Quarantined(ctx context.Context, sel inbox.Selection, after int64, most int) ([]inbox.Message, error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	rows, err := s.q.QuarantinedWebhooks(ctx, s.pool, query.QuarantinedWebhooksParams{
		After: after, Everything: sel.Quarantined, Seqs: sel.Seqs, Since: notNull(sel.Since), Most: int32(most),
	})
	if err != nil {
		return nil, fault("reading quarantined webhooks", err)
	}
	messages := make([]inbox.Message, len(rows))
	for i, row := range rows {
		messages[i] = inbox.Message{Seq: row.Seq, Provider: row.Provider, ID: row.MessageID, Trouble: row.Trouble, ReceivedAt: row.ReceivedAt}
		messages[i].Body, err = s.open(row.SealedBody, row.Provider, row.MessageID)
		if errors.Is(err, ErrNoKeys) {
			return nil, err
		} // the others can be read although this one's seal does not open
	}
	return messages, nil
}

// Settle implements [inbox.Archive].
func (s *Webhooks) Settle(ctx context.Context, seq int64, now time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	return fault("settling a quarantined webhook", s.q.SettleQuarantined(ctx, s.pool, query.SettleQuarantinedParams{Seq: seq, Now: now}))
}

// Requeue implements [inbox.Archive].
func (s *Webhooks) Requeue(ctx context.Context, sel inbox.Selection, now time.Time, after int64, most int) (requeued int, last int64, err error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	row, err := s.q.RequeueWebhooks(ctx, s.pool, query.RequeueWebhooksParams{
		Seqs: sel.Seqs, Since: notNull(sel.Since), Now: now, After: after, Most: int32(most),
	})
	return int(row.Requeued), row.Last, fault("queueing webhooks again", err)
}

// Empty implements [inbox.Archive].
func (s *Webhooks) Empty(ctx context.Context, before time.Time, forwarding []string, most int) ([]inbox.Emptied, error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	rows, err := s.q.EmptyWebhooks(ctx, s.pool, query.EmptyWebhooksParams{Before: before, Forwarding: append([]string{}, forwarding...), Most: int32(most)})
	if err != nil {
		return nil, fault("emptying webhooks", err)
	}
	emptied := make([]inbox.Emptied, len(rows))
	for i, row := range rows {
		emptied[i] = inbox.Emptied{Seq: row.Seq, Provider: row.Provider, Quarantined: row.Status == "quarantined", Trouble: row.Trouble}
	}
	return emptied, nil
}

// Delete implements [inbox.Archive].
func (s *Webhooks) Delete(ctx context.Context, before time.Time, most int) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	n, err := s.q.DeleteWebhooks(ctx, s.pool, query.DeleteWebhooksParams{Before: before, Most: int32(most)})
	return int(n), fault("deleting webhooks", err)
}

// Standing implements [inbox.Archive].
func (s *Webhooks) Standing(ctx context.Context, now time.Time) (inbox.Standing, error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	now = now.Truncate(resolution)
	row, err := s.q.StandingWebhooks(ctx, s.pool, now)
	if err != nil {
		return inbox.Standing{}, fault("counting webhooks", err)
	}
	return inbox.Standing{
		Pending: int(row.Pending), Quarantined: int(row.Quarantined), Forwarding: int(row.Forwarding),
		OldestPending: max(0, now.Sub(row.OldestPending)), OldestForwarding: max(0, now.Sub(row.OldestForwarding)),
	}, nil
}

// List implements [inbox.Archive].
func (s *Webhooks) List(ctx context.Context, status string, most int) ([]inbox.Entry, error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	rows, err := s.q.ListWebhooks(ctx, s.pool, query.ListWebhooksParams{Status: status, Most: int32(most)})
	if err != nil {
		return nil, fault("listing webhooks", err)
	}
	entries := make([]inbox.Entry, len(rows))
	for i, row := range rows {
		entries[i] = inbox.Entry{
			Seq: row.Seq, ReceivedAt: row.ReceivedAt, Provider: row.Provider, Event: row.Event, Profile: row.ProfileID,
			Status: row.Status, Forwarding: row.Forwarding, Tries: int(row.Tries), Cause: row.Cause + row.Trouble,
		}
	}
	return entries, nil
}
