package onboarding_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"portal/internal/onboarding"
)

// heard lets the engine hear of the registration's profile what webhooks say.
func (w *world) heard(t failer, r onboarding.Registration, words ...onboarding.Word) onboarding.Registration {
	t.Helper()
	n := onboarding.Notice{Profile: r.Profile, CustomerRef: r.CustomerRef("test-"), Words: words}
	if err := w.Hear(t.Context(), n); err != nil {
		t.Fatal(err)
	}
	return w.records.only(t)
}

func word(id onboarding.RequestID, outcome onboarding.Status) onboarding.Word {
	return onboarding.Word{Request: id, Outcome: outcome, Source: "w1"}
}

func TestAWebhooksWordIsBelievedUnlessTheProviderContradicts(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		word        onboarding.Status
		other       bool // the word is about another request
		over, newer bool // what the provider shows
		want        onboarding.Status
	}{
		"completed":                         {word: onboarding.Completed, over: true, want: onboarding.Completed},
		"expired":                           {word: onboarding.Expired, over: true, want: onboarding.Expired},
		"completed, said too early":         {word: onboarding.Completed, want: onboarding.Open},
		"expired, said wrongly":             {word: onboarding.Expired, want: onboarding.Open},
		"another's completion":              {word: onboarding.Completed, other: true, over: true, want: onboarding.Open},
		"completed, and followed by others": {word: onboarding.Completed, over: true, newer: true, want: onboarding.Completed},
		"expired, and followed by others":   {word: onboarding.Expired, over: true, newer: true, want: onboarding.Superseded},
		"no word, followed by others":       {over: true, newer: true, want: onboarding.Superseded},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			r := w.start(t, "individual")
			if c.over {
				w.provider.finish(t, r)
			}
			if c.newer {
				if _, err := w.provider.CreateRequest(t.Context(), r.Profile, onboarding.Forms{}); err != nil {
					t.Fatal(err)
				}
			}
			about := r.Request.ID
			if c.other {
				about = "another"
			}
			wantStatus(t, w.heard(t, r, word(about, c.word)), c.want)
		})
	}
}

func TestOverWithoutAWordIsClosedInTheEndAndAWordStillCounts(t *testing.T) {
	t.Parallel()
	for _, late := range []onboarding.Status{onboarding.Completed, onboarding.Expired} {
		w := newWorld()
		r := w.start(t, "individual")
		w.provider.finish(t, r)
		wantStatus(t, w.heard(t, r), onboarding.Open)
		w.wait(9 * time.Minute)
		wantStatus(t, w.silence(t), onboarding.Open)
		w.wait(time.Minute)
		wantStatus(t, w.silence(t), onboarding.Closed)
		wantStatus(t, w.heard(t, r, word(r.Request.ID, late)), late)
	}
}

func TestAVisitDoesNotCompleteWhatIsClosed(t *testing.T) {
	t.Parallel()
	w := newWorld()
	r := w.start(t, "individual")
	w.provider.finish(t, r)
	w.heard(t, r)
	w.wait(time.Hour)
	closed := w.silence(t)
	wantStatus(t, closed, onboarding.Closed)
	if got, err := w.Confirm(t.Context(), closed, true); err != nil || got.Status != onboarding.Closed {
		t.Errorf("%s, %v", got.Status, err)
	}
}

func TestWhatCannotBeStoredIsNotShown(t *testing.T) {
	t.Parallel()
	w := newWorld()
	r := w.start(t, "individual")
	w.provider.finish(t, r)
	w.records.away = 1
	got, err := w.Confirm(t.Context(), r, true)
	if onboarding.KindOf(err) != onboarding.Busy || got.Status != onboarding.Open || got.ID != r.ID {
		t.Errorf("%s %s, %v; want it as it was", got.ID, got.Status, err)
	}
}

// silence has the engine read what nobody speaks of.
func (w *world) silence(t failer) onboarding.Registration {
	t.Helper()
	if err := w.ReadSilent(t.Context()); err != nil {
		t.Fatal(err)
	}
	return w.records.only(t)
}

func TestSilentRegistrationsAreReadEverLessOften(t *testing.T) {
	t.Parallel()
	w := newWorld()
	r := w.start(t, "individual")
	w.provider.calls = nil
	for range 60 * 24 * 30 { // a pass a minute for a month
		w.wait(time.Minute)
		w.silence(t)
	}
	if n := len(w.provider.calls); n < 30 || n > 60 {
		t.Errorf("%d reads in a month", n)
	}
	for range 60 * 24 * 60 {
		w.wait(time.Minute)
		if w.silence(t); w.time().Sub(r.Request.CreatedAt) == onboarding.RequestValidity-time.Minute {
			w.provider.finish(t, r)
		}
	}
	wantStatus(t, w.records.only(t), onboarding.Expired) // found at once when the time is up
}

func TestWhatCannotBeReadIsReadLater(t *testing.T) {
	t.Parallel()
	w := newWorld()
	r := w.start(t, "individual")
	w.provider.finish(t, r)
	w.provider.trouble["latest request"] = []trouble{{err: &onboarding.Error{Kind: onboarding.Busy}}}
	w.wait(2 * time.Hour)
	w.silence(t)
	w.provider.calls = nil
	w.silence(t)
	if len(w.provider.calls) != 0 {
		t.Error("a read that failed is repeated at once")
	}
	w.wait(15 * time.Minute)
	w.silence(t)
	w.wait(15 * time.Minute)
	wantStatus(t, w.silence(t), onboarding.Closed)
}

// rank orders statuses of a form by how much is known of its end.
var rank = []onboarding.Status{onboarding.Open, onboarding.Closed, onboarding.Superseded, onboarding.Expired, onboarding.Completed}

// Whatever is heard and seen of a form in whatever order, its registration never goes backwards, and what is completed
// has a reason.
func TestNoEvidenceLeadsBackwards(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld()
		r := w.start(rt, "individual")
		own, reason := r.Request.ID, false
		for range rapid.IntRange(1, 20).Draw(rt, "events") {
			before := w.records.only(rt)
			switch rapid.IntRange(0, 4).Draw(rt, "event") {
			case 0:
				w.wait(time.Duration(rapid.IntRange(0, 40).Draw(rt, "days")) * 24 * time.Hour)
			case 1:
				have := w.provider.requests[string(r.Profile)]
				have[len(have)-1].over = true
			case 2:
				_, _ = w.provider.CreateRequest(rt.Context(), r.Profile, onboarding.Forms{})
			case 3:
				outcome := rapid.SampledFrom([]onboarding.Status{"", onboarding.Completed, onboarding.Expired}).Draw(rt, "word")
				id := rapid.SampledFrom([]onboarding.RequestID{own, "another"}).Draw(rt, "request")
				reason = reason || outcome == onboarding.Completed && id == own
				w.heard(rt, r, word(id, outcome))
			case 4:
				back := rapid.Bool().Draw(rt, "back")
				reason = reason || back
				if _, err := w.Confirm(rt.Context(), before, back); err != nil {
					rt.Fatal(err)
				}
			}
			after := w.records.only(rt)
			if slices.Index(rank, after.Status) < slices.Index(rank, before.Status) {
				rt.Fatalf("from %s back to %s", before.Status, after.Status)
			}
			if after.Status == onboarding.Completed && !reason {
				rt.Fatal("completed without a reason")
			}
		}
	})
}
