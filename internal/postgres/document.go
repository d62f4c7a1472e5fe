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

var _ onboarding.Documents = (*Store)(nil)

// TakePlace implements [onboarding.Documents].
func (s *Store) TakePlace(ctx context.Context, d onboarding.Document, now, until time.Time) (inTheWay onboarding.Document, err error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	taken, err := s.q.TakePlace(ctx, s.pool, query.TakePlaceParams{
		ID: uuid.UUID(d.ID), RegistrationID: uuid.UUID(d.Registration), Step: d.Set, Type: d.Type, Side: d.Side, Country: d.Country,
		Format: string(d.Format), Digest: d.Digest[:], Until: until, Now: now,
	})
	if err != nil || taken == 1 {
		return onboarding.Document{}, fault("taking the place of a document", err)
	}
	row, err := s.q.DocumentAtPlace(ctx, s.pool, query.DocumentAtPlaceParams{RegistrationID: uuid.UUID(d.Registration), Step: d.Set, Side: d.Side})
	if errors.Is(err, pgx.ErrNoRows) {
		return onboarding.Document{}, s.notTaken(ctx, d.Registration)
	}
	if err != nil {
		return onboarding.Document{}, fault("reading the document at a place", err)
	}
	return document(row.Document), &onboarding.Error{Kind: onboarding.Conflict, Err: errors.New("another document is on its way there")}
}

// notTaken says why a place was not taken where nothing is in the way: what was has just been settled, or the registration is
// not open.
func (s *Store) notTaken(ctx context.Context, id onboarding.RegistrationID) error {
	row, err := s.q.Registration(ctx, s.pool, uuid.UUID(id))
	switch {
	case err != nil:
		return fault("reading a document's registration", err)
	case row.Registration.Status != string(onboarding.Open):
		return &onboarding.Error{Kind: onboarding.Conflict, Err: onboarding.ErrClosed}
	}
	return &onboarding.Error{Kind: onboarding.Conflict, Err: onboarding.ErrFree}
}

// KeepPlace implements [onboarding.Documents].
func (s *Store) KeepPlace(ctx context.Context, d onboarding.Document, until time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	n, err := s.q.KeepPlace(ctx, s.pool, query.KeepPlaceParams{ID: uuid.UUID(d.ID), Until: &until})
	if err != nil {
		return fault("keeping the place of a document", err)
	}
	if n == 0 {
		return errMovedOn
	}
	return nil
}

// SettleDocument implements [onboarding.Documents].
func (s *Store) SettleDocument(ctx context.Context, d onboarding.Document) error {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	p := query.SettleDocumentParams{
		ID: uuid.UUID(d.ID), Status: string(d.Status), ImageID: nonEmpty(d.Image), Advice: append([]string{}, d.Advice...), Cause: d.Cause,
	}
	if d.Status == onboarding.DocumentSending {
		p.ClaimedUntil = &d.Until
	} else {
		p.SettledAt = &d.Until
	}
	_, err := s.q.SettleDocument(ctx, s.pool, p)
	return fault("settling a document", err)
}

// DocumentsOf implements [onboarding.Documents].
func (s *Store) DocumentsOf(ctx context.Context, id onboarding.RegistrationID) ([]onboarding.Document, error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	rows, err := s.q.DocumentsOf(ctx, s.pool, uuid.UUID(id))
	if err != nil {
		return nil, fault("listing documents", err)
	}
	list := make([]onboarding.Document, len(rows))
	for i, row := range rows {
		list[i] = document(row.Document)
	}
	return list, nil
}

func document(row query.Document) onboarding.Document {
	d := onboarding.Document{
		ID: onboarding.DocumentID(row.ID), Registration: onboarding.RegistrationID(row.RegistrationID),
		Place: onboarding.Place{Set: row.Step, Type: row.Type, Side: row.Side}, Country: row.Country, Format: onboarding.Format(row.Format),
		Status: onboarding.DocumentStatus(row.Status), Image: value(row.ImageID), Advice: row.Advice, Cause: row.Cause,
		Until: value(row.ClaimedUntil),
	}
	copy(d.Digest[:], row.Digest)
	return d
}
