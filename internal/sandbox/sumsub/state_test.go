package sumsub_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox/sumsub"
)

// inTheMiddle is an account with somebody who is checked and somebody to whom a verdict comes later.
func inTheMiddle(t *testing.T) (a *account, checked, later, token string) {
	t.Helper()
	a = open(t, sumsub.Options{})
	checked, _, _, _ = complete(t, a)
	a.askFor(t, checked)
	later = a.create(t, "u-2", "id-only")
	a.give(t, later, "PASSPORT", "", "")
	a.decide(t, later, `{"answer":"RED","reject_type":"RETRY","images":{"IDENTITY":{"answer":"RED","labels":["SCREENSHOTS"]}},"after":"1h"}`)
	return a, checked, later, a.token(t, "u-3", "id-and-liveness")
}

// saved is what a provider saves.
func saved(t *testing.T, a *account) string {
	t.Helper()
	raw, err := a.Save()
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func TestLoadedAccountGoesOnAsTheSavedOne(t *testing.T) {
	t.Parallel()
	a, checked, later, token := inTheMiddle(t)
	b := open(t, sumsub.Options{})

	if err := b.Load(json.RawMessage(saved(t, a))); err != nil {
		t.Fatal(err)
	}

	if diff := cmp.Diff(saved(t, a), saved(t, b)); diff != "" {
		t.Error(diff)
	}
	if _, err := b.TokenApplicant(token); err != nil {
		t.Error(err)
	}
	b.pass(t, time.Hour)
	if got := []string{b.status(t, checked), b.status(t, later)}; cmp.Diff([]string{"queued", "completed RED RETRY"}, got) != "" {
		t.Errorf("an hour later: %v", got)
	}
}

func TestWhatBecameDueMeanwhileHappensOnLoading(t *testing.T) {
	t.Parallel()
	a, _, _, _ := inTheMiddle(t)
	b := open(t, sumsub.Options{})
	b.pass(t, 2*time.Hour)

	if err := b.Load(json.RawMessage(saved(t, a))); err != nil {
		t.Fatal(err)
	}

	// The check of two stages has its first one over; the second counts from now.
	if diff := cmp.Diff([]string{"applicantPrechecked", "applicantReviewed"}, b.events()); diff != "" {
		t.Error(diff)
	}
}

func TestNothingToLoadIsAnEmptyAccount(t *testing.T) {
	t.Parallel()
	a, _, _, _ := inTheMiddle(t)
	if err := a.Load(nil); err != nil || len(a.Overviews(9)) != 0 {
		t.Errorf("%v, %d applicants", err, len(a.Overviews(9)))
	}
}

func TestDamagedAccountsAreRefusedAndChangeNothing(t *testing.T) {
	t.Parallel()
	a, _, _, _ := inTheMiddle(t)
	good := saved(t, a)
	for name, change := range map[string]func(string) string{
		"other format":   func(s string) string { return strings.Replace(s, "sumsub-1", "sumsub-0", 1) },
		"unknown level":  func(s string) string { return strings.Replace(s, `"level":"id-only"`, `"level":"none"`, 1) },
		"unknown status": func(s string) string { return strings.Replace(s, `"status":"pending"`, `"status":"lost"`, 1) },
		"nobody on agenda": func(s string) string {
			return strings.Replace(s, `"what":"verdict","id":"`, `"what":"verdict","id":"x`, 1)
		},
		"unknown on agenda": func(s string) string { return strings.Replace(s, `"what":"verdict"`, `"what":"dance"`, 1) },
		"empty entry":       func(s string) string { return strings.Replace(s, `"applicants":[`, `"applicants":[null,`, 1) },
		"two of the same id": func(s string) string {
			return strings.Replace(s, `"external_user_id":"u-2"`, `"external_user_id":"u-1"`, 1)
		},
		"no JSON": func(string) string { return "{" },
	} {
		changed := change(good)
		if changed == good {
			t.Fatalf("%s changes nothing", name)
		}
		if err := a.Load(json.RawMessage(changed)); !errors.Is(err, sumsub.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if diff := cmp.Diff(good, saved(t, a)); diff != "" {
		t.Error(diff)
	}
}

func TestResetForgetsEverything(t *testing.T) {
	t.Parallel()
	a, checked, _, token := inTheMiddle(t)
	if err := a.SetOptions(sumsub.Options{Verdict: "green", NoRateLimits: true}); err != nil {
		t.Fatal(err)
	}
	a.Reset()
	if _, err := a.TokenApplicant(token); !errors.Is(err, sumsub.ErrToken) || a.Options().Verdict != "none" {
		t.Errorf("%v, %+v", err, a.Options())
	}
	if _, err := a.Detail(checked); !errors.Is(err, sumsub.ErrNotFound) {
		t.Error(err)
	}
	if _, ok := a.NextDue(); ok {
		t.Error("something is still due")
	}
}

func FuzzLoadNeverPanics(f *testing.F) {
	f.Add([]byte(`{"format":"sumsub-1","state":{"applicants":[{"id":"a","level":"id-only"}],"agenda":[{"what":"queue","id":"a"}]}}`))
	f.Add([]byte(`{"format":"sumsub-1","state":{"applicants":[null]}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		a := openWith(t, func(*sumsub.Config) {})
		if a.Load(raw) != nil {
			return
		}
		a.pass(t, time.Hour)
		for _, o := range a.Overviews(100) {
			if _, err := a.Detail(o.ID); err != nil {
				t.Error(err)
			}
		}
	})
}
