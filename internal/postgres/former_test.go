package postgres_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"portal/internal/identity"
)

// While an upgrade goes on, replicas of the release before sign people in on this schema. These are its statements, with
// what they were given.
const (
	formerCode = `insert into sign_ins (browser_hash, email, flow, finishing, code_hash, created_at, expires_at)
		select $1, $2::text, $3, $4, $5, $6::timestamptz, $7
		where (select count(*) from sign_ins s where s.email = $2 and s.created_at >= $8) < $9::bigint`
	formerTry = `update sign_ins
		set tries = tries + 1,
			used_at = case when code_hash = $1 then $2::timestamptz end
		where browser_hash = $3
			and used_at is null
			and tries < $4
			and expires_at > $2
		returning email, (used_at is not null)::boolean as correct`
	formerIdentity = `insert into identities (issuer, subject, applicant_id, created_at)
		values ($1, $2, $3, $4)
		on conflict (issuer, subject) do update set issuer = excluded.issuer
		returning applicant_id`
	formerApplicant = `insert into applicants (id, created_at) values ($1, $2)`
	formerSession   = `insert into sessions (token_hash, issuer, subject, created_at, seen_at) values ($1, $2, $3, $4, $4)`
	formerVisit     = `select i.applicant_id
		from sessions s
		join identities i on i.issuer = s.issuer and i.subject = s.subject
		where s.token_hash = $1
			and s.ended_at is null`
)

func TestSignInsOfTheReleaseBeforeGoOnHere(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	browser := identity.NewToken()
	tag, err := pool.Exec(t.Context(), formerCode, browser.Hash(), "a@example.com", "individual", false, []byte("right"), now,
		now.Add(identity.CodeValidity), now.Add(-time.Hour), 10)
	if err != nil || tag.RowsAffected() != 1 {
		t.Fatalf("%s, %v", tag, err)
	}
	in := identity.SignIn{Browser: browser, Email: "a@example.com"}
	if err := take(t, s, in, "wrong", now); !errors.Is(err, identity.ErrCodeWrong) {
		t.Errorf("a wrong code: %v", err)
	}
	if err := take(t, s, putAnother(t, s, in, "another", now), "right", now); err != nil {
		t.Errorf("its code, after another was asked for: %v", err)
	}
}

func TestSignInsGoOnAtTheReleaseBefore(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	in := putCode(t, s, "a@example.com")
	var email string
	var correct bool
	err := pool.QueryRow(t.Context(), formerTry, []byte("right"), now, in.Browser.Hash(), identity.CodeTries).Scan(&email, &correct)
	if err != nil || !correct || email != "a@example.com" {
		t.Errorf("%v, %v", correct, err)
	}
	session, a := signIn(t, s, "b@example.com")
	var got uuid.UUID
	if err := pool.QueryRow(t.Context(), formerVisit, session.Hash()).Scan(&got); err != nil || got != uuid.UUID(a) {
		t.Errorf("a session of ours: %s, %v", got, err)
	}
}

func TestSessionsOfTheReleaseBeforeGoOnHere(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	id, session := uuid.Must(uuid.NewV7()), identity.NewToken()
	tx, err := pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var got uuid.UUID
	if err := tx.QueryRow(t.Context(), formerIdentity, identity.EmailIssuer, "a@example.com", id, now).Scan(&got); err != nil || got != id {
		t.Fatalf("%s, %v", got, err)
	}
	_, applicant := tx.Exec(t.Context(), formerApplicant, id, now)
	_, inserted := tx.Exec(t.Context(), formerSession, session.Hash(), identity.EmailIssuer, "a@example.com", now)
	if err := errors.Join(applicant, inserted, tx.Commit(t.Context())); err != nil {
		t.Fatal(err)
	}
	who := visit(t, s, session)
	if who.Applicant != identity.ApplicantID(id) || who.Email != "a@example.com" || who.Device != "" {
		t.Errorf("%+v", who)
	}
	if _, _, list, err := s.VisitSessions(t.Context(), visitor(session, now)); err != nil || len(list) != 1 {
		t.Errorf("%d listed, %v", len(list), err)
	}
	if _, again := signIn(t, s, "a@example.com"); uuid.UUID(again) != id {
		t.Error("the address is another applicant here")
	}
	if _, err := s.EndSession(t.Context(), session, now); err != nil || alive(t, s, session, now) {
		t.Errorf("ending it: %v", err)
	}
}
