package onboarding_test

import (
	"context"
	"testing"
	"time"

	"portal/internal/onboarding"
)

// stray adds a profile at the provider that carries the registration's reference.
func (w *world) stray(r onboarding.Registration) onboarding.ProfileID {
	w.provider.mu.Lock()
	defer w.provider.mu.Unlock()
	w.provider.profiles = append(w.provider.profiles, r.CustomerRef("test-"))
	return onboarding.ProfileID(r.CustomerRef("test-") + "#2")
}

// heardOf lets the engine hear of a profile.
func (w *world) heardOf(t failer, id onboarding.ProfileID, ref string) onboarding.Registration {
	t.Helper()
	if err := w.Hear(t.Context(), onboarding.Notice{Profile: id, CustomerRef: ref}); err != nil {
		t.Fatal(err)
	}
	return w.records.only(t)
}

func TestAWebhookTellsWhatBecameOfAnUnansweredCreation(t *testing.T) {
	t.Parallel()
	w := newWorld()
	lost := trouble{err: &onboarding.Error{Kind: onboarding.Unanswered}}
	w.provider.trouble["create profile"] = []trouble{lost}
	r := w.start(t, "individual")
	wantStatus(t, r, onboarding.Unclear)
	// It took effect, where no look-up would find it.
	id := w.stray(r)
	w.provider.trouble["find profile"] = []trouble{{err: &onboarding.Error{Kind: onboarding.NotFound}}}
	w.heardOf(t, id, r.CustomerRef("test-"))
	r = w.advance(t, r.ID)
	wantStatus(t, r, onboarding.Open)
	if r.Profile != id || r.StubMayExist {
		t.Errorf("profile %s, stub may exist: %v", r.Profile, r.StubMayExist)
	}
}

func TestAWebhookEndsTheWaitForAPerson(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.provider.trouble["create profile"] = []trouble{{err: &onboarding.Error{Kind: onboarding.Unanswered}}}
	r := w.until(t, w.start(t, "careful").ID)
	wantStatus(t, r, onboarding.NeedsAttention)
	id := w.stray(r)
	w.heardOf(t, id, r.CustomerRef("test-"))
	wantStatus(t, w.until(t, r.ID), onboarding.Open)
}

func TestASecondProfileIsRecordedAsAnOrphan(t *testing.T) {
	t.Parallel()
	w := newWorld()
	r := w.start(t, "individual")
	for range 2 { // the second time changes nothing
		w.heardOf(t, w.stray(r), r.CustomerRef("test-"))
	}
	known := w.records.profiles[r.ID]
	if len(known) != 2 || known[0].Orphaned || !known[1].Orphaned || known[1].Source != "webhook" {
		t.Fatalf("known %+v", known)
	}
	wantStatus(t, w.records.only(t), onboarding.Open)
	if _, err := w.Resolve(t.Context(), r.ID, onboarding.Decision{Operator: "ann", Deed: onboarding.Acknowledge}); err != nil {
		t.Fatal(err)
	}
	if !w.records.profiles[r.ID][1].Acknowledged {
		t.Error("nobody has seen it")
	}
}

func TestAProfileHeardOfDuringTheLookUpIsAdopted(t *testing.T) {
	t.Parallel()
	for _, flow := range []string{"individual", "careful"} {
		w := newWorld()
		w.provider.trouble["create profile"] = []trouble{{err: &onboarding.Error{Kind: onboarding.Unanswered}}}
		r := w.start(t, flow)
		w.wait(2 * settle)
		w.Provider = &heardMeanwhile{provider: w.provider, world: w, t: t}
		if err := w.Advance(t.Context(), r.ID); onboarding.KindOf(err) != onboarding.Conflict {
			t.Fatalf("%s: what the look-up found is stored: %v", flow, err)
		}
		r = w.until(t, r.ID)
		wantStatus(t, r, onboarding.Open)
		if len(w.provider.profiles) != 1 || r.StubMayExist {
			t.Errorf("%s: profiles %v, stub may exist: %v", flow, w.provider.profiles, r.StubMayExist)
		}
	}
}

// heardMeanwhile lets a webhook tell of the profile while it is looked for in vain.
type heardMeanwhile struct {
	*provider
	world *world
	t     *testing.T
}

func (p *heardMeanwhile) FindProfile(context.Context, onboarding.StubProfile, time.Time, onboarding.Taken) (onboarding.ProfileID, error) {
	r := p.world.records.only(p.t)
	p.world.heardOf(p.t, p.world.stray(r), r.CustomerRef("test-"))
	return "", &onboarding.Error{Kind: onboarding.NotFound}
}

