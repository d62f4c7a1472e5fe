package onboarding_test

import (
	"strings"
	"testing"

	"portal/internal/onboarding"
)

func resolve(t *testing.T, w *world, d onboarding.Decision) (onboarding.Registration, error) {
	t.Helper()
	d.Operator, d.Why = "ann", "looked it up"
	r, err := w.Resolve(t.Context(), w.records.only(t).ID, d)
	if err != nil {
		return r, err
	}
	entries := w.records.trail[r.ID]
	if last := entries[len(entries)-1]; last.Actor != "operator ann" || last.Evidence != "looked it up" {
		t.Errorf("the trail says %+v", last)
	}
	return w.until(t, r.ID), nil
}

// held is a registration that waits for a person to say whether its profile was created.
func held(t *testing.T) *world {
	t.Helper()
	w := newWorld()
	w.provider.trouble["create profile"] = []trouble{{err: &onboarding.Error{Kind: onboarding.Unanswered}}}
	wantStatus(t, w.until(t, w.start(t, "careful").ID), onboarding.NeedsAttention)
	return w
}

func TestAPersonCanAdoptTheRightProfileOnly(t *testing.T) {
	t.Parallel()
	w := held(t)
	w.provider.profiles = append(w.provider.profiles, "foreign")
	if _, err := resolve(t, w, onboarding.Decision{Deed: onboarding.Adopt, Profile: "foreign"}); onboarding.KindOf(err) != onboarding.Invalid {
		t.Errorf("a stranger's profile: %v", err)
	}
	if _, err := resolve(t, w, onboarding.Decision{Deed: onboarding.Adopt, Profile: "none"}); onboarding.KindOf(err) != onboarding.NotFound {
		t.Errorf("no profile: %v", err)
	}
	id := w.stray(w.records.only(t))
	r, err := resolve(t, w, onboarding.Decision{Deed: onboarding.Adopt, Profile: id})
	if err != nil || r.Profile != id {
		t.Fatalf("%s, %v", r.Profile, err)
	}
	wantStatus(t, r, onboarding.Open)
}

func TestAPersonCanHaveItAskedAgain(t *testing.T) {
	t.Parallel()
	w := held(t)
	r, err := resolve(t, w, onboarding.Decision{Deed: onboarding.AskAgain})
	if err != nil {
		t.Fatal(err)
	}
	wantStatus(t, r, onboarding.Open)
	if !r.StubMayExist {
		t.Error("the stub that may exist is forgotten")
	}
}

func TestALostProfileWaitsForAPersonWhoCanHaveAnotherMade(t *testing.T) {
	t.Parallel()
	w := newWorld()
	gone := trouble{err: &onboarding.Error{Kind: onboarding.NotFound}}
	w.provider.trouble["create request"] = []trouble{gone, gone}
	r := w.start(t, "individual")
	if !r.Moving() {
		t.Fatalf("%s (%s), although the provider still knows the profile", r.Status, r.Cause)
	}
	w.provider.profiles = nil
	lost := w.until(t, r.ID)
	wantStatus(t, lost, onboarding.NeedsAttention)
	if !strings.Contains(lost.Cause, "does not know the profile") {
		t.Errorf("cause %q", lost.Cause)
	}
	r, err := resolve(t, w, onboarding.Decision{Deed: onboarding.NewProfile})
	if err != nil {
		t.Fatal(err)
	}
	wantStatus(t, r, onboarding.Open)
}

func TestAProfileThatWasGivenUpIsNotAdoptedAgain(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.provider.hideKey = true
	w.provider.trouble["create request"] = []trouble{{effect: true, err: &onboarding.Error{Kind: onboarding.Unanswered}}}
	old := w.until(t, w.start(t, "individual").ID)
	wantStatus(t, old, onboarding.NeedsAttention)
	w.provider.trouble["create profile"] = []trouble{{err: &onboarding.Error{Kind: onboarding.Unanswered}}}
	w.provider.trouble["find profile"] = []trouble{{err: &onboarding.Error{Kind: onboarding.NotFound}}}
	if _, err := w.Resolve(t.Context(), old.ID, onboarding.Decision{Operator: "ann", Deed: onboarding.NewProfile}); err != nil {
		t.Fatal(err)
	}
	r := w.advance(t, old.ID)
	wantStatus(t, r, onboarding.Unclear)
	w.heardOf(t, old.Profile, r.CustomerRef("test-")) // a late webhook of the old one
	if r = w.advance(t, old.ID); r.Profile == old.Profile {
		t.Error("the profile that was given up is back")
	}
}

func TestALookUpThatCannotBeCompleteWaitsForAPerson(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.provider.trouble["create profile"] = []trouble{{err: &onboarding.Error{Kind: onboarding.Unanswered}}}
	for range 100 {
		w.provider.trouble["find profile"] = append(w.provider.trouble["find profile"], trouble{err: &onboarding.Error{
			Kind: onboarding.Busy, Err: onboarding.ErrIncomplete,
		}})
	}
	wantStatus(t, w.until(t, w.start(t, "individual").ID), onboarding.NeedsAttention)
}

func TestDeedsMustFit(t *testing.T) {
	t.Parallel()
	w := newWorld()
	r := w.start(t, "individual")
	for _, d := range []onboarding.Deed{onboarding.Adopt, onboarding.AskAgain, onboarding.NewProfile, "dance"} {
		if _, err := w.Resolve(t.Context(), r.ID, onboarding.Decision{Deed: d}); onboarding.KindOf(err) != onboarding.Invalid {
			t.Errorf("%s on an open registration: %v", d, err)
		}
	}
	if _, err := held(t).Resolve(t.Context(), onboarding.RegistrationID{}, onboarding.Decision{}); onboarding.KindOf(err) != onboarding.NotFound {
		t.Errorf("none: %v", err)
	}
}
