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

// PutCode implements [identity.Codes].
func (s *Store) PutCode(ctx context.Context, in identity.SignIn, codeHash []byte, now, since time.Time, limit int) error {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	var n int64
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) (err error) {
		if err := s.q.LockAddress(ctx, tx, in.Email.Reveal()); err != nil {
			return err
		}
		n, err = s.q.PutCode(ctx, tx, query.PutCodeParams{
			BrowserHash: in.Browser.Hash(), Email: in.Email.Reveal(), Flow: in.Flow, Finishing: in.Finishing,
			CodeHash: codeHash, Now: now, ExpiresAt: in.ExpiresAt, Since: since, CodeLimit: int64(limit),
		})
		return err
	})
	if err != nil {
		return fault("storing a code", err)
	}
	if n == 0 {
		return identity.ErrTooManyCodes
	}
	return nil
}

// DropCode implements [identity.Codes].
func (s *Store) DropCode(ctx context.Context, browser identity.Token) error {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	return fault("dropping a code", s.q.DropCode(ctx, s.pool, browser.Hash()))
}

// PendingSignIn implements [identity.Codes].
func (s *Store) PendingSignIn(ctx context.Context, browser identity.Token, now time.Time) (identity.SignIn, error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	row, err := s.q.PendingSignIn(ctx, s.pool, query.PendingSignInParams{BrowserHash: browser.Hash(), Now: now})
	if errors.Is(err, pgx.ErrNoRows) {
		return identity.SignIn{}, identity.ErrCodeExpired
	}
	if err != nil {
		return identity.SignIn{}, fault("reading a sign-in", err)
	}
	in := identity.SignIn{
		Browser: browser, Email: identity.Email(row.Email), ExpiresAt: row.ExpiresAt,
		Wish: identity.Wish{Flow: row.Flow, Finishing: row.Finishing},
	}
	switch {
	case !row.Live:
		return in, identity.ErrCodeExpired
	case row.Tries >= identity.CodeTries:
		return in, identity.ErrCodeTries
	}
	return in, nil
}

// TakeCode implements [identity.Codes].
func (s *Store) TakeCode(ctx context.Context, browser identity.Token, codeHash []byte, session identity.Token, now time.Time) (identity.SignIn, error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	correct := false
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		row, err := s.q.TryCode(ctx, tx, query.TryCodeParams{
			BrowserHash: browser.Hash(), CodeHash: codeHash, MaxTries: identity.CodeTries, Now: now,
		})
		if err != nil {
			return err
		}
		if correct = row.Correct; !correct {
			return nil // the try counts
		}
		return s.signIn(ctx, tx, identity.EmailIssuer, row.Email, session, now)
	})
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return identity.SignIn{}, fault("taking a code", err)
	}
	in, pending := s.PendingSignIn(ctx, browser, now)
	switch {
	case correct:
		return in, nil
	case pending != nil:
		return in, pending
	}
	return in, identity.ErrCodeWrong
}

// signIn opens a session of the identity, whose applicant is made if it is new.
func (s *Store) signIn(ctx context.Context, tx pgx.Tx, issuer, subject string, session identity.Token, now time.Time) error {
	proposed, err := uuid.NewV7()
	if err != nil {
		return err
	}
	applicant, err := s.q.ClaimIdentity(ctx, tx, query.ClaimIdentityParams{Issuer: issuer, Subject: subject, Proposed: proposed, Now: now})
	if err != nil {
		return err
	}
	if applicant == proposed {
		if err := s.q.InsertApplicant(ctx, tx, query.InsertApplicantParams{ID: applicant, Now: now}); err != nil {
			return err
		}
	}
	return s.q.InsertSession(ctx, tx, query.InsertSessionParams{TokenHash: session.Hash(), Issuer: issuer, Subject: subject, Now: now})
}

// EndSession implements [identity.Codes].
func (s *Store) EndSession(ctx context.Context, session identity.Token, now time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	return fault("ending a session", s.q.EndSession(ctx, s.pool, query.EndSessionParams{TokenHash: session.Hash(), Now: &now}))
}

// seenEvery is how often a session's sign of life is written down, so that pages do not all write.
const seenEvery = time.Minute

// Visit answers in one round trip who holds the session and what they have begun, the registration last touched
// first; [identity.ErrNobody] when the session is none or has ended.
func (s *Store) Visit(ctx context.Context, session identity.Token, limits identity.Limits, now time.Time) (identity.Session, []onboarding.Registration, error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	rows, err := s.q.Visit(ctx, s.pool, query.VisitParams{
		TokenHash: session.Hash(), Now: now, TouchedBefore: now.Add(-seenEvery),
		IdleSince: now.Add(-limits.Idle), SignedInSince: now.Add(-limits.Absolute),
	})
	if err != nil {
		return identity.Session{}, nil, fault("reading who visits", err)
	}
	if len(rows) == 0 {
		return identity.Session{}, nil, identity.ErrNobody
	}
	var begun []onboarding.Registration
	for _, row := range rows {
		if row.ID == nil {
			continue
		}
		begun = append(begun, s.opened(visited(row), row.SealedKey, row.RequestCreatedAt))
	}
	return visitor(rows[0]), begun, nil
}

func visitor(row query.VisitRow) identity.Session {
	s := identity.Session{Applicant: identity.ApplicantID(row.ApplicantID), CreatedAt: row.SessionCreatedAt}
	if row.Issuer == identity.EmailIssuer {
		s.Email = identity.Email(row.Subject)
	}
	return s
}

// visited is the registration of an outer join that found one.
func visited(row query.VisitRow) query.Registration {
	return query.Registration{
		ID: value(row.ID), ApplicantID: row.ApplicantID, Flow: value(row.Flow), CaseName: value(row.CaseName),
		Status: value(row.Status), ProfileID: row.ProfileID, RequestID: row.RequestID, Ask: value(row.Ask),
		UnclearSince: row.UnclearSince, StubMayExist: value(row.StubMayExist), Refused: value(row.Refused),
		Tries: value(row.Tries), Cause: value(row.Cause), DueAt: row.DueAt, Waiting: value(row.Waiting),
		OverSince: row.OverSince, ReadAt: row.ReadAt, Acknowledged: value(row.Acknowledged), Version: value(row.Version),
		CreatedAt: value(row.CreatedAt), TouchedAt: value(row.TouchedAt),
		AuditSeq: value(row.AuditSeq), AuditHash: row.AuditHash,
	}
}
