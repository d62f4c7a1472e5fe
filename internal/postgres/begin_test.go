package postgres_test

import (
	"context"
	"errors"
	"testing"

	"github.com/jackc/pgx/v5"

	"portal/internal/localpg"
	"portal/internal/onboarding"
	"portal/internal/postgres"
)

// wakeUps writes down what is enqueued, and refuses where it is told to.
type wakeUps struct {
	ids    []onboarding.RegistrationID
	refuse error
}

func (w *wakeUps) enqueue(ctx context.Context, tx pgx.Tx, id onboarding.RegistrationID, _ int64) error {
	var there bool
	if err := tx.QueryRow(ctx, "select exists (select from registrations where id = $1)", id.String()).Scan(&there); err != nil {
		return err
	}
	if there {
		w.ids = append(w.ids, id)
	}
	return w.refuse
}

func newWaking(t *testing.T) (*postgres.Store, *wakeUps) {
	t.Helper()
	w := &wakeUps{}
	return postgres.New(localpg.New(t), newKeys(t), w.enqueue), w
}

func TestANewRegistrationIsWokenByTheTransactionThatStoresIt(t *testing.T) {
	t.Parallel()
	s, w := newWaking(t)
	_, a := signIn(t, s, "a@example.com")
	r := begin(t, s, a)
	begin(t, s, a) // is there already
	if len(w.ids) != 1 || w.ids[0] != r.ID {
		t.Errorf("woken: %v, want %s once", w.ids, r.ID)
	}
}

func TestWhatCannotBeWokenIsNotBegun(t *testing.T) {
	t.Parallel()
	s, w := newWaking(t)
	_, a := signIn(t, s, "a@example.com")
	w.refuse = errors.New("no")
	wanted := intent(a)
	if _, err := s.Begin(t.Context(), wanted); err == nil {
		t.Fatal("begun without a wake-up")
	}
	if _, err := s.Registration(t.Context(), wanted.ID); onboarding.KindOf(err) != onboarding.NotFound {
		t.Errorf("it is stored all the same: %v", err)
	}
}
