package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"portal/internal/identity"
	"portal/internal/onboarding"
	"portal/internal/postgres/query"
)

var (
	_ identity.Deliveries = (*Store)(nil)
	_ identity.Results    = (*Store)(nil)
)

// BounceMail implements [identity.Deliveries].
func (s *Store) BounceMail(ctx context.Context, b identity.Bounce, now time.Time) (marked bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	n, err := s.q.BounceMail(ctx, s.pool, query.BounceMailParams{ID: string(b.ID), Reply: b.Reply, Now: now})
	return n == 1, fault("recording a bounce", err)
}

// Mails implements [identity.Deliveries].
func (s *Store) Mails(ctx context.Context, f identity.DeliveryFilter) ([]identity.Delivery, error) {
	ctx, cancel := context.WithTimeout(ctx, overviewWithin)
	defer cancel()
	rows, err := s.mails(ctx, f)
	list := make([]identity.Delivery, len(rows))
	for i, row := range rows {
		list[i] = identity.Delivery{
			ID: identity.MailID(row.ID), Purpose: row.Purpose, To: identity.Email(row.Recipient), Status: row.Status, Reply: row.Reply,
			CreatedAt: row.CreatedAt, SettledAt: value(row.SettledAt),
		}
	}
	return list, fault("listing e-mails", err)
}

func (s *Store) mails(ctx context.Context, f identity.DeliveryFilter) ([]query.Mail, error) {
	switch {
	case f.To != "":
		return s.q.MailsTo(ctx, s.pool, query.MailsToParams{Recipient: f.To.Reveal(), Failed: f.Failed, Most: int32(f.Most)})
	case f.Failed:
		return s.q.FailedMails(ctx, s.pool, int32(f.Most))
	}
	return s.q.Mails(ctx, s.pool, int32(f.Most))
}

// FailedMails counts the e-mails made since then that were refused or bounced, or that could not be sent.
func (s *Store) FailedMails(ctx context.Context, since time.Time) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	n, err := s.q.CountFailedMails(ctx, s.pool, since)
	return int(n), fault("counting e-mails", err)
}

// BookResult implements [identity.Results].
func (s *Store) BookResult(ctx context.Context, r identity.Result, now time.Time) (send bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	send, err = s.q.BookResult(ctx, s.pool, query.BookResultParams{ID: string(r.ID), Recipient: r.To.Reveal(), Now: now})
	return send, fault("booking an e-mail", err)
}

// ResultAddress is where the applicant reads e-mail; empty where that is not known.
func (s *Store) ResultAddress(ctx context.Context, a onboarding.ApplicantID) (identity.Email, error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	address, err := s.q.ResultAddress(ctx, s.pool, uuid.UUID(a))
	if errors.Is(err, pgx.ErrNoRows) {
		return "", nil
	}
	return identity.Email(address), fault("reading an applicant's address", err)
}
