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

// Compile-time proof that the domain can use the store.
var (
	_ onboarding.Structures = (*Store)(nil)
	_ onboarding.Links      = (*Store)(nil)
)

// Structure implements [onboarding.Structures].
func (s *Store) Structure(ctx context.Context, id onboarding.RegistrationID) (onboarding.Structure, error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	var row query.Structure
	var rows []query.AssociatesOfRow
	err := together(ctx, s.pool, func(ctx context.Context, db query.DBTX) (err error) {
		row, err = s.q.Structure(ctx, db, uuid.UUID(id))
		return noneIsFine(err)
	}, s.associatesOf(id, &rows))
	if err != nil {
		return onboarding.Structure{}, fault("reading a structure", err)
	}
	row.RegistrationID = uuid.UUID(id)
	return s.structure(row, rows), nil
}

// associatesOf reads who is in a structure.
func (s *Store) associatesOf(id onboarding.RegistrationID, rows *[]query.AssociatesOfRow) read {
	return func(ctx context.Context, db query.DBTX) (err error) {
		*rows, err = s.q.AssociatesOf(ctx, db, uuid.UUID(id))
		return err
	}
}

// Edit implements [onboarding.Structures].
func (s *Store) Edit(ctx context.Context, id onboarding.RegistrationID, change func(onboarding.Structure) (onboarding.Edit, error)) error {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		row, err := s.q.HoldStructure(ctx, tx, uuid.UUID(id))
		if err != nil {
			return err
		}
		rows, err := s.q.AssociatesOf(ctx, tx, row.RegistrationID)
		if err != nil {
			return err
		}
		edit, err := change(s.structure(row, rows))
		if err != nil {
			return refusedEdit{err}
		}
		return s.edit(ctx, tx, id, edit)
	})
	if refused, ok := errors.AsType[refusedEdit](err); ok {
		return refused.error
	}
	s.teller.Tell(id) // what was entered and not sent is where a finished form leads first
	if onboarding.KindOf(err) != "" {
		return err
	}
	return fault("editing a structure", err)
}

// refusedEdit is an error of who changes a structure, and none of the store's.
type refusedEdit struct{ error }

// edit stores what a change has left.
func (s *Store) edit(ctx context.Context, tx pgx.Tx, id onboarding.RegistrationID, e onboarding.Edit) error {
	if err := s.putAssociates(ctx, tx, id, e.Put); err != nil {
		return err
	}
	for _, gone := range e.Withdraw {
		err := s.q.WithdrawAssociate(ctx, tx, query.WithdrawAssociateParams{ID: uuid.UUID(gone), RegistrationID: uuid.UUID(id)})
		if err != nil {
			return err
		}
	}
	return s.q.EditedStructure(ctx, tx, query.EditedStructureParams{RegistrationID: uuid.UUID(id), DueAt: notNull(e.DueAt)})
}

// Learn implements [onboarding.Structures].
func (s *Store) Learn(ctx context.Context, id onboarding.RegistrationID, own onboarding.Details) error {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	sealed, err := s.sealedOwn(id, own)
	if err != nil {
		return err
	}
	return fault("storing what company it is", s.q.LearnStructure(ctx, s.pool, query.LearnStructureParams{
		RegistrationID: uuid.UUID(id), SealedOwn: sealed,
	}))
}

// structure makes a structure of its row and its associates'.
func (s *Store) structure(row query.Structure, rows []query.AssociatesOfRow) onboarding.Structure {
	st := onboarding.Structure{
		Registration: onboarding.RegistrationID(row.RegistrationID), Associates: make([]onboarding.Associate, len(rows)),
		Company: onboarding.ProfileID(value(row.ProfileID)), Others: profileIDs(row.Others), Ending: onboarding.Ending(row.Ending), Attention: row.Attention, Acknowledged: row.Acknowledged,
		ReadAt: value(row.ReadAt), Fence: row.Fence, Edits: row.Edits,
	}
	if text, err := s.keys.Open(row.SealedOwn, ownPlace(st.Registration)); err == nil { // it is of use, not needed
		st.Own, _ = onboarding.DecodeDetails(onboarding.Company, nil, text)
	}
	for i, a := range rows {
		st.Associates[i] = s.associate(query.AssociateRow(a))
	}
	return st
}

