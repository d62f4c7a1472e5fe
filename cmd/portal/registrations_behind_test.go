package main

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"portal/internal/onboarding"
)

// nobodysBusiness is what was entered of an associate.
const nobodysBusiness = "Lovelace"

// associate is one that was submitted, as it became by the given changes.
func associate(change func(*onboarding.Associate)) onboarding.Associate {
	at := time.Now().Truncate(time.Microsecond)
	a := onboarding.Associate{
		ID: onboarding.AssociateID(uuid.Must(uuid.NewV7())), Status: onboarding.AssociateLinked, Source: onboarding.SourceApplicant,
		Details: onboarding.Details{
			EntityType: onboarding.Individual, FamilyName: nobodysBusiness,
			Roles: []onboarding.AssociatedRole{onboarding.Director, onboarding.Shareholder},
		},
		CreatedAt: at, SubmittedAt: at,
	}
	a.Profile = onboarding.ProfileID("profile-of-" + a.ID.String())
	change(&a)
	return a
}

// goingOn is an associate whose application goes on.
func goingOn(a *onboarding.Associate) { a.Running = true }

// takenOut is an associate who was taken out at the provider.
func takenOut(a *onboarding.Associate) {
	a.Status, a.Cause = onboarding.AssociateRemoved, "somebody has\ntaken it out"
}

// undecided is an associate of whom nobody knows whether there is a profile.
func undecided(a *onboarding.Associate) {
	a.Status, a.Profile, a.UnclearSince, a.Tries, a.Cause = onboarding.AssociateAttention, "", a.CreatedAt, 3, "a profile may have been created"
}

