package onboarding_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"testing"
	"time"

	"portal/internal/onboarding"
)

// attic holds, of each status, registrations that are looked at batch by batch.
type attic struct {
	batches   map[onboarding.Status]int
	keys      int
	before    time.Time
	applicant int
	broken    error
	at        []onboarding.Passed
}

func (a *attic) ForgetRegistrations(_ context.Context, status onboarding.Status, before, _ time.Time, after onboarding.Passed, _ int) (int, onboarding.Passed, bool, error) {
	a.before, a.at = before, append(a.at, after)
	if a.broken != nil || a.batches[status] == 0 {
		return 0, after, true, a.broken
	}
	a.batches[status]--
	after.ID[0]++
	return 1, after, false, nil
}

func (a *attic) ForgetApplicants(_ context.Context, _ time.Time, after onboarding.ApplicantID, _ int) (int, onboarding.ApplicantID, bool, error) {
	if a.applicant == 0 {
		return 0, after, true, a.broken
	}
	a.applicant--
	return 1, after, false, nil
}

func (a *attic) ForgetKeys(_ context.Context, _ time.Time, most int) (int, error) {
	n := min(a.keys, most)
	a.keys -= n
	return n, nil
}

func newForgetter(a *attic, retention time.Duration) *onboarding.Forgetter {
	return &onboarding.Forgetter{Past: a, Retention: retention, Now: func() time.Time { return testNow }, Log: slog.New(slog.DiscardHandler)}
}

var testNow = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func TestForgettingGoesOnWhereItWasUntilNothingPastIsLeft(t *testing.T) {
	t.Parallel()
	a := &attic{batches: map[onboarding.Status]int{onboarding.Completed: 3, onboarding.Rejected: 1}, keys: 1000, applicant: 2}
	f := newForgetter(a, 1000*time.Hour)
	if err := errors.Join(f.Forget(t.Context()), f.ForgetApplicants(t.Context())); err != nil {
		t.Fatal(err)
	}
	if a.batches[onboarding.Completed]+a.batches[onboarding.Rejected]+a.keys+a.applicant != 0 || !a.before.Equal(testNow.Add(-1000*time.Hour)) {
		t.Errorf("%+v", a)
	}
	if again := slices.Compact(slices.Clone(a.at[:4])); len(again) != 4 {
		t.Errorf("the same batch was looked at twice: %v", a.at)
	}
}

func TestRegistrationsAreKeptForEverUnlessTheCompanySaysOtherwise(t *testing.T) {
	t.Parallel()
	a := &attic{batches: map[onboarding.Status]int{onboarding.Completed: 3}, keys: 1, applicant: 2}
	f := newForgetter(a, 0)
	if err := errors.Join(f.Forget(t.Context()), f.ForgetApplicants(t.Context())); err != nil {
		t.Fatal(err)
	}
	if len(a.at) != 0 || a.applicant != 2 || a.keys != 0 {
		t.Errorf("%+v", a)
	}
}

func TestForgettingStopsWhenTheStoreIsAway(t *testing.T) {
	t.Parallel()
	a := &attic{broken: errors.New("away")}
	f := newForgetter(a, time.Hour)
	if err := f.Forget(t.Context()); !errors.Is(err, a.broken) || len(a.at) != 1 {
		t.Errorf("%v after %d batches", err, len(a.at))
	}
	if err := f.ForgetApplicants(t.Context()); !errors.Is(err, a.broken) {
		t.Error(err)
	}
}
