package postgres

import (
	"context"
	"iter"
	"math"
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

// VerifyAudit implements [onboarding.Overview]. It changes nothing, and sees each part as of one moment: a trail holds or not by
// itself, and a transaction that lasts keeps Postgres from tidying up behind all others.
func (s *Store) VerifyAudit(ctx context.Context, until time.Time, tell func(onboarding.Fault)) (onboarding.Audit, error) {
	a := onboarding.NewAuditor(until, tell)
	for last := (uuid.UUID{}); last != uuid.Max; {
		var err error
		if last, err = s.verifyAfter(ctx, a, last); err != nil {
			return onboarding.Audit{}, fault("verifying the audit trail", err)
		}
	}
	return a.Audit(), nil
}

// verifyAfter verifies the part after a registration, and returns the last one of it, which is the last that can be where the
// part was the last.
func (s *Store) verifyAfter(ctx context.Context, a *onboarding.Auditor, after uuid.UUID) (last uuid.UUID, err error) {
	moment := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	err = pgx.BeginTxFunc(ctx, s.pool, moment, func(tx pgx.Tx) error {
		ends, err := s.trailEnds(ctx, tx, after)
		if err != nil {
			return err
		}
		last = uuid.Max
		if len(ends) == auditBatch {
			last = uuid.UUID(ends[auditBatch-1].Registration)
		}
		return a.Part(ends, s.keptEntries(ctx, tx, after, last))
	})
	return last, err
}

func (s *Store) trailEnds(ctx context.Context, tx pgx.Tx, after uuid.UUID) ([]onboarding.TrailEnd, error) {
	ctx, cancel := context.WithTimeout(ctx, batchWithin)
	defer cancel()
	rows, err := s.q.TrailEnds(ctx, tx, query.TrailEndsParams{After: after, Most: auditBatch})
	ends := make([]onboarding.TrailEnd, len(rows))
	for i, row := range rows {
		ends[i] = trailEnd(row)
	}
	return ends, err
}

// keptEntries goes through the entries of a part, reading a batch when those before it are used up.
func (s *Store) keptEntries(ctx context.Context, tx pgx.Tx, after, last uuid.UUID) iter.Seq2[onboarding.KeptEntry, error] {
	next := query.KeptEntriesParams{AfterRegistration: after, LastRegistration: last, Most: auditBatch}
	if after != uuid.Nil { // whose entries are of the part before
		next.AfterSeq = math.MaxInt64
	}
	return func(yield func(onboarding.KeptEntry, error) bool) {
		for {
			rows, err := s.entriesAfter(ctx, tx, next)
			if err != nil {
				yield(onboarding.KeptEntry{}, err)
				return
			}
			for _, row := range rows {
				if !yield(keptEntry(row), nil) {
					return
				}
			}
			if len(rows) < auditBatch {
				return
			}
			next.AfterRegistration, next.AfterSeq = rows[auditBatch-1].RegistrationID, rows[auditBatch-1].Seq
		}
	}
}

func (s *Store) entriesAfter(ctx context.Context, tx pgx.Tx, next query.KeptEntriesParams) ([]query.AuditEntry, error) {
	ctx, cancel := context.WithTimeout(ctx, batchWithin)
	defer cancel()
	return s.q.KeptEntries(ctx, tx, next)
}

func trailEnd(row query.TrailEndsRow) onboarding.TrailEnd {
	end := onboarding.TrailEnd{
		Registration: onboarding.RegistrationID(row.ID), Status: onboarding.Status(row.Status), Seq: row.AuditSeq, Head: row.AuditHash,
	}
	if row.ForgottenAt != nil {
		end.Forgotten = &onboarding.Forgotten{Began: value(row.BeganAt), Ended: value(row.EndedAt), At: *row.ForgottenAt}
	}
	return end
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
