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

// OfProfile implements [onboarding.Profiles].
func (s *Store) OfProfile(ctx context.Context, id onboarding.ProfileID) (onboarding.Registration, error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	row, err := s.q.RegistrationOfProfile(ctx, s.pool, string(id))
	if errors.Is(err, pgx.ErrNoRows) {
		return onboarding.Registration{}, &onboarding.Error{Kind: onboarding.NotFound, Err: errors.New("no registration has the profile")}
	}
	if err != nil {
		return onboarding.Registration{}, fault("reading whose profile it is", err)
	}
	return s.verified(s.opened(row.Registration, row.SealedKey, row.RequestCreatedAt), row.SealedVerification), nil
}

// KnownProfiles implements [onboarding.Profiles].
func (s *Store) KnownProfiles(ctx context.Context, r onboarding.RegistrationID) ([]onboarding.KnownProfile, error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	rows, err := s.q.KnownProfiles(ctx, s.pool, uuid.UUID(r))
	known := make([]onboarding.KnownProfile, len(rows))
	for i, row := range rows {
		known[i] = onboarding.KnownProfile{
			ID: onboarding.ProfileID(row.ID), Source: row.Source, SeenAt: row.SeenAt,
			Orphaned: row.OrphanedAt != nil, Acknowledged: row.AcknowledgedAt != nil, GivenUp: row.GivenUpAt != nil,
		}
	}
	return known, fault("listing the profiles of a registration", err)
}

// NoteProfile implements [onboarding.Profiles].
func (s *Store) NoteProfile(ctx context.Context, r onboarding.RegistrationID, id onboarding.ProfileID, source string, now time.Time) (orphaned bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	row, err := s.q.NoteProfile(ctx, s.pool, query.NoteProfileParams{
		ID: uuid.UUID(r), ProfileID: string(id), Source: source, Now: now,
	})
	return row.Orphaned > 0, fault("recording a profile", err)
}

// GiveUp implements [onboarding.Profiles].
func (s *Store) GiveUp(ctx context.Context, r onboarding.RegistrationID, id onboarding.ProfileID, now time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	return fault("giving a profile up", s.q.GiveProfileUp(ctx, s.pool, query.GiveProfileUpParams{
		ID: string(id), RegistrationID: uuid.UUID(r), Now: now,
	}))
}

// Taken implements [onboarding.Profiles].
func (s *Store) Taken(ctx context.Context, r onboarding.RegistrationID, ids []onboarding.ProfileID) ([]onboarding.ProfileID, error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	rows, err := s.q.TakenProfiles(ctx, s.pool, query.TakenProfilesParams{Ids: texts(ids), RegistrationID: uuid.UUID(r)})
	return profileIDs(rows), fault("reading whose profiles they are", err)
}

// Acknowledge implements [onboarding.Profiles].
func (s *Store) Acknowledge(ctx context.Context, r onboarding.RegistrationID, now time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	_, err := s.q.AcknowledgeProfiles(ctx, s.pool, query.AcknowledgeProfilesParams{RegistrationID: uuid.UUID(r), Now: &now})
	return fault("acknowledging profiles", err)
}

func profileIDs(texts []string) []onboarding.ProfileID {
	ids := make([]onboarding.ProfileID, len(texts))
	for i, text := range texts {
		ids[i] = onboarding.ProfileID(text)
	}
	return ids
}

// texts are the ids for a column, which is never null.
func texts(ids []onboarding.ProfileID) []string {
	list := make([]string, len(ids))
	for i, id := range ids {
		list[i] = string(id)
	}
	return list
}
