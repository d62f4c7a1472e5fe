package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"portal/internal/onboarding"
	"portal/internal/postgres/query"
)

// Compile-time proof that the domain can use the store.
var (
	_ onboarding.Registrations = (*Store)(nil)
	_ onboarding.Profiles      = (*Store)(nil)
)

// Begin implements [onboarding.Registrations]. A new registration's wake-up job is enqueued in the same transaction.
func (s *Store) Begin(ctx context.Context, r onboarding.Registration) (begun onboarding.Registration, err error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	facts, err := s.sealedFacts(r)
	if err != nil {
		return begun, err
	}
	trail, _ := r.Trail.Extended(r.ID)
	params := query.BeginRegistrationParams{
		ID: uuid.UUID(r.ID), ApplicantID: uuid.UUID(r.Applicant), Provider: string(r.Provider), Flow: r.Flow, CaseName: r.Case,
		Status: string(r.Status), DueAt: notNull(r.DueAt), Now: r.TouchedAt,
		AuditHash: trail.Head[:], Actor: r.Trail.Add[0].Actor, What: r.Trail.Add[0].What,
		SealedFacts: facts,
	}
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		row, err := s.q.BeginRegistration(ctx, tx, params)
		if err != nil {
			return err
		}
		if !row.Fresh {
			begun, err = s.registration(ctx, tx, row.ID)
			return err
		}
		begun = r
		begun.Version, begun.Trail, begun.Facts = 1, trail, onboarding.Facts{}
		return s.enqueue(ctx, tx, r.ID, begun.Version, "")
	})
	return begun, fault("beginning a registration", err)
}

// Claim implements [onboarding.Registrations].
func (s *Store) Claim(ctx context.Context, id onboarding.RegistrationID, now, until time.Time) (onboarding.Registration, error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	row, err := s.q.ClaimRegistration(ctx, s.pool, query.ClaimRegistrationParams{ID: uuid.UUID(id), Now: now, Until: &until})
	if errors.Is(err, pgx.ErrNoRows) {
		return onboarding.Registration{}, &onboarding.Error{Kind: onboarding.Conflict, Err: errors.New("not due, or claimed already")}
	}
	if err != nil {
		return onboarding.Registration{}, fault("claiming a registration", err)
	}
	return s.claimed(row), nil
}

// Extend implements [onboarding.Registrations].
func (s *Store) Extend(ctx context.Context, r onboarding.Registration, until time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	n, err := s.q.ExtendClaim(ctx, s.pool, query.ExtendClaimParams{ID: uuid.UUID(r.ID), Version: r.Version, Until: &until})
	if err != nil {
		return fault("prolonging a claim", err)
	}
	if n == 0 {
		return errMovedOn
	}
	return nil
}

// Save implements [onboarding.Registrations]. A registration that had come to rest and moves again is woken by a job of the
// same transaction.
func (s *Store) Save(ctx context.Context, r onboarding.Registration, until time.Time) (onboarding.Registration, error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	row := query.SaveRegistrationParams{
		ID: uuid.UUID(r.ID), Version: r.Version, Status: string(r.Status), ProfileID: nonEmpty(string(r.Profile)),
		Ask: string(r.Ask), UnclearSince: notNull(r.UnclearSince), StubMayExist: r.StubMayExist, Refused: r.Refused,
		Tries: int32(r.Tries), Cause: r.Cause, DueAt: notNull(r.DueAt), ClaimedUntil: notNull(until),
		Waiting: r.Waiting, OverSince: notNull(r.OverSince), ReadAt: notNull(r.ReadAt), Acknowledged: r.Acknowledged,
		FactsVoid: r.FactsVoid,
	}
	if r.Request != nil {
		sealed, err := s.keys.Seal(r.Request.Key.Reveal(), keyPlace(r.Request.ID, r.ID))
		if err != nil {
			return onboarding.Registration{}, err
		}
		row.RequestID, row.SealedKey, row.RequestCreatedAt = nonEmpty(string(r.Request.ID)), sealed, &r.Request.CreatedAt
	}
	if err := s.sealVerification(&row, r); err != nil {
		return onboarding.Registration{}, err
	}
	revived, mail := r.Revived(), r.Mail
	r.Trail = addTrail(&row, r)
	r.FactsVoid, r.Mail = false, ""
	r.Version++
	n, err := s.saveRow(ctx, row, revived, mail, r)
	s.tellSaved(r, until)
	if err != nil {
		return onboarding.Registration{}, fault("saving a registration", err)
	}
	if n == 0 {
		return onboarding.Registration{}, errMovedOn
	}
	return r, nil
}

// tellSaved tells those who see the registration, also where nobody knows whether it is stored. While it is claimed and
// prepared, what they see stays the same.
func (s *Store) tellSaved(r onboarding.Registration, until time.Time) {
	if until.IsZero() || !r.Moving() {
		s.teller.Tell(r.ID)
	}
}

// saveRow stores the row and, in the same transaction, the job that wakes a registration which had been at rest, and the one
// that tells its applicant.
func (s *Store) saveRow(ctx context.Context, row query.SaveRegistrationParams, revived bool, mail onboarding.Mail, r onboarding.Registration) (saved int64, err error) {
	if !revived && mail == "" {
		return s.q.SaveRegistration(ctx, s.pool, row)
	}
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if saved, err = s.q.SaveRegistration(ctx, tx, row); err != nil || saved == 0 {
			return err
		}
		if mail != "" {
			err = s.enqueue(ctx, tx, r.ID, r.Version, mail)
		}
		if revived && err == nil {
			err = s.enqueue(ctx, tx, r.ID, r.Version, "")
		}
		return err
	})
	return saved, err
}