// company is a completed registration with associates, of whom something is told.
func (o *office) company(t *testing.T, ending onboarding.Ending, attention string, all ...onboarding.Associate) onboarding.Registration {
	t.Helper()
	r := o.registration(t, func(r onboarding.Registration) onboarding.Registration {
		r = withStub(r)
		r.Status, r.StubMayExist = onboarding.Completed, false
		return r
	})
	err := o.store.Edit(t.Context(), r.ID, func(onboarding.Structure) (onboarding.Edit, error) {
		return onboarding.Edit{Put: all}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	const tell = "update structures set ending = $2, attention = $3 where registration_id = $1"
	if _, err := o.pool.Exec(t.Context(), tell, uuid.UUID(r.ID), string(ending), attention); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestCompaniesOfWhoseAssociatesSomethingIsToldAreListedUntilAcknowledged(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	r := o.company(t, "", "associates were taken out (1)", associate(takenOut))
	if out := o.portal(t, exitOK, "registrations", "list"); !strings.Contains(out, r.ID.String()) || !strings.HasSuffix(out, "  associates were taken out (1)\n") {
		t.Errorf("listed:\n%s", out)
	}
	var rows []map[string]any
	if err := json.Unmarshal([]byte(o.portal(t, exitOK, "registrations", "list", "--json")), &rows); err != nil {
		t.Fatal(err)
	}
	if len(rows) != 1 || rows[0]["associates_attention"] != "associates were taken out (1)" {
		t.Errorf("as JSON: %v", rows)
	}
	acknowledge := []string{"registrations", "resolve", r.ID.String(), "--acknowledge", "--why", "staff did it on purpose"}
	if out := o.portal(t, exitOK, acknowledge...); !strings.Contains(out, "is acknowledged; it is completed. Nothing else happens.") {
		t.Errorf("said %q", out)
	}
	if out := o.portal(t, exitOK, "registrations", "list"); out != "No registration waits for a person.\n" {
		t.Errorf("afterwards: %q", out)
	}
	shown := o.portal(t, exitOK, "registrations", "show", r.ID.String())
	if !strings.Contains(shown, "staff did it on purpose") || strings.Contains(shown, "--acknowledge") || !strings.Contains(shown, "associates were taken out (1)") {
		t.Errorf("shown:\n%s", shown)
	}
	if out := o.portal(t, exitFailure, acknowledge...); !strings.Contains(out, "no flag") {
		t.Errorf("a second time: %q", out)
	}
}

func TestRegistrationsShowAssociatesWithoutWhoTheyAre(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	holding, below := associate(goingOn), associate(undecided)
	holding.Details = onboarding.Details{EntityType: onboarding.Company, Name: nobodysBusiness, Roles: holding.Details.Roles}
	below.Parent = holding.ID
	r := o.company(t, onboarding.EndedRejected, "end them", holding, below, associate(takenOut))
	if _, err := o.store.NoteAssociateProfile(t.Context(), holding.ID, "a-second-one", time.Now()); err != nil {
		t.Fatal(err)
	}
	delete(o.environ, "PORTAL_SEAL_KEYSET_FILE")
	show := []string{"registrations", "show", r.ID.String()}
	shown := o.portal(t, exitOK, show...)
	asJSON := o.portal(t, exitOK, append(show, "--json", "--identity")...)
	for _, out := range []string{shown, asJSON} {
		for _, want := range []string{
			holding.ID.String(), string(holding.Profile), below.ID.String(), "COMPANY", "DIRECTOR", "needs_attention", "linked", "removed",
			"a profile may have been created", "a-second-one", "end them", "rejected", r.ID.String() + " --retry-associates", r.ID.String() + " --acknowledge",
		} {
			if !strings.Contains(out, want) {
				t.Errorf("nothing of %q in:\n%s", want, out)
			}
		}
		if strings.Contains(out, nobodysBusiness) {
			t.Errorf("who they are is shown:\n%s", out)
		}
	}
	_, toEnd, _ := strings.Cut(shown, "APPLICATIONS TO END AT THE PROVIDER")
	toEnd, _, _ = strings.Cut(toEnd, "\n\n")
	if !strings.Contains(toEnd, string(holding.Profile)) || strings.Contains(toEnd, below.ID.String()) {
		t.Errorf("to be ended:\n%s", toEnd)
	}
	wantAssociateRows(t, asJSON, holding.ID.String())
}

// wantAssociateRows checks the associates as scripts read them: three, of whom the second is behind the first.
func wantAssociateRows(t *testing.T, text, first string) {
	t.Helper()
	var d struct {
		Structure  struct{ Ending, Attention string }
		Associates []struct {
			ID, Parent string
			ToEnd      bool `json:"to_end"`
			Orphans    []string
			Tries      int
		}
	}
	if err := json.Unmarshal([]byte(text), &d); err != nil {
		t.Fatal(err)
	}
	if d.Structure.Ending != "rejected" || len(d.Associates) != 3 {
		t.Fatalf("%+v", d)
	}
	top, below := d.Associates[0], d.Associates[1]
	if top.ID != first || top.Parent != "" || !top.ToEnd || len(top.Orphans) != 1 || below.Parent != first || below.ToEnd || below.Tries != 3 || below.Orphans == nil {
		t.Errorf("%+v", d.Associates)
	}
}

func TestRegistrationsWithoutAssociatesOfferNothingAboutThem(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for name, r := range map[string]onboarding.Registration{
		"a person": o.registration(t, withStub), "all linked": o.company(t, "", "", associate(goingOn)),
	} {
		out := o.portal(t, exitOK, "registrations", "show", r.ID.String())
		if strings.Contains(out, "--retry-associates") || strings.Contains(out, "APPLICATIONS TO END") {
			t.Errorf("%s:\n%s", name, out)
		}
		retry := []string{"registrations", "resolve", r.ID.String(), "--retry-associates", "--why", "x"}
		if out := o.portal(t, exitFailure, retry...); !strings.Contains(out, "none of its associates") {
			t.Errorf("%s: tried again: %q", name, out)
		}
	}
}

func TestAssociatesAreTriedAgainOnRecord(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	r := o.company(t, "", "look", associate(takenOut), associate(undecided), associate(goingOn))
	retry := []string{"registrations", "resolve", r.ID.String(), "--retry-associates", "--why", "the product is mended"}
	if out := o.portal(t, exitOK, retry...); !strings.Contains(out, "associates tried again: 2. A running portal") {
		t.Errorf("said %q", out)
	}
	st, err := o.store.Structure(t.Context(), r.ID)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []onboarding.AssociateStatus{onboarding.AssociateCreated, onboarding.AssociateStarting, onboarding.AssociateLinked} {
		if a := st.Associates[i]; a.Status != want || a.Details.FamilyName != nobodysBusiness {
			t.Errorf("associate %d is %s, want %s, with everything entered", i, a.Status, want)
		}
	}
	if due, err := o.store.DueStructures(t.Context(), time.Now(), 10); err != nil || len(due) != 1 {
		t.Errorf("due: %v, %v", due, err)
	}
	shown := o.portal(t, exitOK, "registrations", "show", r.ID.String())
	if !strings.Contains(shown, "operator olga") || !strings.Contains(shown, "associates tried again") || !strings.Contains(shown, "the product is mended") {
		t.Errorf("the trail does not say who and why:\n%s", shown)
	}
	if out := o.portal(t, exitOK, "audit", "verify"); !strings.Contains(out, "faults: 0\n") {
		t.Errorf("afterwards the audit says %q", out)
	}
}

func TestAssociatesUnderWayAreLeftAlone(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	r := o.company(t, "", "look", associate(takenOut))
	if _, err := o.pool.Exec(t.Context(), "update structures set due_at = now()"); err != nil {
		t.Fatal(err)
	}
	st, _, err := o.store.ClaimStructure(t.Context(), r.ID, time.Now().Add(time.Second), time.Now().Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	for _, deed := range []string{"--retry-associates", "--acknowledge"} {
		out := o.portal(t, exitFailure, "registrations", "resolve", r.ID.String(), deed, "--why", "not on record")
		if !strings.Contains(out, "working on its associates") {
			t.Errorf("%s: %q", deed, out)
		}
	}
	if out := o.portal(t, exitOK, "registrations", "show", r.ID.String()); strings.Contains(out, "not on record") {
		t.Errorf("the trail tells of what was not done:\n%s", out)
	}
	if err := o.store.ExtendStructure(t.Context(), st, time.Now().Add(time.Hour)); err != nil {
		t.Errorf("who was working on it has lost it: %v", err)
	}
}
