package onboarding_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"portal/internal/onboarding"
)

// overview answers as it was told to.
type overview struct {
	standing onboarding.Standing
	err      error
	verify   func(ctx context.Context, until time.Time, tell func(onboarding.Fault)) (onboarding.Audit, error)
}

func (o *overview) Standing(context.Context) (onboarding.Standing, error) { return o.standing, o.err }

func (o *overview) CountByStatus(context.Context) (map[onboarding.Status]int, error) {
	return map[onboarding.Status]int{onboarding.Open: 3, onboarding.Completed: 4}, nil
}

func (o *overview) VerifyAudit(ctx context.Context, until time.Time, tell func(onboarding.Fault)) (onboarding.Audit, error) {
	if o.verify == nil {
		return onboarding.Audit{Entries: 12, Root: onboarding.Hash{1}}, nil
	}
	return o.verify(ctx, until, tell)
}

// summarize returns the lines that a summary logs.
func summarize(t *testing.T, o *overview) []map[string]any {
	t.Helper()
	lines, _ := verified(t, o)
	return lines
}

// verified returns those, and the faults of the verifications that the metrics hear of.
func verified(t *testing.T, o *overview) (lines []map[string]any, faults []int) {
	t.Helper()
	var out bytes.Buffer
	hear := func(n int) { faults = append(faults, n) }
	r := onboarding.Reporter{Overview: o, Verified: hear, Now: func() time.Time { return ledgerDay }, Log: slog.New(slog.NewJSONHandler(&out, nil))}
	if err := r.Summarize(t.Context()); err != nil {
		t.Fatal(err)
	}
	for d := json.NewDecoder(&out); d.More(); {
		var line map[string]any
		if err := d.Decode(&line); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line)
	}
	return lines, faults
}

func wantAttr(t *testing.T, line map[string]any, key string, want any) {
	t.Helper()
	if got := fmt.Sprint(line[key]); got != fmt.Sprint(want) {
		t.Errorf("%s: %s, want %v", key, got, want)
	}
}

func TestASummarySaysHowEverythingStands(t *testing.T) {
	t.Parallel()
	lines := summarize(t, &overview{standing: onboarding.Standing{Waiting: 5, OldestDue: ledgerDay.Add(-90 * time.Second)}})
	if len(lines) != 1 {
		t.Fatalf("%d lines, want one", len(lines))
	}
	for key, want := range map[string]any{
		"level": "INFO", "msg": "daily summary", "by_status": "map[completed:4 open:3]", "waiting": 5, "stub_may_exist": 0,
		"orphans": 0, "structures_attention": 0, "oldest_due_seconds": 90, "audit_entries": 12, "audit_faults": 0, "audit_until": "2026-01-02T03:03:05Z",
		"audit_root": fmt.Sprintf("%x", onboarding.Hash{1}),
	} {
		wantAttr(t, lines[0], key, want)
	}
}

func TestASummaryWarnsWhereSomethingWaitsForAPerson(t *testing.T) {
	t.Parallel()
	for name, standing := range map[string]onboarding.Standing{
		"attention": {NeedsAttention: 1}, "stub": {StubMayExist: 1}, "orphan": {Orphans: 1}, "associates": {Structures: 1},
	} {
		wantAttr(t, summarize(t, &overview{standing: standing})[0], "level", "WARN")
		if t.Failed() {
			t.Fatal(name)
		}
	}
}

func TestASummaryTellsFaultsButNotWithoutEnd(t *testing.T) {
	t.Parallel()
	lines := summarize(t, &overview{verify: func(_ context.Context, _ time.Time, tell func(onboarding.Fault)) (onboarding.Audit, error) {
		for range 1000 {
			tell(onboarding.Fault{Seq: 7, What: "bad"})
		}
		return onboarding.Audit{Faults: 1000}, nil
	}})
	if len(lines) < 2 || len(lines) > 100 {
		t.Fatalf("%d lines", len(lines))
	}
	wantAttr(t, lines[0], "level", "ERROR")
	wantAttr(t, lines[0], "fault", "bad")
	wantAttr(t, lines[len(lines)-1], "level", "WARN")
	wantAttr(t, lines[len(lines)-1], "audit_faults", 1000)
}

func TestASummaryDoesNotWaitForALongVerification(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		lines := summarize(t, &overview{verify: func(ctx context.Context, _ time.Time, _ func(onboarding.Fault)) (onboarding.Audit, error) {
			<-ctx.Done()
			return onboarding.Audit{}, ctx.Err()
		}})
		wantAttr(t, lines[0], "audit_root", "too long")
		wantAttr(t, lines[0], "by_status", "map[completed:4 open:3]")
	})
}

func TestASummaryWarnsWhereTheTrailCannotBeRead(t *testing.T) {
	t.Parallel()
	lines := summarize(t, &overview{verify: func(context.Context, time.Time, func(onboarding.Fault)) (onboarding.Audit, error) {
		return onboarding.Audit{}, errors.New("away")
	}})
	wantAttr(t, lines[0], "level", "WARN")
	wantAttr(t, lines[0], "audit_root", "unknown")
	wantAttr(t, lines[0], "error", "away")
}

func TestASummaryThatCannotCountFails(t *testing.T) {
	t.Parallel()
	away := errors.New("away")
	r := onboarding.Reporter{Overview: &overview{err: away}, Now: time.Now, Log: slog.New(slog.DiscardHandler)}
	if err := r.Summarize(t.Context()); !errors.Is(err, away) {
		t.Error(err)
	}
}

// A verification that came to no result says nothing: neither that the trail holds, nor that it does not.
func TestAVerificationIsHeardOfWithWhatItFound(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		tells int
		err   error
		want  []int
	}{
		"holds":                           {0, nil, []int{0}},
		"does not hold":                   {30, nil, []int{30}},
		"is cut short after a fault":      {2, errors.New("away"), []int{2}},
		"is cut short before any is seen": {0, errors.New("away"), nil},
	} {
		_, got := verified(t, &overview{verify: func(_ context.Context, _ time.Time, tell func(onboarding.Fault)) (onboarding.Audit, error) {
			for range test.tells {
				tell(onboarding.Fault{Seq: 7, What: "bad"})
			}
			return onboarding.Audit{Faults: int64(test.tells)}, test.err
		}})
		if !slices.Equal(got, test.want) {
			t.Errorf("of one that %s is heard %v, want %v", name, got, test.want)
		}
	}
}
