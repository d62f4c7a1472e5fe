package jobs

import (
	"context"
	"fmt"
	"sync"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"portal/internal/onboarding"
)

// mailAttempts is how often an e-mail is tried to be sent: with the pauses that River makes between attempts, for a day.
const mailAttempts = 14

// mailArgs ask for an e-mail about a decision.
type mailArgs struct {
	Registration uuid.UUID `json:"registration"`
	Version      int64     `json:"version"` // of the change that made the decision known
	Mail         string    `json:"mail"`
}

// Kind names the job in the table.
func (mailArgs) Kind() string { return "mail_result" }

// mailResult has the applicant sent an e-mail as soon as tx is committed.
func (q *Queue) mailResult(ctx context.Context, tx pgx.Tx, id onboarding.RegistrationID, version int64, mail onboarding.Mail) error {
	args := mailArgs{Registration: uuid.UUID(id), Version: version, Mail: string(mail)}
	if _, err := q.client.InsertTx(ctx, tx, args, &river.InsertOpts{MaxAttempts: mailAttempts}); err != nil {
		return fmt.Errorf("having the applicant of registration %s told: %w", id, err)
	}
	return nil
}

// mailWorker works off the jobs that send e-mails.
type mailWorker struct {
	river.WorkerDefaults[mailArgs]
	mail  func(ctx context.Context, id onboarding.RegistrationID, version int64, mail onboarding.Mail) error
	under *sync.WaitGroup
}

// Work is part of river.Worker. What fails is tried again, ever more slowly.
func (w *mailWorker) Work(ctx context.Context, job *river.Job[mailArgs]) error {
	w.under.Add(1)
	defer w.under.Done()
	return w.mail(ctx, onboarding.RegistrationID(job.Args.Registration), job.Args.Version, onboarding.Mail(job.Args.Mail))
}