func TestOneAnswerThatAProfileIsUnknownIsNotBelieved(t *testing.T) {
	t.Parallel()
	w := newWorld()
	r := w.start(t, "individual")
	n := onboarding.Notice{Profile: r.Profile, Words: []onboarding.Word{word(r.Request.ID, onboarding.Completed)}, Since: w.time()}
	unknown := trouble{err: &onboarding.Error{Kind: onboarding.NotFound}}
	w.provider.trouble["latest request"] = []trouble{unknown, unknown}
	if err := w.Hear(t.Context(), n); err == nil {
		t.Error("the word is lost")
	}
	w.wait(2 * time.Hour)
	if err := w.Hear(t.Context(), n); err != nil {
		t.Errorf("it is repeated for ever: %v", err)
	}
}

func TestOnlyTheProvidersOwnWordMakesAProfileOurs(t *testing.T) {
	t.Parallel()
	w := newWorld()
	r := w.start(t, "individual")
	w.provider.profiles = append(w.provider.profiles, "foreign")
	for _, ref := range []string{r.CustomerRef("test-"), "", "foreign", "test-", "test-" + r.ID.String() + "x", "{" + r.ID.String() + "}"} {
		w.heardOf(t, "foreign", ref)
		if err := w.Hear(t.Context(), onboarding.Notice{Profile: "gone", CustomerRef: ref}); err != nil {
			t.Fatal(err)
		}
	}
	if known := w.records.profiles[r.ID]; len(known) != 1 {
		t.Errorf("known %+v", known)
	}
}

func TestANoticeIsHeardAgainWhenTheProviderCannotBeRead(t *testing.T) {
	t.Parallel()
	w := newWorld()
	r := w.start(t, "individual")
	w.provider.finish(t, r)
	w.provider.trouble["latest request"] = []trouble{{err: &onboarding.Error{Kind: onboarding.Busy}}}
	n := onboarding.Notice{Profile: r.Profile, Words: []onboarding.Word{word(r.Request.ID, onboarding.Completed)}}
	if err := w.Hear(t.Context(), n); err == nil {
		t.Fatal("what was not understood counts as heard")
	}
	if err := w.Hear(t.Context(), n); err != nil {
		t.Fatal(err)
	}
	wantStatus(t, w.records.only(t), onboarding.Completed)
}

func TestTheEndOfARequestThatIsNotStoredYetIsHeardLater(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.provider.trouble["create request"] = []trouble{{effect: true, err: &onboarding.Error{Kind: onboarding.Unanswered}}}
	w.provider.trouble["latest request"] = []trouble{{err: &onboarding.Error{Kind: onboarding.Busy}}}
	r := w.start(t, "individual")
	wantStatus(t, r, onboarding.Unclear)
	id := w.provider.requests[string(r.Profile)][0].id
	n := onboarding.Notice{Profile: r.Profile, Words: []onboarding.Word{word(id, onboarding.Completed)}, Since: w.time()}
	if err := w.Hear(t.Context(), n); onboarding.KindOf(err) != onboarding.Busy {
		t.Fatalf("it counts as heard: %v", err)
	}
	wantStatus(t, w.until(t, r.ID), onboarding.Open)
	w.provider.finish(t, w.records.only(t))
	if err := w.Hear(t.Context(), n); err != nil {
		t.Fatal(err)
	}
	wantStatus(t, w.records.only(t), onboarding.Completed)
}

func TestWaitingForATurnIsShownAndEnds(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.turns.waits = []time.Duration{time.Minute, time.Minute}
	r := w.start(t, "individual")
	if !r.Waiting || r.Status != onboarding.Starting || r.DueAt != w.time().Add(time.Minute) || len(w.provider.calls) != 0 {
		t.Fatalf("waiting %v, %s, due %s, calls %v", r.Waiting, r.Status, r.DueAt, w.provider.calls)
	}
	w.wait(time.Minute)
	if r = w.advance(t, r.ID); !r.Waiting {
		t.Error("the second wait is not shown")
	}
	r = w.until(t, r.ID)
	wantStatus(t, r, onboarding.Open)
	if r.Waiting {
		t.Error("still waiting")
	}
}

func TestATurnWithWhichNothingWasAskedIsGivenBack(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.provider.trouble["create profile"] = []trouble{
		{err: &onboarding.Error{Kind: onboarding.Busy}}, {effect: true, err: &onboarding.Error{Kind: onboarding.Unanswered}},
	}
	wantStatus(t, w.until(t, w.start(t, "individual").ID), onboarding.Open)
	if w.turns.back != 1 {
		t.Errorf("%d turns were given back, want the one of the call that was not made", w.turns.back)
	}
}
