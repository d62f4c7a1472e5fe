package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"portal/internal/outbox"
	"portal/internal/postgres/query"
)

// Replay implements [outbox.Archive].
func (s *Notices) Replay(ctx context.Context, sel outbox.Selection, now time.Time, after int64, most int) (replayed int, last int64, err error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	row, err := s.q.ReplayNotices(ctx, s.pool, query.ReplayNoticesParams{
		Ids: sel.IDs, GivenUp: sel.GivenUp, Since: sel.Since, Now: now, After: after, Most: int32(most),
	})
	return int(row.Replayed), row.Last, fault("queueing notices again", err)
}

// Known implements [outbox.Archive].
func (s *Notices) Known(ctx context.Context, ids []string) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	known, err := s.q.KnownNotices(ctx, s.pool, ids)
	return known, fault("looking for notices", err)
}

// DeleteEnded implements [outbox.Archive].
func (s *Notices) DeleteEnded(ctx context.Context, before time.Time, most int) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	n, err := s.q.DeleteEndedNotices(ctx, s.pool, query.DeleteEndedNoticesParams{Before: before, Most: int32(most)})
	return int(n), fault("deleting notices", err)
}

// DeleteUnsent implements [outbox.Archive].
func (s *Notices) DeleteUnsent(ctx context.Context, before time.Time, most int) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	n, err := s.q.DeleteUnsentNotices(ctx, s.pool, query.DeleteUnsentNoticesParams{Before: before, Most: int32(most)})
	return int(n), fault("deleting unsent notices", err)
}

// Standing implements [outbox.Archive].
func (s *Notices) Standing(ctx context.Context, now time.Time) (outbox.Standing, error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	now = now.Truncate(resolution)
	row, err := s.q.StandingNotices(ctx, s.pool, now)
	if err != nil {
		return outbox.Standing{}, fault("counting notices", err)
	}
	return outbox.Standing{
		Pending: int(row.Pending), GivenUp: int(row.GivenUp), OldestPending: max(0, now.Sub(row.OldestPending)),
	}, nil
}

// List implements [outbox.Archive].
func (s *Notices) List(ctx context.Context, status string, most int) ([]outbox.Entry, error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	rows, err := s.q.ListNotices(ctx, s.pool, query.ListNoticesParams{Status: status, Most: int32(most)})
	if err != nil {
		return nil, fault("listing notices", err)
	}
	entries := make([]outbox.Entry, len(rows))
	for i, row := range rows {
		entries[i] = noticeEntry(row)
	}
	return entries, nil
}

// Show implements [outbox.Archive].
func (s *Notices) Show(ctx context.Context, id string) (outbox.Entry, []outbox.Attempt, error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	row, err := s.q.NoticeByID(ctx, s.pool, id)
	if errors.Is(err, pgx.ErrNoRows) {
		return outbox.Entry{}, nil, outbox.ErrNotFound
	}
	if err != nil {
		return outbox.Entry{}, nil, fault("reading a notice", err)
	}
	rows, err := s.q.NoticeAttempts(ctx, s.pool, id)
	if err != nil {
		return outbox.Entry{}, nil, fault("reading the attempts of a notice", err)
	}
	attempts := make([]outbox.Attempt, len(rows))
	for i, a := range rows {
		attempts[i] = outbox.Attempt{
			At: a.At, Took: time.Duration(a.TookMs) * time.Millisecond,
			Answer: outbox.Answer{Status: int(a.HttpStatus), Cause: a.Cause},
		}
	}
	return noticeEntry(query.ListNoticesRow(row)), attempts, nil
}

func noticeEntry(row query.ListNoticesRow) outbox.Entry {
	return outbox.Entry{
		ID: row.ID, Type: row.Type, Registration: row.RegistrationID.String(), Flow: row.Flow, Case: row.CaseName,
		HappenedAt: row.HappenedAt, Status: row.Status, Due: value(row.DueAt), Tries: int(row.Tries), Cause: row.Cause,
	}
}
