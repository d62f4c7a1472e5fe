package jobs_test

import (
	"context"
	"errors"
	"testing"

	"github.com/jackc/pgx/v5"

	"portal/internal/jobs"
	"portal/internal/localpg"
	"portal/internal/onboarding"
)

func TestADecisionIsToldUntilThatSucceeds(t *testing.T) {
	t.Parallel()
	pool, told, id := localpg.New(t), make(chan onboarding.Mail, 4), newID()
	q, err := jobs.NewQueue()
	if err != nil {
		t.Fatal(err)
	}
	tries := 0
	work(t, jobs.Options{
		Pool: pool, Advance: func(context.Context, onboarding.RegistrationID) { t.Error("it is advanced") },
		Mail: func(_ context.Context, of onboarding.RegistrationID, version int64, mail onboarding.Mail) error {
			if tries++; tries == 1 || of != id || version != 7 {
				return errors.New("the mail server is away")
			}
			told <- mail
			return nil
		},
	})
	err = pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error {
		return q.Enqueue(t.Context(), tx, id, 7, onboarding.MailRejected)
	})
	if err != nil {
		t.Fatal(err)
	}
	if mail := heard(t, told); mail != onboarding.MailRejected || tries != 2 {
		t.Errorf("told of %q after %d tries", mail, tries)
	}
}
