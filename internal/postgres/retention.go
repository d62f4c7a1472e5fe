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

// ForgetRegistrations implements [onboarding.Past]. What stays is not locked. What is deleted is looked at again once it is locked,
// with those behind its company, so that whoever sets it going again does so before, or finds nothing.
func (s *Store) ForgetRegistrations(ctx context.Context, status onboarding.Status, before, now time.Time, after onboarding.Passed, most int) (gone int, next onboarding.Passed, done bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, forgetFor)
	defer cancel()
	ended, err := s.q.EndedRegistrations(ctx, s.pool, query.EndedRegistrationsParams{
		Status: string(status), Before: before, AfterCreatedAt: after.CreatedAt, AfterID: uuid.UUID(after.ID), Most: int32(most),
	})
	if err != nil || len(ended) == 0 {
		return 0, after, true, fault("looking for past registrations", err)
	}
	look := query.PastRegistrationsParams{Before: before, Now: now}
	for _, row := range ended {
		look.Ids = append(look.Ids, row.ID)
	}
	look.Structures = look.Ids
	last := ended[len(ended)-1]
	next = onboarding.Passed{CreatedAt: last.CreatedAt, ID: onboarding.RegistrationID(last.ID)}
	past, err := s.q.PastRegistrations(ctx, s.pool, look)
	if err == nil && len(past) > 0 {
		err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
			gone, err = s.forget(ctx, tx, status, past, look)
			return err
		})
	}
	if err != nil {
		gone = 0 // also where they were gone before the commit failed
	}
	return gone, next, false, fault("forgetting registrations", err)
}

// forget deletes those of the registrations that are still to be forgotten when they are locked.
func (s *Store) forget(ctx context.Context, tx pgx.Tx, status onboarding.Status, ids []uuid.UUID, look query.PastRegistrationsParams) (_ int, err error) {
	if look.Ids, err = s.q.HoldEnded(ctx, tx, query.HoldEndedParams{Ids: ids, Status: string(status)}); err != nil {
		return 0, err
	}
	if look.Structures, err = s.q.HoldStructures(ctx, tx, look.Ids); err != nil {
		return 0, err
	}
	past, err := s.q.PastRegistrations(ctx, tx, look)
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
	switch {
	case violatesReference(err):
		return 0, nil
	case err != nil:
		return 0, err
	}
	return gone, nil
}

// ForgetKeys implements [onboarding.Past].
func (s *Store) ForgetKeys(ctx context.Context, before time.Time, most int) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	n, err := s.q.ForgetKeys(ctx, s.pool, query.ForgetKeysParams{Before: before, Most: int32(most)})
	return int(n), fault("forgetting keys", err)
}
