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

// KeptStructure is what is known of those behind a registration's company, without what was entered of them: that is
// sealed, and it takes no key to see how they stand.
type KeptStructure struct {
	Ending       onboarding.Ending
	Attention    string // what a person should know, in words
	Acknowledged bool
	Claimed      time.Time              // until when a process works on it; zero where none does
	DueAt        time.Time              // when the portal goes on; zero where there is nothing to do
	ReadAt       time.Time              // when the provider is read again
	Others       []onboarding.ProfileID // of a company that has come to its end: others in its files who go on
	Associates   []KeptAssociate
}

// KeptAssociate is one of them. Of its details there are the type and the roles.
type KeptAssociate struct {
	onboarding.Associate
	Others []onboarding.ProfileID // further profiles that carry its reference
}

// keptStructure is empty where nobody was entered.
func (s *Store) keptStructure(ctx context.Context, id uuid.UUID) (KeptStructure, error) {
	row, err := s.q.Structure(ctx, s.pool, id)
	if errors.Is(err, pgx.ErrNoRows) {
		return KeptStructure{}, nil
	}
	if err != nil {
		return KeptStructure{}, err
	}
	kept := KeptStructure{
		Ending: onboarding.Ending(row.Ending), Attention: row.Attention, Acknowledged: row.Acknowledged,
		Claimed: value(row.ClaimedUntil), DueAt: value(row.DueAt), ReadAt: value(row.ReadAt),
		Others: profileIDs(row.Others),
	}
	rows, err := s.q.AssociatesShown(ctx, s.pool, id)
	for _, a := range rows {
		kept.Associates = append(kept.Associates, keptAssociate(a))
	}
	return kept, err
}

func keptAssociate(row query.AssociatesShownRow) KeptAssociate {
	a := KeptAssociate{Associate: onboarding.Associate{
		ID: onboarding.AssociateID(row.ID), Parent: onboarding.AssociateID(value(row.ParentID)),
		Status: onboarding.AssociateStatus(row.Status), Source: row.Source,
		Details: onboarding.Details{EntityType: onboarding.EntityType(row.EntityType)},
		Profile: onboarding.ProfileID(value(row.ProfileID)), UnclearSince: value(row.UnclearSince),
		StubMayExist: row.StubMayExist, Tries: int(row.Tries), Cause: row.Cause, DueAt: value(row.DueAt), Listed: row.Listed,
		Running: row.Running, CreatedAt: row.CreatedAt, SubmittedAt: value(row.SubmittedAt),
	}}
	for _, role := range row.Roles {
		a.Details.Roles = append(a.Details.Roles, onboarding.AssociatedRole(role))
	}
	for _, id := range row.Others {
		a.Others = append(a.Others, onboarding.ProfileID(id))
	}
	return a
}
