package postgres

import (
	"context"

	"portal/internal/identity"
	"portal/internal/postgres/query"
)

var _ identity.Leftovers = (*Store)(nil)

// DeleteOld implements [identity.Leftovers]. Each kind is a statement of its own, so that nothing is held for long.
func (s *Store) DeleteOld(ctx context.Context, h identity.Horizon, most int) (more bool, err error) {
	for _, del := range s.deletions(h, int32(most)) {
		n, err := s.deleted(ctx, del)
		if err != nil {
			return false, err
		}
		more = more || n >= int64(most)
	}
	return more, nil
}

// deletion deletes a batch of one kind of record and returns how many those were.
type deletion func(ctx context.Context, db query.DBTX) (int64, error)

func (s *Store) deleted(ctx context.Context, del deletion) (int64, error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	n, err := del(ctx, s.pool)
	return n, fault("deleting what is old", err)
}

func (s *Store) deletions(h identity.Horizon, most int32) []deletion {
	return []deletion{
		func(ctx context.Context, db query.DBTX) (int64, error) {
			return s.q.ForgetSignIns(ctx, db, query.ForgetSignInsParams{Before: h.SignIns, Most: most})
		},
		func(ctx context.Context, db query.DBTX) (int64, error) {
			return s.q.ForgetProviderSignIns(ctx, db, query.ForgetProviderSignInsParams{Before: h.ProviderSignIns, Most: most})
		},
		func(ctx context.Context, db query.DBTX) (int64, error) {
			return s.q.ForgetProviderLogouts(ctx, db, query.ForgetProviderLogoutsParams{Before: h.ProviderSignIns, Most: most})
		},
		func(ctx context.Context, db query.DBTX) (int64, error) {
			return s.q.EmptyLinks(ctx, db, query.EmptyLinksParams{Before: h.ProviderSignIns, Most: most})
		},
		func(ctx context.Context, db query.DBTX) (int64, error) {
			return s.q.ForgetLinks(ctx, db, query.ForgetLinksParams{Before: h.Links, Most: most})
		},
		func(ctx context.Context, db query.DBTX) (int64, error) {
			return s.q.ForgetAllowances(ctx, db, query.ForgetAllowancesParams{Before: h.Allowances, Most: most})
		},
		func(ctx context.Context, db query.DBTX) (int64, error) {
			return s.q.ForgetMails(ctx, db, query.ForgetMailsParams{Before: h.Mails, Most: most})
		},
		func(ctx context.Context, db query.DBTX) (int64, error) {
			return s.q.ForgetSessions(ctx, db, query.ForgetSessionsParams{EndedBefore: h.SessionsEnded, BegunBefore: h.SessionsBegun, Most: most})
		},
	}
}
