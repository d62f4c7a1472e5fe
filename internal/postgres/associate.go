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

// detailsPlace is what an associate's sealed details are bound to.
func detailsPlace(id onboarding.AssociateID) string { return "associates.sealed/" + id.String() }

// associate makes an associate of its row. Details that cannot be read are void, and leave the others alone.
func (s *Store) associate(found query.AssociateRow) onboarding.Associate {
	row := found.Associate
	a := onboarding.Associate{
		ID: onboarding.AssociateID(row.ID), Parent: onboarding.AssociateID(value(row.ParentID)), Status: onboarding.AssociateStatus(row.Status),
		Source: row.Source, Profile: onboarding.ProfileID(value(row.ProfileID)), Orphans: int(found.Orphans), Asked: row.Asked,
		UnclearSince: value(row.UnclearSince), StubMayExist: row.StubMayExist, Tries: int(row.Tries), Cause: row.Cause,
		DueAt: value(row.DueAt), Alone: row.Alone, Listed: row.Listed, Running: row.Running, Version: row.Version, CreatedAt: row.CreatedAt,
		SubmittedAt: value(row.SubmittedAt),
	}
	entity, roles := onboarding.EntityType(row.EntityType), make([]onboarding.AssociatedRole, len(row.Roles))
	for i, r := range row.Roles {
		roles[i] = onboarding.AssociatedRole(r)
	}
	text, err := s.keys.Open(row.Sealed, detailsPlace(a.ID))
	if err == nil {
		a.Details, err = onboarding.DecodeDetails(entity, roles, text)
	}
	if err != nil {
		a.Void, a.Details = true, onboarding.Details{EntityType: entity, Roles: roles}
	}
	return a
}

// errForeign is the error of who uses the id of somebody else's associate.
var errForeign = &onboarding.Error{Kind: onboarding.Conflict, Key: "error.associate_gone", Err: errors.New("the associate's id is another registration's")}

// putAssociates stores associates that were entered or changed.
func (s *Store) putAssociates(ctx context.Context, tx pgx.Tx, id onboarding.RegistrationID, list []onboarding.Associate) (err error) {
	rows := make([]query.PutAssociatesParams, len(list))
	for i, a := range list {
		if rows[i], err = s.associateRow(id, a); err != nil {
			return err
		}
	}
	s.q.PutAssociates(ctx, tx, rows).QueryRow(func(_ int, _ uuid.UUID, failed error) {
		if errors.Is(failed, pgx.ErrNoRows) {
			failed = errForeign
		}
		err = errors.Join(err, failed)
	})
	return err
}

// associateRow is an associate as it is stored.
func (s *Store) associateRow(id onboarding.RegistrationID, a onboarding.Associate) (row query.PutAssociatesParams, err error) {
	sealed := []byte{} // what cannot be read stays as it is: another replica may have the key
	if !a.Void {
		if sealed, err = s.keys.Seal(a.Details.Encode(), detailsPlace(a.ID)); err != nil {
			return row, err
		}
	}
	row = query.PutAssociatesParams{
		ID: uuid.UUID(a.ID), RegistrationID: uuid.UUID(id), Status: string(a.Status), Source: a.Source,
		EntityType: string(a.Details.EntityType), Sealed: sealed, ProfileID: nonEmpty(string(a.Profile)), Asked: a.Asked,
		UnclearSince: notNull(a.UnclearSince), StubMayExist: a.StubMayExist, Tries: int32(a.Tries), Cause: a.Cause,
		DueAt: notNull(a.DueAt), Alone: a.Alone, Listed: a.Listed, Running: a.Running, CreatedAt: a.CreatedAt, SubmittedAt: notNull(a.SubmittedAt),
	}
	if !a.Parent.IsZero() {
		row.ParentID = new(uuid.UUID(a.Parent))
	}
	for _, r := range a.Details.Roles {
		row.Roles = append(row.Roles, string(r))
	}
	return row, nil
}

// Associate implements [onboarding.Links].
func (s *Store) Associate(ctx context.Context, id onboarding.AssociateID) (onboarding.Associate, error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	row, err := s.q.Associate(ctx, s.pool, uuid.UUID(id))
	if errors.Is(err, pgx.ErrNoRows) {
		return onboarding.Associate{}, errNoAssociate
	}
	if err != nil {
		return onboarding.Associate{}, fault("reading an associate", err)
	}
	return s.associate(row), nil
}

var errNoAssociate = &onboarding.Error{Kind: onboarding.NotFound, Err: errors.New("no such associate")}

// errEdited is the error of who saves an associate that was edited meanwhile.
var errEdited = &onboarding.Error{Kind: onboarding.Conflict, Err: onboarding.ErrEdited}

// SaveAssociate implements [onboarding.Links].
func (s *Store) SaveAssociate(ctx context.Context, st onboarding.Structure, a onboarding.Associate, now time.Time) (onboarding.Associate, error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	row, err := s.q.SaveAssociate(ctx, s.pool, query.SaveAssociateParams{
		RegistrationID: uuid.UUID(st.Registration), Fence: st.Fence, ID: uuid.UUID(a.ID), Version: a.Version, Status: string(a.Status),
		ProfileID: nonEmpty(string(a.Profile)), Asked: a.Asked, UnclearSince: notNull(a.UnclearSince), StubMayExist: a.StubMayExist,
		Tries: int32(a.Tries), Cause: a.Cause, DueAt: notNull(a.DueAt), Alone: a.Alone, Listed: a.Listed, Running: a.Running, Now: now,
	})
	switch {
	case err != nil:
		return a, fault("saving an associate", err)
	case row.Held == 0:
		return a, errClaimLost
	case row.Saved == 0:
		return a, errEdited
	}
	a.Version++
	return a, nil
}

// KnownAssociateProfiles implements [onboarding.Links].
func (s *Store) KnownAssociateProfiles(ctx context.Context, a onboarding.AssociateID) ([]onboarding.ProfileID, error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	rows, err := s.q.AssociateProfiles(ctx, s.pool, uuid.UUID(a))
	if err != nil {
		return nil, fault("listing the profiles of an associate", err)
	}
	if len(rows) == 0 {
		return nil, fmt.Errorf("listing the profiles of an associate: %w", errNoAssociate)
	}
	var ids []onboarding.ProfileID
	for _, id := range rows {
		if id != nil {
			ids = append(ids, onboarding.ProfileID(*id))
		}
	}
	return ids, nil
}

// NoteAssociateProfile implements [onboarding.Links].
func (s *Store) NoteAssociateProfile(ctx context.Context, a onboarding.AssociateID, id onboarding.ProfileID, now time.Time) (orphaned bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	n, err := s.q.NoteAssociateProfile(ctx, s.pool, query.NoteAssociateProfileParams{AssociateID: uuid.UUID(a), ProfileID: string(id), Now: now})
	return n > 0, fault("recording a profile of an associate", err)
}

// TakenByAssociates implements [onboarding.Links].
func (s *Store) TakenByAssociates(ctx context.Context, a onboarding.AssociateID, ids []onboarding.ProfileID) ([]onboarding.ProfileID, error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	rows, err := s.q.TakenByAssociates(ctx, s.pool, query.TakenByAssociatesParams{Ids: texts(ids), AssociateID: uuid.UUID(a)})
	return profileIDs(rows), fault("reading whose profiles they are", err)
}
