package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"portal/internal/onboarding"
	"portal/internal/postgres/query"
)

var _ onboarding.Past = (*Store)(nil)

// forgetFor bounds the forgetting of a batch: nobody waits for it, but for what it holds.
const forgetFor = 30 * time.Second

// ForgetRegistrations implements [onboarding.Past]. Each call is a transaction: what is deleted was locked before it was looked
// at, with those behind its company, so that whoever sets it going again does so before, or finds nothing.
func (s *Store) ForgetRegistrations(ctx context.Context, status onboarding.Status, before, now time.Time, after onboarding.Passed, most int) (gone int, next onboarding.Passed, done bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, forgetFor)
	defer cancel()
	next = after
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		held, err := s.q.HoldEnded(ctx, tx, query.HoldEndedParams{
			Status: string(status), Before: before, AfterCreatedAt: after.CreatedAt, AfterID: uuid.UUID(after.ID), Most: int32(most),
		})
		if done = len(held) == 0; done || err != nil {
			return err
		}
		ids := make([]uuid.UUID, len(held))
		for i, row := range held {
			ids[i] = row.ID
		}
		last := held[len(held)-1]
		next = onboarding.Passed{CreatedAt: last.CreatedAt, ID: onboarding.RegistrationID(last.ID)}
		gone, err = s.forget(ctx, tx, ids, before, now)
		return err
	})
	return gone, next, done, fault("forgetting registrations", err)
}

// forget deletes those of the held registrations that have had their time.
func (s *Store) forget(ctx context.Context, tx pgx.Tx, held []uuid.UUID, before, now time.Time) (int, error) {
	structures, err := s.q.HoldStructures(ctx, tx, held)
	if err != nil {
		return 0, err
	}
	past, err := s.q.PastRegistrations(ctx, tx, query.PastRegistrationsParams{Ids: held, Structures: structures, Before: before, Now: now})
	if err != nil || len(past) == 0 {
		return 0, err
	}
	var gone int64
	err = together(ctx, tx, func(ctx context.Context, db query.DBTX) error {
		return s.q.KeepTrailEnds(ctx, db, past)
	}, func(ctx context.Context, db query.DBTX) error {
		return s.q.BeginForgetting(ctx, db)
	}, func(ctx context.Context, db query.DBTX) (err error) {
		gone, err = s.q.DeleteRegistrations(ctx, db, past)
		return err
	})
	return int(gone), err
}

// ForgetApplicants implements [onboarding.Past]. Nearly all applicants stay, so they are looked at without being locked, and only
// those who seem idle are locked and looked at again.
func (s *Store) ForgetApplicants(ctx context.Context, before time.Time, after onboarding.ApplicantID, most int) (gone int, next onboarding.ApplicantID, done bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, forgetFor)
	defer cancel()
	rows, err := s.q.IdleApplicants(ctx, s.pool, query.IdleApplicantsParams{After: uuid.UUID(after), Before: before, Most: int32(most)})
	if err != nil {
		return 0, after, false, fault("looking for idle applicants", err)
	}
	next, done = after, true
	var idle []uuid.UUID
	for _, row := range rows {
		next, done = onboarding.ApplicantID(row.ID), row.N < int64(most)
		if row.Idle {
			idle = append(idle, row.ID)
		}
	}
	gone, err = s.forgetIdle(ctx, idle)
	return gone, next, done, fault("forgetting applicants", err)
}

// forgetIdle deletes applicants unless they have come back meanwhile. Where one of them is just signing in, all of them are left
// for the next time.
func (s *Store) forgetIdle(ctx context.Context, idle []uuid.UUID) (gone int, err error) {
	if len(idle) == 0 {
		return 0, nil
	}
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		held, err := s.q.HoldApplicants(ctx, tx, idle)
		if err != nil {
			return err
		}
		n, err := s.q.DeleteApplicants(ctx, tx, held)
		gone = int(n)
		return err
	})
	if violatesReference(err) {
		return 0, nil
	}
	return gone, err
}

// ForgetKeys implements [onboarding.Past].
func (s *Store) ForgetKeys(ctx context.Context, before time.Time, most int) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	n, err := s.q.ForgetKeys(ctx, s.pool, query.ForgetKeysParams{Before: before, Most: int32(most)})
	return int(n), fault("forgetting keys", err)
}
