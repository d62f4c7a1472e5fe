package postgres

import (
	"context"
	"time"

	"portal/internal/identity"
	"portal/internal/onboarding"
	"portal/internal/postgres/query"
)

// seenEvery is how often a session's sign of life is written down, so that pages do not all write.
const seenEvery = time.Minute

// Visit answers in one round trip who holds the session and what they have begun, the registration last touched
// first; [identity.ErrNobody] when the session is none or has ended. It is a sign of life.
func (s *Store) Visit(ctx context.Context, session identity.Token, limits identity.Limits, now time.Time) (identity.Session, []onboarding.Registration, error) {
	return s.visit(ctx, identity.Visitor{Session: session, Limits: limits, At: now})
}

// Look answers like Visit and is no sign of life.
func (s *Store) Look(ctx context.Context, session identity.Token, limits identity.Limits, now time.Time) (identity.Session, []onboarding.Registration, error) {
	return s.visit(ctx, identity.Visitor{Session: session, Limits: limits, At: now, Unattended: true})
}

// visit notes the sign of life, unless there is none, of a session that has shown none for a while. What is read beside is
// read in the same round trip; where nobody visits it is to be thrown away.
func (s *Store) visit(ctx context.Context, v identity.Visitor, beside ...read) (who identity.Session, begun []onboarding.Registration, err error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	p := query.VisitParams{
		TokenHash: v.Session.Hash(), Now: v.At, IdleSince: v.At.Add(-v.Limits.Idle), SignedInSince: v.At.Add(-v.Limits.Absolute),
	}
	if !v.Unattended {
		p.TouchedBefore = v.At.Add(-seenEvery)
	}
	var rows []query.VisitRow
	visit := func(ctx context.Context, db query.DBTX) (err error) {
		rows, err = s.q.Visit(ctx, db, p)
		return err
	}
	if len(beside) == 0 {
		err = visit(ctx, s.pool)
	} else {
		err = together(ctx, s.pool, append([]read{visit}, beside...)...)
	}
	if err != nil {
		return who, nil, fault("reading who visits", err)
	}
	if len(rows) == 0 {
		return who, nil, identity.ErrNobody
	}
	if who = visitor(rows[0]); who.SeenAt.Before(p.TouchedBefore) {
		who.SeenAt = v.At // as has just been written down
	}
	return who, s.begun(rows), nil
}

// begun is what a visitor has begun.
func (s *Store) begun(rows []query.VisitRow) (begun []onboarding.Registration) {
	for _, row := range rows {
		if row.ID == nil {
			continue
		}
		r := s.verified(s.opened(visited(row), row.SealedKey, row.RequestCreatedAt), row.SealedVerification)
		r.Behind = onboarding.Tally{Total: int(value(row.Associates)), Drafts: int(value(row.Drafts))}
		if value(row.Ending) != "" {
			r.Behind = onboarding.Tally{Total: r.Behind.Total - r.Behind.Drafts} // drafts will not be sent any more
		}
		begun = append(begun, r)
	}
	return begun
}

func visitor(row query.VisitRow) identity.Session {
	return session{
		hash: row.TokenHash, applicant: row.ApplicantID, issuer: row.Issuer, subject: row.Subject, email: row.Email,
		name: row.Name, device: row.Device, provider: row.Provider, createdAt: row.SessionCreatedAt, seenAt: row.SeenAt,
	}.domain()
}

// visited is the registration of an outer join that found one.
func visited(row query.VisitRow) query.Registration {
	return query.Registration{
		ID: value(row.ID), ApplicantID: row.ApplicantID, Provider: value(row.RegistrationProvider), Flow: value(row.Flow), CaseName: value(row.CaseName),
		Status: value(row.Status), ProfileID: row.ProfileID, RequestID: row.RequestID, Ask: value(row.Ask),
		UnclearSince: row.UnclearSince, StubMayExist: value(row.StubMayExist), Refused: value(row.Refused),
		Tries: value(row.Tries), Cause: value(row.Cause), DueAt: row.DueAt, Waiting: value(row.Waiting),
		OverSince: row.OverSince, ReadAt: row.ReadAt, Acknowledged: value(row.Acknowledged), Version: value(row.Version),
		CreatedAt: value(row.CreatedAt), TouchedAt: value(row.TouchedAt),
		AuditSeq: value(row.AuditSeq), AuditHash: row.AuditHash,
	}
}
