package postgres_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"portal/internal/localpg"
	"portal/internal/onboarding"
	"portal/internal/postgres"
)

// wakeUps writes down what is enqueued, and refuses where it is told to.
type wakeUps struct {
	ids    []onboarding.RegistrationID
	mails  []onboarding.Mail
	refuse error
}

func (w *wakeUps) enqueue(ctx context.Context, tx pgx.Tx, id onboarding.RegistrationID, _ int64, mail onboarding.Mail) error {
	var there bool
	if err := tx.QueryRow(ctx, "select exists (select from registrations where id = $1)", id.String()).Scan(&there); err != nil {
		return err
	}
	switch {
	case there && mail != "":
		w.mails = append(w.mails, mail)
	case there:
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

func TestWhatIsSetGoingAgainIsWokenByTheTransactionThatStoresIt(t *testing.T) {
	t.Parallel()
	s, w := newWaking(t)
	_, a := signIn(t, s, "a@example.com")
	r := opened(t, s, begin(t, s, a))
	w.ids = nil
	r.Status, r.Request, r.DueAt = onboarding.Starting, nil, now
	r.Trail.Add = []onboarding.Entry{{Seq: r.Trail.Seq + 1, At: now, Actor: onboarding.ActorApplicant, From: onboarding.Expired, To: onboarding.Starting, What: "renewed"}}
	w.refuse = errors.New("no")
	if _, err := s.Save(t.Context(), r, time.Time{}); err == nil {
		t.Fatal("set going without a wake-up")
	}
	w.ids, w.refuse = nil, nil
	saved, err := s.Save(t.Context(), r, time.Time{})
	if err != nil || len(w.ids) != 1 || w.ids[0] != r.ID {
		t.Fatalf("woken: %v, %v", w.ids, err)
	}
	saved.Trail.Add = []onboarding.Entry{{Seq: saved.Trail.Seq + 1, At: now, Actor: onboarding.ActorPortal, From: onboarding.Starting, To: onboarding.Starting, What: "asking"}}
	if _, err := s.Save(t.Context(), saved, now.Add(time.Second)); err != nil || len(w.ids) != 1 {
		t.Errorf("woken once more: %v, %v", w.ids, err)
	}
}

func TestOpenRegistrationsOfOlderReleasesAreReadToo(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	_, a := signIn(t, s, "a@example.com")
	r := opened(t, s, begin(t, s, a)) // which says nothing about when to read it
	silent, err := s.Silent(t.Context(), now, 10)
	if err != nil || len(silent) != 1 || silent[0] != r.ID {
		t.Errorf("silent %v, %v", silent, err)
	}
	r.ReadAt = now.Add(time.Hour)
	if _, err := s.Save(t.Context(), r, time.Time{}); err != nil {
		t.Fatal(err)
	}
	if silent, err := s.Silent(t.Context(), now, 10); err != nil || len(silent) != 0 {
		t.Errorf("silent %v, %v", silent, err)
	}
}
