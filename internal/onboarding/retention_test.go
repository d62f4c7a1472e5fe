package onboarding_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"portal/internal/onboarding"
)

// attic holds, of each status, registrations that are looked at in their order. Too many of them at once, and those that are too
// heavy, are too much to do in time.
type attic struct {
	left      map[onboarding.Status]int
	most      int // at once; 0 where it does not matter
	heavy     []int
	keys      int
	before    time.Time
	applicant int
	broken    map[onboarding.Status]error
	at        []onboarding.Passed
}

// place is that of the nth registration.
func place(n int) onboarding.Passed {
	return onboarding.Passed{CreatedAt: testNow.Add(time.Duration(n) * time.Second), ID: onboarding.RegistrationID{14: byte(n >> 8), 15: byte(n)}}
}

func (a *attic) ForgetRegistrations(_ context.Context, status onboarding.Status, before, _ time.Time, after onboarding.Passed, most int) (int, onboarding.Passed, bool, error) {
	a.before, a.at = before, append(a.at, after)
	from := int(after.ID[14])<<8 + int(after.ID[15])
	to := min(from+most, a.left[status])
	if err := a.broken[status]; err != nil || to <= from {
		return 0, after, true, err
	}
	tooHeavy := slices.ContainsFunc(a.heavy, func(n int) bool { return from < n && n <= to })
	if a.most > 0 && to-from > a.most || tooHeavy {
		return 0, place(to), false, fmt.Errorf("deleting: %w", context.DeadlineExceeded)
	}
	return to - from, place(to), false, nil
}

func (a *attic) ForgetApplicants(_ context.Context, _ time.Time, after onboarding.ApplicantID, _ int) (int, onboarding.ApplicantID, bool, error) {
	if err := a.broken[""]; err != nil || a.applicant == 0 {
		return 0, after, true, err
	}
	a.applicant--
	return 1, after, a.applicant == 0, nil
}

func (a *attic) ForgetKeys(_ context.Context, _ time.Time, most int) (int, error) {
	n := min(a.keys, most)
	a.keys -= n
	return n, nil
}

// forgotten has all of them forgotten, and returns what the log says of it.
func (a *attic) forgotten(t *testing.T, ctx context.Context, retention time.Duration) (log string, err error) {
	t.Helper()
	var text bytes.Buffer
	f := &onboarding.Forgetter{
		Past: a, Retention: retention, Now: func() time.Time { return testNow }, Log: slog.New(slog.NewTextHandler(&text, nil)),
	}
	err = errors.Join(f.Forget(ctx), f.ForgetApplicants(ctx))
	return text.String(), err
}

var testNow = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func TestForgettingGoesOnWhereItWasUntilNothingPastIsLeft(t *testing.T) {
	t.Parallel()
	a := &attic{left: map[onboarding.Status]int{onboarding.Completed: 250, onboarding.Rejected: 1}, keys: 1000, applicant: 2}
	log, err := a.forgotten(t, t.Context(), 1000*time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(log, `msg="registrations forgotten" count=251`) || !strings.Contains(log, `msg="applicants forgotten" count=2`) || a.keys != 0 {
		t.Errorf("%+v\n%s", a, log)
	}
	if !a.before.Equal(testNow.Add(-1000 * time.Hour)) {
		t.Errorf("of before %s", a.before)
	}
	if again := slices.Compact(slices.Clone(a.at[:4])); len(again) != 4 {
		t.Errorf("the same batch was looked at twice: %v", a.at)
	}
}

func TestRegistrationsAreKeptForEverUnlessTheCompanySaysOtherwise(t *testing.T) {
	t.Parallel()
	a := &attic{left: map[onboarding.Status]int{onboarding.Completed: 3}, keys: 1, applicant: 2}
	if _, err := a.forgotten(t, t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	if len(a.at) != 0 || a.applicant != 2 || a.keys != 0 {
		t.Errorf("%+v", a)
	}
}

func TestABatchThatIsTooMuchIsHalvedUntilItIsNot(t *testing.T) {
	t.Parallel()
	a := &attic{left: map[onboarding.Status]int{onboarding.Completed: 300}, most: 7}
	log, err := a.forgotten(t, t.Context(), time.Hour)
	if err != nil || !strings.Contains(log, "count=300") {
		t.Errorf("%v\n%s", err, log)
	}
}

func TestARegistrationThatIsTooMuchByItselfKeepsNoneBack(t *testing.T) {
	t.Parallel()
	a := &attic{left: map[onboarding.Status]int{onboarding.Completed: 300}, heavy: []int{3, 4, 177, 300}}
	log, err := a.forgotten(t, t.Context(), time.Hour)
	if err != nil || !strings.Contains(log, "count=296") {
		t.Errorf("%v\n%s", err, log)
	}
	for _, n := range a.heavy {
		if id := place(n).ID.String(); strings.Count(log, "registration_id="+id) != 1 {
			t.Errorf("the log does not name %s once:\n%s", id, log)
		}
	}
	if len(a.at) > 100 {
		t.Errorf("%d batches: it does not get faster again after the heavy ones", len(a.at))
	}
}

func TestAStatusThatFailsKeepsNoOtherBack(t *testing.T) {
	t.Parallel()
	bad := errors.New("bad")
	a := &attic{left: map[onboarding.Status]int{onboarding.Completed: 5, onboarding.Rejected: 5}, broken: map[onboarding.Status]error{onboarding.Completed: bad}}
	log, err := a.forgotten(t, t.Context(), time.Hour)
	if !errors.Is(err, bad) || !strings.Contains(log, "count=5") {
		t.Errorf("%v\n%s", err, log)
	}
}

func TestForgettingEndsWhenTheStoreIsAway(t *testing.T) {
	t.Parallel()
	away := &onboarding.Error{Kind: onboarding.Busy, Err: context.DeadlineExceeded} // before anything was looked at
	a := &attic{broken: map[onboarding.Status]error{"": away}}
	for _, status := range []onboarding.Status{onboarding.Completed, onboarding.Expired, onboarding.Superseded, onboarding.Closed, onboarding.Rejected} {
		a.broken[status] = away
	}
	if _, err := a.forgotten(t, t.Context(), time.Hour); onboarding.KindOf(err) != onboarding.Busy || len(a.at) != 5 {
		t.Errorf("%v after %d batches", err, len(a.at))
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if _, err := a.forgotten(t, ended, time.Hour); !errors.Is(err, context.Canceled) || len(a.at) != 5 {
		t.Errorf("at the end: %v after %d batches", err, len(a.at))
	}
}
