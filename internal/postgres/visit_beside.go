package postgres

import (
	"context"

	"github.com/google/uuid"

	"portal/internal/identity"
	"portal/internal/onboarding"
	"portal/internal/postgres/query"
)

// VisitCompany answers like Visit, and who is behind the company of the registration that is meant; nobody where none is.
func (s *Store) VisitCompany(ctx context.Context, v identity.Visitor, of onboarding.Pick) (identity.Session, []onboarding.Registration, onboarding.Structure, error) {
	picked := query.VisitedStructureParams{TokenHash: v.Session.Hash(), Flows: of.Flows, RegistrationID: picked(of)}
	var row query.Structure
	var rows []query.VisitedAssociatesRow
	who, begun, err := s.visit(ctx, v, func(ctx context.Context, db query.DBTX) (err error) {
		row, err = s.q.VisitedStructure(ctx, db, picked)
		return noneIsFine(err)
	}, func(ctx context.Context, db query.DBTX) (err error) {
		rows, err = s.q.VisitedAssociates(ctx, db, query.VisitedAssociatesParams(picked))
		return err
	})
	if err != nil {
		return who, nil, onboarding.Structure{}, err
	}
	list := make([]query.AssociatesOfRow, len(rows))
	for i, a := range rows {
		list[i] = query.AssociatesOfRow(a)
	}
	st, err := s.picked(ctx, of, begun, row, list)
	return who, begun, st, err
}

// picked is the structure of the registration that is meant. The statements of one round trip each see what there is when
// they run: should another registration have been meant by then, the structure is read once more.
func (s *Store) picked(ctx context.Context, of onboarding.Pick, begun []onboarding.Registration, row query.Structure, list []query.AssociatesOfRow) (onboarding.Structure, error) {
	reg, ok := of.From(begun)
	foreign := func(id uuid.UUID) bool { return id != uuid.UUID(reg.ID) }
	switch {
	case !ok:
		return onboarding.Structure{}, nil
	case row.RegistrationID == uuid.UUID{} && len(list) == 0:
		return onboarding.Structure{Registration: reg.ID}, nil
	case foreign(row.RegistrationID), len(list) > 0 && foreign(list[0].Associate.RegistrationID):
		return s.Structure(ctx, reg.ID)
	}
	return s.structure(row, list), nil
}

// VisitDocuments answers like Visit, and which documents were given for the registration that is meant, the oldest first.
func (s *Store) VisitDocuments(ctx context.Context, v identity.Visitor, of onboarding.Pick) (identity.Session, []onboarding.Registration, []onboarding.Document, error) {
	var rows []query.VisitedDocumentsRow
	who, begun, err := s.visit(ctx, v, func(ctx context.Context, db query.DBTX) (err error) {
		rows, err = s.q.VisitedDocuments(ctx, db, query.VisitedDocumentsParams{
			TokenHash: v.Session.Hash(), Flows: of.Flows, RegistrationID: picked(of),
		})
		return err
	})
	if err != nil {
		return who, nil, nil, err
	}
	list := make([]onboarding.Document, len(rows))
	for i, row := range rows {
		list[i] = document(row.Document)
	}
	return who, begun, list, nil
}

// VisitSessions answers like Visit, and where the visitor is signed in, the session seen last first.
func (s *Store) VisitSessions(ctx context.Context, v identity.Visitor) (identity.Session, []onboarding.Registration, []identity.Session, error) {
	var rows []query.VisitedSessionsRow
	who, begun, err := s.visit(ctx, v, func(ctx context.Context, db query.DBTX) (err error) {
		rows, err = s.q.VisitedSessions(ctx, db, query.VisitedSessionsParams{
			TokenHash: v.Session.Hash(), IdleSince: v.At.Add(-v.Limits.Idle), SignedInSince: v.At.Add(-v.Limits.Absolute),
		})
		return err
	})
	if err != nil {
		return who, nil, nil, err
	}
	list := make([]identity.Session, len(rows))
	for i, row := range rows {
		list[i] = session{
			hash: row.TokenHash, applicant: row.ApplicantID, issuer: row.Issuer, subject: row.Subject, email: row.Email, name: row.Name,
			device: row.Device, provider: row.Provider, createdAt: row.CreatedAt, seenAt: row.SeenAt,
		}.domain()
	}
	return who, begun, list, nil
}

// picked is the id that a query takes for what is meant.
func picked(p onboarding.Pick) *uuid.UUID {
	if p.ID.IsZero() {
		return nil
	}
	return (*uuid.UUID)(&p.ID)
}
