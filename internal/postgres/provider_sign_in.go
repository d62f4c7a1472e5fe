package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"portal/internal/identity"
	"portal/internal/postgres/query"
)

// PutProviderSignIn implements [identity.ProviderSignIns].
func (s *Store) PutProviderSignIn(ctx context.Context, in identity.ProviderSignIn, now time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	return fault("storing a sign-in at a provider", s.q.PutProviderSignIn(ctx, s.pool, query.PutProviderSignInParams{
		StateHash: in.State.Hash(), BrowserHash: in.Browser.Hash(), Provider: in.Provider,
		Flow: in.Flow, CaseName: in.Case, Finishing: in.Finishing, Now: now, ExpiresAt: in.ExpiresAt,
	}))
}

// TakeProviderSignIn implements [identity.ProviderSignIns].
func (s *Store) TakeProviderSignIn(ctx context.Context, state, browser identity.Token, provider string, now time.Time) (identity.ProviderSignIn, error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	row, err := s.q.TakeProviderSignIn(ctx, s.pool, query.TakeProviderSignInParams{
		StateHash: state.Hash(), BrowserHash: browser.Hash(), Provider: provider, Now: now,
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return identity.ProviderSignIn{}, identity.ErrSignInLost
	}
	if err != nil {
		return identity.ProviderSignIn{}, fault("taking a sign-in at a provider", err)
	}
	return identity.ProviderSignIn{
		State: state, Browser: browser, Provider: provider, ExpiresAt: row.ExpiresAt,
		Wish: identity.Wish{Flow: row.Flow, Case: row.CaseName, Finishing: row.Finishing},
	}, nil
}

// EndProviderSessions implements [identity.ProviderSignIns].
func (s *Store) EndProviderSessions(ctx context.Context, l identity.Logout, now time.Time) (ended int, err error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		fresh, err := s.q.PutProviderLogout(ctx, tx, query.PutProviderLogoutParams{Issuer: l.Issuer, Token: l.Token, ExpiresAt: l.ExpiresAt})
		if err != nil {
			return err
		}
		if fresh == 0 {
			return identity.ErrReplayed
		}
		n, err := s.endProviderSessions(ctx, tx, l, now)
		ended = int(n)
		return err
	})
	if errors.Is(err, identity.ErrReplayed) {
		return 0, err
	}
	return ended, fault("ending sessions of a provider", err)
}

func (s *Store) endProviderSessions(ctx context.Context, tx pgx.Tx, l identity.Logout, now time.Time) (int64, error) {
	if l.ID != "" {
		return s.q.EndProviderSession(ctx, tx, query.EndProviderSessionParams{
			Issuer: l.Issuer, ProviderSession: l.ID, Subject: l.Subject.Reveal(), Now: &now,
		})
	}
	return s.q.EndSubjectSessions(ctx, tx, query.EndSubjectSessionsParams{Issuer: l.Issuer, Subject: l.Subject.Reveal(), Now: &now})
}
