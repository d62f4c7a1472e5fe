package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"portal/internal/identity"
	"portal/internal/postgres/query"
)

// Compile-time proof that the domain can use the store.
var (
	_ identity.Codes           = (*Store)(nil)
	_ identity.Allowances      = (*Store)(nil)
	_ identity.Sessions        = (*Store)(nil)
	_ identity.ProviderSignIns = (*Store)(nil)
	_ identity.Links           = (*Store)(nil)
	_ identity.APIKeys         = (*Store)(nil)
)

// PutCode implements [identity.Codes].
func (s *Store) PutCode(ctx context.Context, in identity.SignIn, codeHash []byte, m identity.MailID, a []identity.Allowance, now time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	return within("storing a code", pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		err := s.q.PutCode(ctx, tx, query.PutCodeParams{
			BrowserHash: in.Browser.Hash(), Email: in.Email.Reveal(), Flow: in.Flow, CaseName: in.Case, Finishing: in.Finishing,
			CodeHash: codeHash, Now: now, ExpiresAt: in.ExpiresAt, MaxTries: identity.CodeTries,
		})
		if err != nil {
			return err
		}
		err = s.q.PutMail(ctx, tx, query.PutMailParams{ID: string(m), Purpose: "sign_in_code", Recipient: in.Email.Reveal(), Now: now})
		if err != nil {
			return err
		}
		return s.spend(ctx, tx, a, now) // last: it holds rows that others want
	}))
}

// within is the error of a transaction: an answer of the domain as it is, or a fault.
func within(doing string, err error) error {
	if _, ok := errors.AsType[*identity.TooOften](err); ok {
		return err
	}
	return fault(doing, err)
}

// SettleMail implements [identity.Codes].
func (s *Store) SettleMail(ctx context.Context, m identity.MailID, status, reply string, now time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	_, err := s.q.SettleMail(ctx, s.pool, query.SettleMailParams{ID: string(m), Status: status, Reply: reply, Now: now})
	return fault("recording an e-mail", err)
}

// PendingSignIn implements [identity.Codes].
func (s *Store) PendingSignIn(ctx context.Context, browser identity.Token, now time.Time) (identity.SignIn, error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	return s.pendingSignIn(ctx, s.pool, browser, now)
}

func (s *Store) pendingSignIn(ctx context.Context, db query.DBTX, browser identity.Token, now time.Time) (identity.SignIn, error) {
	row, err := s.q.PendingSignIn(ctx, db, query.PendingSignInParams{
		BrowserHash: browser.Hash(), Now: now, Since: now.Add(-identity.SignInValidity),
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return identity.SignIn{}, identity.ErrCodeExpired
	}
	if err != nil {
		return identity.SignIn{}, fault("reading a sign-in", err)
	}
	in := identity.SignIn{
		Browser: browser, Email: identity.Email(row.Email), ExpiresAt: row.ExpiresAt, Tries: int(row.Tries),
		Wish: identity.Wish{Flow: row.Flow, Case: row.CaseName, Finishing: row.Finishing},
	}
	switch {
	case !row.Live:
		return in, identity.ErrCodeExpired
	case row.Tries >= identity.CodeTries:
		return in, identity.ErrCodeTries
	}
	return in, nil
}

// TakeCode implements [identity.Codes]. What the try takes from is taken before the code is looked at, so that not even
// the time of a refusal tells whether the code was right.
func (s *Store) TakeCode(ctx context.Context, browser identity.Token, codeHash []byte, from identity.From, o identity.Opening, now time.Time) (identity.SignIn, error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	for {
		in, err := s.takeCode(ctx, browser, codeHash, from, o, now)
		if !errors.Is(err, errOutrun) {
			return in, err
		}
	}
}

// errOutrun means that another try of the same code was quicker.
var errOutrun = errors.New("another try was counted meanwhile")

func (s *Store) takeCode(ctx context.Context, browser identity.Token, codeHash []byte, from identity.From, o identity.Opening, now time.Time) (identity.SignIn, error) {
	in, pending := s.pendingSignIn(ctx, s.pool, browser, now)
	if pending != nil {
		return in, pending
	}
	correct := false
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) (err error) {
		if err := s.spend(ctx, tx, identity.Tries(in.Email, from, in.Tries, now), now); err != nil {
			return err
		}
		correct, err = s.q.TryCode(ctx, tx, query.TryCodeParams{
			BrowserHash: browser.Hash(), Email: in.Email.Reveal(), CodeHash: codeHash, Tries: int32(in.Tries), Now: now,
		})
		if err != nil || !correct {
			return err
		}
		return s.openSession(ctx, tx, byCode(in.Email), o, now)
	})
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return in, errOutrun
	case err != nil:
		return in, within("taking a code", err)
	case correct:
		return in, nil
	case in.Tries+1 >= identity.CodeTries:
		return in, identity.ErrCodeTries
	}
	return in, identity.ErrCodeWrong
}

// byCode is the person who has proved an address.
func byCode(e identity.Email) identity.Person {
	return identity.Person{Issuer: identity.EmailIssuer, Subject: identity.Subject(e.Reveal()), Email: e}
}
