// Package seeding fills a database with what a portal would have stored over years: applicants and how they are known,
// sessions, registrations in the statuses of real life, customer requests with their sealed keys, the trail of every change,
// the people behind companies, documents, webhooks, notices, mails and limits. It is for measuring how the portal does when
// there is much of everything.
//
// What it stores is real: keys and personal data are sealed, trails are chained by the domain's own code, constraints hold
// (Postgres looks at all of them), and what the portal forgets after a time is there only for that time. Nobody in it exists.
//
// [Fill] is the way in. Read life.go for what becomes of a registration, and frame.go for why it is quick.
package seeding

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"portal/internal/identity"
	"portal/internal/onboarding"
	"portal/internal/seal"
)

// Options say what is wanted. Keys and Now are required.
type Options struct {
	Registrations int           // altogether
	Visitors      int           // those among them, the youngest, that are open and whose applicants are signed in
	Keys          *seal.Keyset  // the portal's, to seal with
	Now           time.Time     // when the years end
	Over          time.Duration // how long they were; three years where it is zero
	Seed          uint64        // the same seed makes the same people and ids
	Progress      func(done int)
}

// Visitor is somebody who is signed in and has an open registration.
type Visitor struct {
	Session      identity.Token
	Issuer       string
	Subject      identity.Subject
	Applicant    onboarding.ApplicantID
	Registration onboarding.RegistrationID
	Profile      onboarding.ProfileID
	Request      onboarding.RequestID // empty where documents are asked for
	Flow         string
}

// Seeded is what was stored.
type Seeded struct {
	Visitors []Visitor
	Rows     Counts
}

// The flows, as portal.toml has them.
const (
	FlowIndividual = "individual"
	FlowCompany    = "company"
	FlowDocuments  = "documents"
)

// ErrInUse means that there are applicants in the database already: what is filled is emptied first, and must be empty.
var ErrInUse = errors.New("somebody has registered in this database: seed a fresh one, migrated and empty")

// Fill fills a migrated and empty database, all or nothing. Its role must be a superuser, which alone can switch triggers off.
func Fill(ctx context.Context, pool *pgxpool.Pool, o Options) (Seeded, error) {
	o, err := o.complete()
	if err != nil {
		return Seeded{}, err
	}
	var seeded Seeded
	err = pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) (err error) {
		seeded, err = o.fill(ctx, tx)
		return err
	})
	if err != nil {
		return Seeded{}, fmt.Errorf("seeding: %w", err)
	}
	// What the transaction has left to do is done now, and not while pages are measured.
	for _, s := range []string{"analyze", "checkpoint"} {
		if _, err := pool.Exec(ctx, s); err != nil {
			return Seeded{}, fmt.Errorf("seeding: %s: %w", s, err)
		}
	}
	return seeded, nil
}

// Room is how many bytes of disk it takes at most to fill a database with so many registrations: 3.5 kB each are kept, and while it
// is filled Postgres' log takes some more, which it throws away in time.
func Room(registrations int) int64 {
	const each, log, mostLog = 4000, 4000, 3 << 30
	return int64(registrations)*each + min(int64(registrations)*log, mostLog)
}

// usual is how long a portal has been in use where nothing else is said.
const usual = 3 * 365 * day

const day = 24 * time.Hour

func (o Options) complete() (Options, error) {
	if o.Registrations < 1 || o.Visitors < 0 || o.Visitors > o.Registrations {
		return o, fmt.Errorf("seeding: %d visitors among %d registrations cannot be", o.Visitors, o.Registrations)
	}
	if o.Over == 0 {
		o.Over = usual
	}
	if o.Progress == nil {
		o.Progress = func(int) {}
	}
	o.Now = o.Now.UTC().Truncate(time.Microsecond)
	return o, nil
}

func (o Options) fill(ctx context.Context, tx pgx.Tx) (Seeded, error) {
	var used bool
	if err := tx.QueryRow(ctx, "select exists (select from applicants)").Scan(&used); err != nil {
		return Seeded{}, fmt.Errorf("looking whether the database is empty: %w", err)
	}
	if used {
		return Seeded{}, ErrInUse
	}
	f, err := readFrame(ctx, tx)
	if err != nil {
		return Seeded{}, err
	}
	if err := f.takeOff(ctx, tx); err != nil {
		return Seeded{}, err
	}
	seeded, err := o.copy(ctx, tx)
	if err != nil {
		return Seeded{}, err
	}
	return seeded, f.putOn(ctx, tx)
}
