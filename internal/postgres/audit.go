package postgres

import (
	"context"
	"iter"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"portal/internal/onboarding"
	"portal/internal/postgres/query"
)

// auditBatch is how many rows a verification holds at once.
const auditBatch = 2000

// batchWithin bounds the reading of a batch.
const batchWithin = 30 * time.Second

// VerifyAudit implements [onboarding.Overview]. It sees everything as of one moment, reads in batches, and changes
// nothing.
func (s *Store) VerifyAudit(ctx context.Context, until time.Time, tell func(onboarding.Fault)) (audit onboarding.Audit, err error) {
	moment := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	err = pgx.BeginTxFunc(ctx, s.pool, moment, func(tx pgx.Tx) error {
		audit, err = onboarding.VerifyTrails(s.trailEnds(ctx, tx), s.keptEntries(ctx, tx), until, tell)
		return err
	})
	return audit, fault("verifying the audit trail", err)
}

func (s *Store) trailEnds(ctx context.Context, tx pgx.Tx) iter.Seq2[onboarding.TrailEnd, error] {
	next := query.TrailEndsParams{Most: auditBatch}
	return inBatches(trailEnd, func() ([]query.TrailEndsRow, error) {
		ctx, cancel := context.WithTimeout(ctx, batchWithin)
		defer cancel()
		rows, err := s.q.TrailEnds(ctx, tx, next)
		if n := len(rows); n > 0 {
			next.After = rows[n-1].ID
		}
		return rows, err
	})
}

func (s *Store) keptEntries(ctx context.Context, tx pgx.Tx) iter.Seq2[onboarding.KeptEntry, error] {
	next := query.KeptEntriesParams{Most: auditBatch}
	return inBatches(keptEntry, func() ([]query.AuditEntry, error) {
		ctx, cancel := context.WithTimeout(ctx, batchWithin)
		defer cancel()
		rows, err := s.q.KeptEntries(ctx, tx, next)
		if n := len(rows); n > 0 {
			next.AfterRegistration, next.AfterSeq = rows[n-1].RegistrationID, rows[n-1].Seq
		}
		return rows, err
	})
}

// inBatches goes through all rows, reading a batch when those before it are used up.
func inBatches[Row, To any](to func(Row) To, read func() ([]Row, error)) iter.Seq2[To, error] {
	return func(yield func(To, error) bool) {
		for {
			rows, err := read()
			if err != nil {
				var none To
				yield(none, err)
				return
			}
			for _, row := range rows {
				if !yield(to(row), nil) {
					return
				}
			}
			if len(rows) < auditBatch {
				return
			}
		}
	}
}

func trailEnd(row query.TrailEndsRow) onboarding.TrailEnd {
	return onboarding.TrailEnd{
		Registration: onboarding.RegistrationID(row.ID), Status: onboarding.Status(row.Status), Seq: row.AuditSeq, Head: row.AuditHash,
		ForgottenAt: value(row.ForgottenAt),
	}
}

func keptEntry(row query.AuditEntry) onboarding.KeptEntry {
	return onboarding.KeptEntry{
		Registration: onboarding.RegistrationID(row.RegistrationID), Hash: row.Hash,
		Entry: onboarding.Entry{
			Seq: row.Seq, At: row.At.UTC(), Actor: row.Actor, From: onboarding.Status(row.FromStatus), To: onboarding.Status(row.ToStatus),
			What: row.What, Evidence: row.Evidence, Profile: onboarding.ProfileID(row.ProfileID), Request: onboarding.RequestID(row.RequestID),
		},
	}
}

// trailOf reads the entries of one registration.
func (s *Store) trailOf(ctx context.Context, id uuid.UUID) ([]onboarding.Entry, error) {
	rows, err := s.q.TrailOf(ctx, s.pool, id)
	entries := make([]onboarding.Entry, len(rows))
	for i, row := range rows {
		entries[i] = keptEntry(row).Entry
	}
	return entries, err
}
