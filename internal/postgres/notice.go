package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"portal/internal/outbox"
	"portal/internal/postgres/query"
)

// Notices keeps notices for the company's own back end, which a trigger writes with each change of a registration. It is
// an [outbox.Notices].
type Notices struct {
	pool *pgxpool.Pool
	q    *query.Queries
}

// NewNotices returns a store of notices on an open pool.
func NewNotices(pool *pgxpool.Pool) *Notices { return &Notices{pool: pool, q: query.New()} }

// Claim implements [outbox.Notices].
func (s *Notices) Claim(ctx context.Context, now, until time.Time) (c outbox.Claimed, ok bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	row, err := s.q.ClaimNotice(ctx, s.pool, query.ClaimNoticeParams{Now: now, Until: &until})
	if errors.Is(err, pgx.ErrNoRows) {
		return outbox.Claimed{}, false, nil
	}
	if err != nil {
		return outbox.Claimed{}, false, fault("claiming a notice", err)
	}
	return outbox.Claimed{
		Notice: outbox.Notice{
			ID: row.ID, Type: row.Type, Registration: row.RegistrationID.String(), Issuer: value(row.Issuer),
			Subject: value(row.Subject), Flow: row.Flow, Case: row.CaseName, Status: row.RegistrationStatus,
			Profile: value(row.ProfileID), HappenedAt: row.HappenedAt,
		},
		Seq: row.Seq, Claim: row.Claim, Tries: int(row.Tries), QueuedAt: row.QueuedAt,
	}, true, nil
}

// Settle implements [outbox.Notices].
func (s *Notices) Settle(ctx context.Context, c outbox.Claimed, o outbox.Outcome) error {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	n, err := s.q.SettleNotice(ctx, s.pool, settlement(c, o))
	if err != nil {
		return fault("settling a notice", err)
	}
	return unlessNoticeLost(n)
}

// settlement turns an outcome into columns.
func settlement(c outbox.Claimed, o outbox.Outcome) query.SettleNoticeParams {
	p := query.SettleNoticeParams{Seq: c.Seq, Claim: c.Claim, QueuedAt: c.QueuedAt, Status: o.Status, Cause: o.Cause}
	if o.Status == outbox.Pending {
		p.DueAt = &o.Due
	} else {
		p.EndedAt = &o.At
	}
	if o.Attempt != nil {
		p.Attempted, p.At, p.TookMs = true, o.Attempt.At, o.Attempt.Took.Milliseconds()
		p.HttpStatus = int32(o.Attempt.Status)
	}
	return p
}

// Free implements [outbox.Notices].
func (s *Notices) Free(ctx context.Context, c outbox.Claimed) error {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	n, err := s.q.FreeNotice(ctx, s.pool, query.FreeNoticeParams{Seq: c.Seq, Claim: c.Claim})
	if err != nil {
		return fault("giving a notice back", err)
	}
	return unlessNoticeLost(n)
}

func unlessNoticeLost(rows int64) error {
	if rows == 0 {
		return outbox.ErrLost
	}
	return nil
}
