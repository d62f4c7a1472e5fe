// Package postgres keeps the records of the domains in Postgres.
//
// Queries are the .sql files under queries, from which sqlc generates package query; there is a file of Go per
// subject. Errors of the driver become kinds of [onboarding.Error] here and nowhere else: in particular Busy when
// Postgres cannot be reached.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"portal/internal/onboarding"
	"portal/internal/postgres/query"
	"portal/internal/seal"
)

// Store keeps registrations, webhooks, sign-ins and sessions.
type Store struct {
	pool    *pgxpool.Pool
	q       *query.Queries
	keys    *seal.Keyset
	enqueue Enqueue
	teller  *Teller // nil where nobody is told of changes
}

// Enqueue enqueues the job that wakes a registration, or the one that sends its applicant an e-mail where one is named, in the
// transaction that stores the registration.
type Enqueue func(ctx context.Context, tx pgx.Tx, id onboarding.RegistrationID, version int64, mail onboarding.Mail) error

// New returns a store on an open pool that seals with keys.
func New(pool *pgxpool.Pool, keys *seal.Keyset, enqueue Enqueue) *Store {
	return &Store{pool: pool, q: query.New(), keys: keys, enqueue: enqueue}
}

// NoJobs enqueues nothing: for commands that begin nothing, and for tests in which nobody would work the job off.
func NoJobs(context.Context, pgx.Tx, onboarding.RegistrationID, int64, onboarding.Mail) error {
	return nil
}

// callFor bounds a call of the store, including the wait for a connection: a page that takes longer is no use.
const callFor = 5 * time.Second

// resolution is the smallest difference of time that Postgres keeps.
const resolution = time.Microsecond

// fault gives an error of the driver its kind. What Postgres itself answers is a bug of ours unless it says that it
// cannot work now, or that what a row refers to has just been forgotten; anything else means that it could not be reached.
func fault(doing string, err error) error {
	if err == nil {
		return nil
	}
	wrapped := fmt.Errorf("%s: %w", doing, err)
	if violatesReference(err) {
		return &onboarding.Error{Kind: onboarding.NotFound, Err: wrapped}
	}
	if !Away(err) || errors.Is(err, pgx.ErrNoRows) || errors.Is(err, context.Canceled) {
		return wrapped
	}
	return &onboarding.Error{Kind: onboarding.Busy, Key: "error.unavailable", Err: wrapped}
}

// violatesReference says whether a row refers to another that is not there.
func violatesReference(err error) bool {
	answered, ok := errors.AsType[*pgconn.PgError](err)
	return ok && answered.Code == "23503"
}

// notNull is the time for a nullable column, where the zero time means null.
func notNull(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// value is what p points to, or the zero value: the columns of an outer join that found nothing.
func value[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}
