package postgres

import (
	"context"
	"encoding/hex"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"portal/internal/identity"
	"portal/internal/postgres/query"
)

// OpenSession implements [identity.ProviderSignIns].
func (s *Store) OpenSession(ctx context.Context, p identity.Person, o identity.Opening, now time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	return fault("opening a session", pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		return s.openSession(ctx, tx, p, o, now)
	}))
}

// openSession opens a session of the person, whose applicant is made if the identity is new, and ends the browser's
// session so far.
func (s *Store) openSession(ctx context.Context, tx pgx.Tx, p identity.Person, o identity.Opening, now time.Time) error {
	if err := s.claim(ctx, tx, p, now); err != nil {
		return err
	}
	if o.Replaces != "" {
		_, err := s.q.EndSession(ctx, tx, query.EndSessionParams{TokenHash: o.Replaces.Hash(), Now: &now})
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
	}
	row := query.InsertSessionParams{
		TokenHash: o.Session.Hash(), Issuer: p.Issuer, Subject: p.Subject.Reveal(), Device: o.Device,
		Provider: o.Provider.Name, ProviderSession: o.Provider.ID, Now: now,
	}
	if o.Provider.IDToken != "" {
		sealed, err := s.keys.Seal(o.Provider.IDToken.Reveal(), idTokenPlace(row.TokenHash))
		if err != nil {
			return err
		}
		row.SealedIDToken = sealed
	}
	return s.q.InsertSession(ctx, tx, row)
}

// idTokenPlace is what a session's sealed ID token is bound to.
func idTokenPlace(tokenHash []byte) string {
	return "sessions.sealed_id_token/" + hex.EncodeToString(tokenHash)
}

// claim makes sure that the person's identity has an applicant.
func (s *Store) claim(ctx context.Context, tx pgx.Tx, p identity.Person, now time.Time) error {
	fresh, err := uuid.NewV7()
	if err != nil {
		return err
	}
	proposed := fresh
	if p.Linked {
		if proposed, err = s.linked(ctx, tx, p, fresh, now); err != nil {
			return err
		}
	}
	applicant, err := s.q.ClaimIdentity(ctx, tx, query.ClaimIdentityParams{
		Issuer: p.Issuer, Subject: p.Subject.Reveal(), Proposed: proposed, Email: p.Email.Reveal(), Name: p.Name.Reveal(), Now: now,
	})
	if err != nil || proposed != fresh || applicant != fresh && !p.Linked { // linked, the address is the fresh one's anyway
		return err
	}
	return s.q.InsertApplicant(ctx, tx, query.InsertApplicantParams{ID: fresh, Now: now})
}

// linked is the applicant whom a person with a proved address is: the one of their identity, who then has the address as
// well unless it is somebody's already; else the one who has the address, who is a fresh one where nobody has.
func (s *Store) linked(ctx context.Context, tx pgx.Tx, p identity.Person, fresh uuid.UUID, now time.Time) (uuid.UUID, error) {
	applicant, err := s.q.IdentityApplicant(ctx, tx, query.IdentityApplicantParams{Issuer: p.Issuer, Subject: p.Subject.Reveal()})
	switch {
	case err == nil:
		return applicant, s.q.JoinIdentity(ctx, tx, query.JoinIdentityParams{
			Issuer: identity.EmailIssuer, Subject: p.Email.Reveal(), ApplicantID: applicant, Email: p.Email.Reveal(), Now: now,
		})
	case !errors.Is(err, pgx.ErrNoRows):
		return uuid.UUID{}, err
	}
	return s.q.ClaimIdentity(ctx, tx, query.ClaimIdentityParams{
		Issuer: identity.EmailIssuer, Subject: p.Email.Reveal(), Proposed: fresh, Email: p.Email.Reveal(), Now: now,
	})
}

// EndSession implements [identity.Sessions].
func (s *Store) EndSession(ctx context.Context, t identity.Token, now time.Time) (identity.Session, error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	row, err := s.q.EndSession(ctx, s.pool, query.EndSessionParams{TokenHash: t.Hash(), Now: &now})
	if errors.Is(err, pgx.ErrNoRows) {
		return identity.Session{}, identity.ErrNobody
	}
	if err != nil {
		return identity.Session{}, fault("ending a session", err)
	}
	ended := session{
		hash: t.Hash(), issuer: row.Issuer, subject: row.Subject, device: row.Device, provider: row.Provider,
		createdAt: row.CreatedAt, seenAt: row.SeenAt,
	}.domain()
	ended.Provider.ID = row.ProviderSession
	if idToken, err := s.keys.Open(row.SealedIDToken, idTokenPlace(t.Hash())); err == nil { // it is only a hint
		ended.Provider.IDToken = identity.Token(idToken)
	}
	return ended, nil
}

// EndOwn implements [identity.Sessions].
func (s *Store) EndOwn(ctx context.Context, a identity.ApplicantID, id identity.SessionID, now time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	return fault("ending a session of one's own", s.q.EndOwnSession(ctx, s.pool, query.EndOwnSessionParams{
		ApplicantID: uuid.UUID(a), ID: string(id), Now: &now,
	}))
}

// EndOthers implements [identity.Sessions].
func (s *Store) EndOthers(ctx context.Context, a identity.ApplicantID, but identity.Token, now time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	return fault("ending other sessions", s.q.EndOtherSessions(ctx, s.pool, query.EndOtherSessionsParams{
		ApplicantID: uuid.UUID(a), Kept: but.Hash(), Now: &now,
	}))
}

// session is what the rows of several queries say of a session.
type session struct {
	hash                                           []byte
	applicant                                      uuid.UUID
	issuer, subject, email, name, device, provider string
	createdAt, seenAt                              time.Time
}

func (r session) domain() identity.Session {
	s := identity.Session{
		ID: identity.SessionIDOf(r.hash), Applicant: identity.ApplicantID(r.applicant), Issuer: r.issuer,
		Subject: identity.Subject(r.subject), Email: identity.Email(r.email), Name: identity.PersonName(r.name),
		Device: r.device, CreatedAt: r.createdAt, SeenAt: r.seenAt, Provider: identity.ProviderSession{Name: r.provider},
	}
	if r.issuer == identity.EmailIssuer {
		s.Email = identity.Email(r.subject)
	}
	return s
}
