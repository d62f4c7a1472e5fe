// Package jobs is the portal's background work, on River: rows in Postgres that are stored together with what they are
// about, and worked off by any replica.
//
// [Queue] stores jobs: whoever begins a registration, or sets one going that had come to rest, has it advanced by a job
// of the same transaction. [Worker] works jobs off and runs the periodic ones, such as
// reading requests that have gone silent; every process that works has one, and the processes share the work by
// themselves.
//
// A job is only ever a wake-up. What is to be done, and when it is to be tried again, stands in the registration
// itself, which is swept when it is due. So a job may be lost, repeated or late without harm.
//
// The arguments of jobs are ids and numbers: no personal data and no secret is ever among them.
package jobs

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"portal/internal/onboarding"
)

// Queue stores jobs inside the caller's transaction.
type Queue struct {
	client *river.Client[pgx.Tx]
}

// NewQueue returns a queue. It needs no database of its own, since it only ever works in transactions of others.
func NewQueue() (*Queue, error) {
	client, err := river.NewClient(riverpgxv5.New(nil), &river.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, fmt.Errorf("setting up the job queue: %w", err)
	}
	return &Queue{client: client}, nil
}

// Enqueue has a registration advanced, or its applicant sent an e-mail where one is named, as soon as tx is committed. The
// version is the one that tx stores.
func (q *Queue) Enqueue(ctx context.Context, tx pgx.Tx, id onboarding.RegistrationID, version int64, mail onboarding.Mail) error {
	if mail == "" {
		return q.AdvanceRegistration(ctx, tx, id, version)
	}
	return q.mailResult(ctx, tx, id, version, mail)
}

// AdvanceRegistration has the registration advanced as soon as tx is committed. The version is the one that tx stores.
//
// No uniqueness is asked for: River passes over a job whose twin is under way, and that twin may already have looked at
// the registration. A wake-up too many finds nothing to do.
func (q *Queue) AdvanceRegistration(ctx context.Context, tx pgx.Tx, id onboarding.RegistrationID, version int64) error {
	args := advanceArgs{Registration: uuid.UUID(id), Version: version}
	if _, err := q.client.InsertTx(ctx, tx, args, &river.InsertOpts{MaxAttempts: advanceAttempts}); err != nil {
		return fmt.Errorf("having registration %s advanced: %w", id, err)
	}
	return nil
}