var errMovedOn = &onboarding.Error{Kind: onboarding.Conflict, Err: errors.New("the registration has moved on")}

// Due implements [onboarding.Registrations].
func (s *Store) Due(ctx context.Context, now time.Time, limit int) ([]onboarding.RegistrationID, error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	rows, err := s.q.DueRegistrations(ctx, s.pool, query.DueRegistrationsParams{Now: now, Most: int32(limit)})
	return registrationIDs(rows), fault("listing due registrations", err)
}

// Silent implements [onboarding.Registrations].
func (s *Store) Silent(ctx context.Context, now time.Time, limit int) ([]onboarding.RegistrationID, error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	rows, err := s.q.SilentRegistrations(ctx, s.pool, query.SilentRegistrationsParams{Now: now, Most: int32(limit)})
	return registrationIDs(rows), fault("listing silent registrations", err)
}

func registrationIDs(rows []uuid.UUID) []onboarding.RegistrationID {
	ids := make([]onboarding.RegistrationID, len(rows))
	for i, id := range rows {
		ids[i] = onboarding.RegistrationID(id)
	}
	return ids
}

// Registration implements [onboarding.Registrations].
func (s *Store) Registration(ctx context.Context, id onboarding.RegistrationID) (onboarding.Registration, error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	r, err := s.registration(ctx, s.pool, uuid.UUID(id))
	if errors.Is(err, pgx.ErrNoRows) {
		return r, &onboarding.Error{Kind: onboarding.NotFound, Err: errors.New("no such registration")}
	}
	return r, fault("reading a registration", err)
}

// Request implements [onboarding.Registrations].
func (s *Store) Request(ctx context.Context, r onboarding.RegistrationID, q onboarding.RequestID) (onboarding.CustomerRequest, error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	row, err := s.q.CustomerRequest(ctx, s.pool, query.CustomerRequestParams{ID: string(q), RegistrationID: uuid.UUID(r)})
	if errors.Is(err, pgx.ErrNoRows) {
		return onboarding.CustomerRequest{}, &onboarding.Error{Kind: onboarding.NotFound, Err: errors.New("no such customer request")}
	}
	if err != nil {
		return onboarding.CustomerRequest{}, fault("reading a customer request", err)
	}
	key, err := s.keys.Open(row.SealedKey, keyPlace(q, r))
	if err != nil {
		return onboarding.CustomerRequest{}, err
	}
	return onboarding.CustomerRequest{ID: q, Key: onboarding.RequestKey(key), CreatedAt: row.CreatedAt}, nil
}

func (s *Store) registration(ctx context.Context, db query.DBTX, id uuid.UUID) (onboarding.Registration, error) {
	row, err := s.q.Registration(ctx, db, id)
	if err != nil {
		return onboarding.Registration{}, err
	}
	return s.verified(s.opened(row.Registration, row.SealedKey, row.RequestCreatedAt), row.SealedVerification), nil
}

// opened makes a registration of its row and the row of the customer request it shows, if any. Only the key of an
// open form is needed; one that the keyset does not open leaves the others' registrations alone.
func (s *Store) opened(row query.Registration, sealedKey []byte, requestedAt *time.Time) onboarding.Registration {
	r := unopened(row, requestedAt)
	if r.Status == onboarding.Open && r.Request != nil {
		if key, err := s.keys.Open(sealedKey, keyPlace(r.Request.ID, r.ID)); err == nil {
			r.Request.Key = onboarding.RequestKey(key)
		}
	}
	return r
}

// unopened makes a registration of its row, without the key of its request.
func unopened(row query.Registration, requestedAt *time.Time) onboarding.Registration {
	r := onboarding.Registration{
		ID: onboarding.RegistrationID(row.ID), Applicant: onboarding.ApplicantID(row.ApplicantID),
		Provider: onboarding.ProviderName(row.Provider), Flow: row.Flow,
		Case: row.CaseName, Status: onboarding.Status(row.Status), Profile: onboarding.ProfileID(value(row.ProfileID)),
		Ask: onboarding.Ask(row.Ask), UnclearSince: value(row.UnclearSince), StubMayExist: row.StubMayExist,
		Refused: row.Refused, Tries: int(row.Tries), Cause: row.Cause, DueAt: value(row.DueAt), Waiting: row.Waiting,
		OverSince: value(row.OverSince), ReadAt: value(row.ReadAt), Acknowledged: row.Acknowledged, Version: row.Version,
		CreatedAt: row.CreatedAt, TouchedAt: row.TouchedAt, Trail: onboarding.Trail{Seq: row.AuditSeq},
	}
	copy(r.Trail.Head[:], row.AuditHash)
	if row.RequestID != nil {
		r.Request = &onboarding.CustomerRequest{ID: onboarding.RequestID(*row.RequestID), CreatedAt: value(requestedAt)}
	}
	return r
}

// keyPlace is what a request's sealed key is bound to.
func keyPlace(id onboarding.RequestID, r onboarding.RegistrationID) string {
	return fmt.Sprintf("customer_requests.sealed_key/%s/%s", r, id)
}

func nonEmpty(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
