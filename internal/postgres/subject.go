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

// OfSubject returns what is sought of what the person whom an issuer calls so has begun: at most fifty registrations, the
// last touched first, without the keys of their forms. NotFound where nobody is known by that name.
func (s *Store) OfSubject(ctx context.Context, issuer string, subject identity.Subject, of onboarding.Sought) ([]onboarding.Registration, error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	rows, err := s.q.SubjectRegistrations(ctx, s.pool, query.SubjectRegistrationsParams{
		Issuer: issuer, Subject: subject.Reveal(), Flow: of.Flow, CaseName: of.Case,
	})
	if err != nil {
		return nil, fault("reading the registrations of a subject", err)
	}
	begun := make([]onboarding.Registration, len(rows))
	for i, row := range rows {
		begun[i] = unopened(row.Registration, row.RequestCreatedAt)
		begun[i].Verification = verificationInShort(row.Level, row.ReviewStatus, row.ReviewAnswer, row.RejectType, row.VerifiedAt)
	}
	if len(rows) > 0 {
		return begun, nil
	}
	_, err = s.q.IdentityApplicant(ctx, s.pool, query.IdentityApplicantParams{Issuer: issuer, Subject: subject.Reveal()})
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, &onboarding.Error{Kind: onboarding.NotFound, Err: errors.New("no such subject")}
	}
	return nil, fault("reading a subject", err)
}

// OfID returns a registration without the key of its form, and whom the company knows its applicant as: empty where it
// does not, and where that is or may be an e-mail address. NotFound where there is no such registration.
func (s *Store) OfID(ctx context.Context, id onboarding.RegistrationID) (r onboarding.Registration, issuer string, subject identity.Subject, err error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	row, err := s.q.RegistrationByID(ctx, s.pool, uuid.UUID(id))
	if errors.Is(err, pgx.ErrNoRows) {
		return r, "", "", &onboarding.Error{Kind: onboarding.NotFound, Err: errors.New("no such registration")}
	}
	if err != nil {
		return r, "", "", fault("reading a registration", err)
	}
	told, err := s.q.ToldSubject(ctx, s.pool, row.Registration.ApplicantID)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return r, "", "", fault("reading whose registration it is", err)
	}
	r = unopened(row.Registration, row.RequestCreatedAt)
	r.Verification = verificationInShort(row.Level, row.ReviewStatus, row.ReviewAnswer, row.RejectType, row.VerifiedAt)
	return r, told.Issuer, identity.Subject(told.Subject), nil
}

// verificationInShort is what may be told of a verification without opening it; nil where there is none.
func verificationInShort(level, status, answer, rejectType *string, readAt *time.Time) *onboarding.Verification {
	if level == nil {
		return nil
	}
	return &onboarding.Verification{
		Level: *level, Status: onboarding.ReviewStatus(value(status)), ReadAt: value(readAt),
		Review: onboarding.Review{Answer: value(answer), RejectType: value(rejectType)},
	}
}
