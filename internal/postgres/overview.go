package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"portal/internal/onboarding"
	"portal/internal/postgres/query"
)

var _ onboarding.Overview = (*Store)(nil)

// overviewWithin bounds a look at many registrations, for which nobody's page waits.
const overviewWithin = 30 * time.Second

// Listed is a registration in a list for operators. Its request has no key.
type Listed struct {
	onboarding.Registration
	Since   time.Time // when it came to its status
	Orphans int       // profiles that carry its reference, are not its own, and that nobody has said they know of
	Behind  string    // what a person should know of those behind its company, likewise
}

// Dossier is everything known about a registration but its keys.
type Dossier struct {
	Registration onboarding.Registration
	Claimed      time.Time // until when a process works on it; zero where none does
	Requests     []KeptRequest
	Profiles     []onboarding.KnownProfile
	Trail        []onboarding.Entry
	Structure    KeptStructure
	Review       KeptReview
	Documents    []onboarding.Document
}

// KeptRequest is a customer request that the registration has or had.
type KeptRequest struct {
	ID        onboarding.RequestID
	CreatedAt time.Time
	KeyStored bool
}

// Identity is a way in which an applicant is known.
type Identity struct{ Issuer, Subject string }

// ToSee lists the registrations that a person should look at, the oldest first.
func (s *Store) ToSee(ctx context.Context, most int) ([]Listed, error) {
	ctx, cancel := context.WithTimeout(ctx, overviewWithin)
	defer cancel()
	rows, err := s.q.RegistrationsToSee(ctx, s.pool, int32(most))
	list := make([]Listed, len(rows))
	for i, row := range rows {
		list[i] = listed(row)
	}
	return list, fault("listing registrations", err)
}

// OfStatus lists the registrations of a status, the oldest first.
func (s *Store) OfStatus(ctx context.Context, status onboarding.Status, most int) ([]Listed, error) {
	ctx, cancel := context.WithTimeout(ctx, overviewWithin)
	defer cancel()
	rows, err := s.q.RegistrationsOfStatus(ctx, s.pool, query.RegistrationsOfStatusParams{Status: string(status), Most: int32(most)})
	list := make([]Listed, len(rows))
	for i, row := range rows {
		list[i] = listed(query.RegistrationsToSeeRow(row))
	}
	return list, fault("listing registrations", err)
}

func listed(row query.RegistrationsToSeeRow) Listed {
	return Listed{Registration: unopened(row.Registration, nil), Since: row.Since, Orphans: int(row.Orphans), Behind: row.Attention}
}

// Dossier returns everything known about a registration.
func (s *Store) Dossier(ctx context.Context, id onboarding.RegistrationID) (d Dossier, err error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	row, err := s.q.Registration(ctx, s.pool, uuid.UUID(id))
	if errors.Is(err, pgx.ErrNoRows) {
		return d, &onboarding.Error{Kind: onboarding.NotFound, Err: errors.New("no such registration")}
	}
	if err != nil {
		return d, fault("reading a registration", err)
	}
	d.Registration, d.Claimed = unopened(row.Registration, row.RequestCreatedAt), value(row.Registration.ClaimedUntil)
	requests, err := s.q.CustomerRequests(ctx, s.pool, uuid.UUID(id))
	if err != nil {
		return d, fault("listing customer requests", err)
	}
	for _, q := range requests {
		d.Requests = append(d.Requests, KeptRequest{ID: onboarding.RequestID(q.ID), CreatedAt: q.CreatedAt, KeyStored: q.KeyStored})
	}
	if d.Profiles, err = s.KnownProfiles(ctx, id); err != nil {
		return d, err
	}
	if d.Structure, err = s.keptStructure(ctx, uuid.UUID(id)); err != nil {
		return d, fault("listing associates", err)
	}
	if d.Review, err = s.keptReview(ctx, uuid.UUID(id)); err != nil {
		return d, fault("reading a review", err)
	}
	if d.Documents, err = s.DocumentsOf(ctx, id); err != nil {
		return d, err
	}
	d.Trail, err = s.trailOf(ctx, uuid.UUID(id))
	return d, fault("reading an audit trail", err)
}

// Identities lists how an applicant is known: personal data.
func (s *Store) Identities(ctx context.Context, a onboarding.ApplicantID) ([]Identity, error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	rows, err := s.q.IdentitiesOf(ctx, s.pool, uuid.UUID(a))
	list := make([]Identity, len(rows))
	for i, row := range rows {
		list[i] = Identity(row)
	}
	return list, fault("reading an applicant's identities", err)
}

// Standing implements [onboarding.Overview]. It is quick however many registrations there are.
func (s *Store) Standing(ctx context.Context) (onboarding.Standing, error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	row, err := s.q.Standing(ctx, s.pool)
	return onboarding.Standing{
		Starting: int(row.Starting), Unclear: int(row.Unclear), NeedsAttention: int(row.NeedsAttention),
		StubMayExist: int(row.StubMayExist), Waiting: int(row.Waiting), Orphans: int(row.Orphans),
		Structures: int(row.Structures), OldestDue: value(row.OldestDue),
	}, fault("counting what stands still", err)
}

// CountByStatus implements [onboarding.Overview]. It looks at every registration.
func (s *Store) CountByStatus(ctx context.Context) (map[onboarding.Status]int, error) {
	ctx, cancel := context.WithTimeout(ctx, overviewWithin)
	defer cancel()
	rows, err := s.q.CountByStatus(ctx, s.pool)
	counts := map[onboarding.Status]int{}
	for _, row := range rows {
		counts[onboarding.Status(row.Status)] = int(row.N)
	}
	return counts, fault("counting registrations", err)
}
