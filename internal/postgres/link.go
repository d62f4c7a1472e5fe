package postgres

import (
	"context"
	"encoding/hex"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"portal/internal/identity"
	"portal/internal/postgres/query"
)

// PutLink implements [identity.Links].
func (s *Store) PutLink(ctx context.Context, t identity.Token, l identity.Link, now time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	row := query.PutLinkParams{
		TokenHash: t.Hash(), Subject: l.Subject.Reveal(), Email: l.Email.Reveal(), Flow: l.Flow, CaseName: l.Case,
		Locale: l.Locale, ApiKey: l.Key, Now: now, ExpiresAt: l.ExpiresAt,
	}
	if l.Facts != "" {
		sealed, err := s.keys.Seal(l.Facts.Reveal(), linkPlace(row.TokenHash))
		if err != nil {
			return err
		}
		row.SealedFacts = sealed
	}
	return fault("storing a link", s.q.PutLink(ctx, s.pool, row))
}

// linkPlace is what a link's sealed facts are bound to.
func linkPlace(tokenHash []byte) string { return "links.sealed_facts/" + hex.EncodeToString(tokenHash) }

// Link implements [identity.Links].
func (s *Store) Link(ctx context.Context, t identity.Token, now time.Time) (identity.Link, error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	l, row, err := s.link(ctx, s.pool, t)
	switch {
	case err != nil:
		return l, err
	case row.Used:
		return l, identity.ErrLinkUsed
	case row.Revoked, !now.Before(l.ExpiresAt):
		return l, identity.ErrLinkExpired
	}
	return l, nil
}

func (s *Store) link(ctx context.Context, db query.DBTX, t identity.Token) (l identity.Link, row query.LinkRow, err error) {
	row, err = s.q.Link(ctx, db, t.Hash())
	if errors.Is(err, pgx.ErrNoRows) {
		return l, row, identity.ErrLinkUnknown
	}
	if err != nil {
		return l, row, fault("reading a link", err)
	}
	l = identity.Link{
		Subject: identity.Subject(row.Subject), Email: identity.Email(row.Email), Locale: row.Locale, Key: row.ApiKey,
		Wish: identity.Wish{Flow: row.Flow, Case: row.CaseName}, ExpiresAt: row.ExpiresAt,
	}
	if row.SealedFacts != nil {
		facts, err := s.keys.Open(row.SealedFacts, linkPlace(t.Hash()))
		l.Facts, l.FactsVoid = identity.Facts(facts), err != nil // they keep nobody from the forms
	}
	return l, row, nil
}

// PressLink implements [identity.Links].
func (s *Store) PressLink(ctx context.Context, t, browser identity.Token, o identity.Opening, now, since time.Time) (l identity.Link, err error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	var pressed int64
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		pressed, err = s.q.PressLink(ctx, tx, query.PressLinkParams{TokenHash: t.Hash(), BrowserHash: browser.Hash(), Now: now, Since: &since})
		if err != nil || pressed == 0 {
			return err
		}
		if l, _, err = s.link(ctx, tx, t); err != nil {
			return err
		}
		return s.openSession(ctx, tx, identity.Person{Issuer: identity.LinkIssuer, Subject: l.Subject, Email: l.Email}, o, now)
	})
	if err != nil || pressed == 1 {
		return l, fault("pressing a link", err)
	}
	if l, err = s.Link(ctx, t, now); err == nil { // it is good for another moment, but not for this browser
		err = identity.ErrLinkUsed
	}
	return l, err
}
