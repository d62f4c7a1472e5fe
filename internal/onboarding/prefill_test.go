package onboarding_test

import (
	"bytes"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portal/internal/onboarding"
)

// person is what is known of somebody who registers as an individual.
var person = onboarding.Facts{GivenNames: []string{"Zoë"}, FamilyName: "Zimmer", Email: "zoe@zimmer.example"}

// startKnown starts a registration with facts and takes it as far as it goes at once.
func (w *world) startKnown(t *testing.T, flow string, facts onboarding.Facts) onboarding.Registration {
	t.Helper()
	r, err := w.Start(t.Context(), someone, flow, "", facts)
	if err != nil {
		t.Fatal(err)
	}
	return w.advance(t, r.ID)
}

// wantStubs makes sure of the facts in the stubs that were asked for, and of what is kept.
func (w *world) wantStubs(t *testing.T, kept bool, facts ...onboarding.Facts) {
	t.Helper()
	var got []onboarding.Facts
	for _, stub := range w.provider.stubs {
		got = append(got, stub.Facts)
	}
	if diff := cmp.Diff(facts, got); diff != "" {
		t.Errorf("the facts of the stubs (-want +got):\n%s", diff)
	}
	if stored := len(w.records.facts) > 0; stored != kept {
		t.Errorf("facts are kept: %t, want %t", stored, kept)
	}
}

func TestTheStubCarriesTheFactsOfItsRole(t *testing.T) {
	t.Parallel()
	w := newWorld()
	wantStatus(t, w.startKnown(t, "individual", known), onboarding.Open)
	w.wantStubs(t, false, known.For(onboarding.IndividualCustomer))
	w = newWorld()
	wantStatus(t, w.startKnown(t, "many", known), onboarding.Open)
	w.wantStubs(t, false, known.For(onboarding.CompanyCustomer))
}

func TestEveryAttemptCarriesTheFacts(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.provider.trouble["create profile"] = []trouble{
		{err: &onboarding.Error{Kind: onboarding.Busy}}, {err: &onboarding.Error{Kind: onboarding.Unanswered}},
	}
	r := w.startKnown(t, "individual", person)
	if w.wantStubs(t, true, person); r.Profile != "" {
		t.Fatal("it has a profile already")
	}
	wantStatus(t, w.until(t, r.ID), onboarding.Open)
	w.wantStubs(t, false, person, person, person)
}

func TestAnAdoptedProfileEndsTheFacts(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.provider.trouble["create profile"] = []trouble{{effect: true, err: &onboarding.Error{Kind: onboarding.Unanswered}}}
	r := w.startKnown(t, "individual", person)
	wantStatus(t, w.until(t, r.ID), onboarding.Open)
	w.wantStubs(t, false, person)
}

func TestFactsWaitForAPersonsDecision(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.provider.trouble["create profile"] = []trouble{{err: &onboarding.Error{Kind: onboarding.Unanswered}}}
	r := w.startKnown(t, "careful", person)
	r = w.until(t, r.ID)
	wantStatus(t, r, onboarding.NeedsAttention)
	w.wantStubs(t, true, person)
	if _, err := w.Resolve(t.Context(), r.ID, onboarding.Decision{Operator: "ann", Deed: onboarding.AskAgain}); err != nil {
		t.Fatal(err)
	}
	wantStatus(t, w.until(t, r.ID), onboarding.Open)
	w.wantStubs(t, false, person, person)
}

func TestAStartedRegistrationKeepsItsOwnFacts(t *testing.T) {
	t.Parallel()
	w := newWorld()
	if _, err := w.Start(t.Context(), someone, "individual", "", person); err != nil {
		t.Fatal(err)
	}
	wantStatus(t, w.startKnown(t, "individual", known), onboarding.Open)
	w.startKnown(t, "individual", known) // which is open already
	w.wantStubs(t, false, person)
}

func TestWrongFactsStartNothing(t *testing.T) {
	t.Parallel()
	w := newWorld()
	_, err := w.Start(t.Context(), someone, "individual", "", onboarding.Facts{Email: "zoe"})
	if wrong, ok := errors.AsType[*onboarding.Error](err); !ok || wrong.Kind != onboarding.Invalid || wrong.Field != "email" {
		t.Errorf("%v, want the e-mail address to be wrong", err)
	}
	if len(w.records.rows) > 0 {
		t.Error("it is begun all the same")
	}
	if _, err := w.Start(t.Context(), someone, "individual", "", onboarding.Facts{Country: "nowhere"}); err != nil {
		t.Errorf("a fact that is not used counts: %v", err)
	}
}

