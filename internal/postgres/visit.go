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
	who, begun, err := s.visit(ctx, session, limits, now, now.Add(-seenEvery))
	if err == nil && who.SeenAt.Before(now.Add(-seenEvery)) {
		who.SeenAt = now // as has just been written down
	}
	return who, begun, err
}

// Look answers like Visit and is no sign of life.
func (s *Store) Look(ctx context.Context, session identity.Token, limits identity.Limits, now time.Time) (identity.Session, []onboarding.Registration, error) {
	return s.visit(ctx, session, limits, now, time.Time{})
}

// visit notes the sign of life of a session that has shown none since touchedBefore.
func (s *Store) visit(ctx context.Context, session identity.Token, limits identity.Limits, now, touchedBefore time.Time) (identity.Session, []onboarding.Registration, error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	rows, err := s.q.Visit(ctx, s.pool, query.VisitParams{
		TokenHash: session.Hash(), Now: now, TouchedBefore: touchedBefore,
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
		r := s.verified(s.opened(visited(row), row.SealedKey, row.RequestCreatedAt), row.SealedVerification)
		r.Behind = onboarding.Tally{Total: int(value(row.Associates)), Drafts: int(value(row.Drafts))}
		if value(row.Ending) != "" {
			r.Behind = onboarding.Tally{Total: r.Behind.Total - r.Behind.Drafts} // drafts will not be sent any more
		}
		begun = append(begun, r)
	}
	return visitor(rows[0]), begun, nil
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