// ownPlace is what a structure's sealed company is bound to.
func ownPlace(id onboarding.RegistrationID) string { return "structures.sealed_own/" + id.String() }

// sealedOwn is a structure's company as it is stored; nil where it is not known.
func (s *Store) sealedOwn(id onboarding.RegistrationID, own onboarding.Details) ([]byte, error) {
	if own.Name == "" && own.Number == "" {
		return nil, nil
	}
	return s.keys.Seal(own.Encode(), ownPlace(id))
}

// ClaimStructure implements [onboarding.Links].
func (s *Store) ClaimStructure(ctx context.Context, id onboarding.RegistrationID, now, until time.Time) (onboarding.Structure, onboarding.Registration, error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	var row query.ClaimStructureRow
	var rows []query.AssociatesOfRow
	err := together(ctx, s.pool, func(ctx context.Context, db query.DBTX) (err error) {
		row, err = s.q.ClaimStructure(ctx, db, query.ClaimStructureParams{RegistrationID: uuid.UUID(id), Now: now, Until: &until})
		return err
	}, s.associatesOf(id, &rows))
	if errors.Is(err, pgx.ErrNoRows) {
		return onboarding.Structure{}, onboarding.Registration{}, &onboarding.Error{Kind: onboarding.Conflict, Err: errors.New("not due, or claimed already")}
	}
	if err != nil {
		return onboarding.Structure{}, onboarding.Registration{}, fault("claiming a structure", err)
	}
	return s.structure(row.Structure, rows), unopened(row.Registration, nil), nil
}

// ExtendStructure implements [onboarding.Links].
func (s *Store) ExtendStructure(ctx context.Context, st onboarding.Structure, until time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	n, err := s.q.ExtendStructure(ctx, s.pool, query.ExtendStructureParams{
		RegistrationID: uuid.UUID(st.Registration), Fence: st.Fence, Until: &until,
	})
	return lostUnless(n, fault("prolonging a claim", err))
}

// errClaimLost is the error of who has lost the claim of a structure.
var errClaimLost = &onboarding.Error{Kind: onboarding.Conflict, Err: errors.New("the claim has been lost")}

func lostUnless(n int64, err error) error {
	if err == nil && n == 0 {
		return errClaimLost
	}
	return err
}

// readSoon is when a structure is read again of which the provider may have told something while it was read.
const readSoon = 10 * time.Second

// SaveStructure implements [onboarding.Links].
func (s *Store) SaveStructure(ctx context.Context, st onboarding.Structure, due, now time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	own, err := s.sealedOwn(st.Registration, st.Own)
	if err != nil {
		return err
	}
	n, err := s.q.SaveStructure(ctx, s.pool, query.SaveStructureParams{
		RegistrationID: uuid.UUID(st.Registration), Fence: st.Fence, Edits: st.Edits, SealedOwn: own, Ending: string(st.Ending),
		ProfileID: nonEmpty(string(st.Company)), Soon: now.Add(readSoon), Others: texts(st.Others),
		Attention: st.Attention, Acknowledged: st.Acknowledged, ReadAt: notNull(st.ReadAt), DueAt: notNull(due), Now: now,
	})
	s.teller.Tell(st.Registration) // at its end, what was not sent is of no use any more
	return lostUnless(n, fault("saving a structure", err))
}

// DueStructures implements [onboarding.Links].
func (s *Store) DueStructures(ctx context.Context, now time.Time, limit int) ([]onboarding.RegistrationID, error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	rows, err := s.q.DueStructures(ctx, s.pool, query.DueStructuresParams{Now: now, Most: int32(limit)})
	return registrationIDs(rows), fault("listing due structures", err)
}

// ReadStructureOf implements [onboarding.Links].
func (s *Store) ReadStructureOf(ctx context.Context, id onboarding.ProfileID, due time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	return fault("having a structure read", s.q.ReadStructureOf(ctx, s.pool, query.ReadStructureOfParams{ProfileID: string(id), Due: due}))
}