func TestFactsThatTheProviderRefusesKeepNobodyFromTheForms(t *testing.T) {
	t.Parallel()
	w, log := logging()
	w.provider.trouble["create profile"] = []trouble{{err: &onboarding.Error{Kind: onboarding.Invalid, Err: errors.New("refused")}}}
	wantStatus(t, w.startKnown(t, "individual", person), onboarding.Open)
	w.wantStubs(t, false, person, onboarding.Facts{})
	wantOneError(t, log)
}

func TestFactsOutliveARefusalThatTheyAreNotToBlameFor(t *testing.T) {
	t.Parallel()
	for name, then := range map[string]error{
		"refused without them too": &onboarding.Error{Kind: onboarding.Invalid, Err: errors.New("no such product")},
		"busy":                     &onboarding.Error{Kind: onboarding.Busy},
		"denied":                   &onboarding.Error{Kind: onboarding.Denied},
		"unanswered":               &onboarding.Error{Kind: onboarding.Unanswered},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, log := logging()
			w.provider.trouble["create profile"] = []trouble{
				{err: &onboarding.Error{Kind: onboarding.Invalid, Err: errors.New("no such product")}}, {err: then},
			}
			r := w.startKnown(t, "individual", person)
			if w.wantStubs(t, true, person, onboarding.Facts{}); r.Profile != "" {
				t.Fatal("it has a profile already")
			}
			wantStatus(t, w.until(t, r.ID), onboarding.Open)
			w.wantStubs(t, false, person, onboarding.Facts{}, person)
			if strings.Contains(log.String(), "level=ERROR") {
				t.Errorf("operators are told of facts given up:\n%s", log)
			}
		})
	}
}

func TestTheTrailTellsOfAProfileThatMayLackItsFacts(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.provider.trouble["create profile"] = []trouble{
		{err: &onboarding.Error{Kind: onboarding.Invalid, Err: errors.New("refused")}},
		{effect: true, err: &onboarding.Error{Kind: onboarding.Unanswered}},
	}
	r := w.startKnown(t, "individual", person)
	wantStatus(t, w.until(t, r.ID), onboarding.Open)
	w.wantStubs(t, false, person, onboarding.Facts{})
	told := slices.ContainsFunc(w.records.trail[r.ID], func(e onboarding.Entry) bool { return e.What == "asked without the prefilled facts" })
	if !told {
		t.Errorf("the trail: %+v", w.records.trail[r.ID])
	}
}

func TestFactsWhoseSealDoesNotOpenAreReportedOnce(t *testing.T) {
	t.Parallel()
	w, log := logging()
	w.records.unsealed = true
	w.provider.trouble["create profile"] = []trouble{{err: &onboarding.Error{Kind: onboarding.Busy}}, {err: &onboarding.Error{Kind: onboarding.Busy}}}
	r := w.startKnown(t, "individual", person)
	wantStatus(t, w.until(t, r.ID), onboarding.Open)
	w.wantStubs(t, false, onboarding.Facts{}, onboarding.Facts{}, onboarding.Facts{})
	wantOneError(t, log)
}

func TestARenewedRegistrationHasNoFactsLeft(t *testing.T) {
	t.Parallel()
	w := newWorld()
	r := w.startKnown(t, "individual", person)
	w.provider.finish(t, r)
	w.wait(onboarding.RequestValidity + time.Hour)
	if _, err := w.Confirm(t.Context(), r, false); err != nil {
		t.Fatal(err)
	}
	wantStatus(t, w.startKnown(t, "individual", known), onboarding.Open)
	w.wantStubs(t, false, person)
}

// logging returns a world and what it logs.
func logging() (*world, *bytes.Buffer) {
	w, log := newWorld(), &bytes.Buffer{}
	w.Log = slog.New(slog.NewTextHandler(log, nil))
	return w, log
}

// wantOneError makes sure that operators are told once, and nobody of the facts.
func wantOneError(t *testing.T, log *bytes.Buffer) {
	t.Helper()
	if n := strings.Count(log.String(), "level=ERROR"); n != 1 {
		t.Errorf("%d errors, want one:\n%s", n, log)
	}
	if strings.Contains(log.String(), "Zimmer") || strings.Contains(log.String(), "zoe") {
		t.Errorf("a fact is logged:\n%s", log)
	}
}
