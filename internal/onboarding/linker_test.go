package onboarding_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portal/internal/onboarding"
)

func entered(n int, parent onboarding.AssociateID, d onboarding.Details) onboarding.NewAssociate {
	return onboarding.NewAssociate{ID: associateID(n), Parent: parent, Source: onboarding.SourceAPI, Details: d}
}

func atRoot(n int, d onboarding.Details) onboarding.NewAssociate {
	return entered(n, onboarding.AssociateID{}, d)
}

func TestAssociatesAreCreatedOnceAndLinkedInOneWriting(t *testing.T) {
	t.Parallel()
	l := newLinks(t, companyFlow, atRoot(1, human("Byron", onboarding.Director, onboarding.BeneficialOwner)), atRoot(2, firm("Holding", onboarding.Shareholder)))
	l.advance(t)
	want := []string{"Ada Byron DIRECTOR", "Ada Byron BENEFICIAL_OWNER", "Holding SHAREHOLDER"}
	if diff := cmp.Diff(want, l.entries("root")); diff != "" {
		t.Error(diff)
	}
	if len(l.provider.profiles) != 2 || l.provider.writes != 1 {
		t.Errorf("%d profiles, %d writings", len(l.provider.profiles), l.provider.writes)
	}
	a := l.associate(t, 1)
	if a.Status != onboarding.AssociateLinked || l.provider.profiles[a.Profile] != "p-"+a.ID.String() {
		t.Errorf("%s, %s", a.Status, a.Cause)
	}
}

func TestDraftsAreLeftAlone(t *testing.T) {
	t.Parallel()
	l := newLinks(t, companyFlow)
	l.drawer.st = with(t, l.drawer.st, 1, onboarding.AssociateID{}, human("Byron", onboarding.Director))
	l.advance(t)
	if len(l.provider.profiles) != 0 {
		t.Error("a draft was created")
	}
}

// Somebody else writes the file whenever it is about to be written, for a while.
func TestChangeIsMadeAgainOnWhatSomebodyElseWrote(t *testing.T) {
	t.Parallel()
	l := newLinks(t, companyFlow, atRoot(1, human("Byron", onboarding.Director)))
	rounds := 0
	l.provider.rival = func(company onboarding.ProfileID) {
		if rounds++; rounds <= 5 {
			f := l.provider.files[company]
			f.version++
			f.in = append(f.in, fmt.Sprintf("Rival %d-x as PARTNER", rounds))
		}
	}
	l.advance(t)
	want := []string{"Rival 1 PARTNER", "Rival 2 PARTNER", "Rival 3 PARTNER", "Rival 4 PARTNER", "Rival 5 PARTNER", "Ada Byron DIRECTOR"}
	if diff := cmp.Diff(want, l.entries("root")); diff != "" {
		t.Error(diff)
	}
}

func TestOneThatIsRefusedDoesNotKeepTheOthersBack(t *testing.T) {
	t.Parallel()
	l := newLinks(t, companyFlow, atRoot(1, human("Byron", onboarding.Director)), atRoot(2, human("Wrong", onboarding.Director)), atRoot(3, human("King", onboarding.Director)))
	l.provider.refuses = func(_ onboarding.ProfileID, in []string) bool {
		return slices.ContainsFunc(in, func(e string) bool { return strings.HasPrefix(e, "Ada Wrong") })
	}
	l.advance(t)
	if diff := cmp.Diff([]string{"Ada Byron DIRECTOR", "Ada King DIRECTOR"}, l.entries("root")); diff != "" {
		t.Error(diff)
	}
	a := l.associate(t, 2)
	if a.Status != onboarding.AssociateAttention || a.DueAt.Sub(today) != time.Hour || !strings.Contains(l.drawer.st.Attention, "refused") {
		t.Errorf("%s, due %v, told: %s", a.Status, a.DueAt, l.drawer.st.Attention)
	}
	l.provider.refuses, l.now = nil, l.now.Add(time.Hour)
	l.advance(t)
	if l.associate(t, 2).Status != onboarding.AssociateLinked || l.drawer.st.Attention != "" {
		t.Errorf("later: %s, told: %s", l.associate(t, 2).Status, l.drawer.st.Attention)
	}
}

func TestRefusedCreationIsToldInPlainWordsAndTriedAgain(t *testing.T) {
	t.Parallel()
	l := newLinks(t, companyFlow, atRoot(1, human("Byron", onboarding.Director)), atRoot(2, firm("Holding", onboarding.Shareholder)))
	l.provider.answer = func(d onboarding.Details) error {
		if d.EntityType == onboarding.Individual {
			return &onboarding.Error{Kind: onboarding.Invalid, Err: errors.New("HTTP 400, code 502")}
		}
		return nil
	}
	l.advance(t)
	a := l.associate(t, 1)
	if a.Status != onboarding.AssociateAttention || !strings.Contains(a.Cause, "no smart policy") || !strings.Contains(a.Cause, "code 502") {
		t.Errorf("%s: %s", a.Status, a.Cause)
	}
	if l.associate(t, 2).Status != onboarding.AssociateLinked {
		t.Error("the company was kept back")
	}
	l.provider.answer, l.now = nil, l.now.Add(time.Hour)
	l.advance(t)
	if l.associate(t, 1).Status != onboarding.AssociateLinked {
		t.Errorf("later: %s", l.associate(t, 1).Cause)
	}
}

func TestUnansweredCreationIsLookedForBeforeAnother(t *testing.T) {
	t.Parallel()
	l := newLinks(t, companyFlow, atRoot(1, human("Byron", onboarding.Director)))
	l.provider.answer = func(onboarding.Details) error {
		return &onboarding.Error{Kind: onboarding.Unanswered, Err: errors.New("timed out")} // and was created
	}
	l.advance(t)
	if a := l.associate(t, 1); a.Status != onboarding.AssociateLinked || a.StubMayExist || len(l.provider.profiles) != 1 {
		t.Errorf("%s, %d profiles: %s", a.Status, len(l.provider.profiles), a.Cause)
	}
}

func TestCreationThatLeftNothingIsAskedAgainOnceItHasSettled(t *testing.T) {
	t.Parallel()
	l := newLinks(t, companyFlow, atRoot(1, human("Byron", onboarding.Director)))
	l.drawer.st.Associates[0].Asked = true // by a process that died
	l.advance(t)
	if a := l.associate(t, 1); a.Status != onboarding.AssociateUnclear || len(l.provider.profiles) != 0 || a.DueAt.Sub(today) != time.Minute {
		t.Fatalf("%s, due %v", a.Status, a.DueAt)
	}
	l.now = l.now.Add(2 * time.Minute)
	l.advance(t)
	l.now = l.now.Add(2 * time.Minute)
	l.advance(t)
	if a := l.associate(t, 1); a.Status != onboarding.AssociateLinked || !a.StubMayExist || !strings.Contains(l.drawer.st.Attention, "second profile") {
		t.Errorf("%s, flagged %v, told %q", a.Status, a.StubMayExist, l.drawer.st.Attention)
	}
}

func TestFlowThatHoldsLeavesItToAPerson(t *testing.T) {
	t.Parallel()
	f := companyFlow
	f.HoldUnclear = true
	l := newLinks(t, f, atRoot(1, human("Byron", onboarding.Director)))
	l.drawer.st.Associates[0].Asked = true
	l.advance(t)
	l.now = l.now.Add(2 * time.Minute)
	l.advance(t)
	if a := l.associate(t, 1); a.Status != onboarding.AssociateAttention || len(l.provider.profiles) != 0 {
		t.Errorf("%s, %d profiles", a.Status, len(l.provider.profiles))
	}
}

func TestThoseBehindACompanyAreInItsOwnFile(t *testing.T) {
	t.Parallel()
	l := newLinks(t, companyFlow, atRoot(1, firm("Holding", onboarding.Shareholder)), entered(2, associateID(1), firm("Trust", onboarding.Shareholder)), entered(3, associateID(2), human("Byron", onboarding.Director)))
	l.advance(t)
	for company, want := range map[onboarding.ProfileID][]string{
		"root": {"Holding SHAREHOLDER"}, l.associate(t, 1).Profile: {"Trust SHAREHOLDER"}, l.associate(t, 2).Profile: {"Ada Byron DIRECTOR"},
	} {
		if diff := cmp.Diff(want, l.entries(company)); diff != "" {
			t.Errorf("%s: %s", company, diff)
		}
	}
}

// Those behind a company that is refused wait for it, and keep nobody busy meanwhile.
func TestThoseBehindARefusedCompanyWait(t *testing.T) {
	t.Parallel()
	l := newLinks(t, companyFlow, atRoot(1, firm("Holding", onboarding.Shareholder)), entered(2, associateID(1), human("Byron", onboarding.Director)))
	l.provider.answer = func(d onboarding.Details) error {
		if d.EntityType == onboarding.Company {
			return &onboarding.Error{Kind: onboarding.Invalid, Err: errors.New("refused")}
		}
		return nil
	}
	l.advance(t)
	if a := l.associate(t, 2); a.Status != onboarding.AssociateCreated || l.drawer.due.Sub(today) != time.Hour {
		t.Errorf("%s, due %v", a.Status, l.drawer.due)
	}
	l.provider.answer, l.now = nil, l.now.Add(time.Hour)
	l.advance(t)
	if l.associate(t, 2).Status != onboarding.AssociateLinked {
		t.Error("never linked")
	}
}

func TestManyWaitForTurnsAndAreWrittenTogether(t *testing.T) {
	t.Parallel()
	var many []onboarding.NewAssociate
	for n := range 120 {
		many = append(many, atRoot(n+1, human(fmt.Sprintf("No%d", n), onboarding.Director)))
	}
	l := newLinks(t, companyFlow, many...)
	for l.provider.turns = 2; ; l.provider.turns = 2 {
		l.advance(t)
		if l.drawer.due.Sub(l.now) > time.Minute {
			break
		}
		l.now = l.drawer.due
	}
	if got := len(l.provider.files["root"].in); got != 120 || l.provider.writes > 3 || l.provider.noTurns > 70 {
		t.Errorf("%d entries by %d writings, asked %d times in vain", got, l.provider.writes, l.provider.noTurns)
	}
}

func explicitFlow() onboarding.Flow {
	f := companyFlow
	f.ExplicitLists, f.Product = true, "account"
	return f
}

func TestExplicitListsAreThoseOfTheProductsTasks(t *testing.T) {
	t.Parallel()
	l := newLinks(t, explicitFlow(), atRoot(1, human("Byron", onboarding.Director)), atRoot(2, human("King", onboarding.AuthorizedPerson)), atRoot(3, human("Noel", onboarding.BeneficialOwner)))
	l.provider.view.Applications = []onboarding.Application{
		{ProductAlias: "other", Status: "APPLIED", RequiredTasks: []onboarding.RequiredTask{{ID: "x", Type: "COMPANY_IDENTIFY_OFFICERS"}}},
		{ProductAlias: "account", Status: "APPLIED", RequiredTasks: []onboarding.RequiredTask{
			{ID: "officers", Type: "COMPANY_IDENTIFY_OFFICERS"},
			{ID: "authorised", Type: "COMPANY_IDENTIFY_AUTHORISED_PERSONS"},
			{ID: "authorized", Type: "COMPANY_IDENTIFY_AUTHORIZED_PERSONS"},
			{ID: "owners", Type: "COMPANY_IDENTIFY_BENEFICIAL_OWNERS"},
			{ID: "ownership", Type: "COMPANY_ASSESS_OWNERSHIP"},
			{ID: "company", Type: "COMPANY_VERIFY_IDENTITY"},
		}},
	}
	l.advance(t)
	for n, want := range map[int]string{1: "officers", 2: "authorised,authorized", 3: "owners,ownership"} {
		if got := l.provider.lists[l.associate(t, n).Profile]; got != want || !l.associate(t, n).Listed {
			t.Errorf("associate %d is on %q", n, got)
		}
	}
}

func TestListsThatAreNotThereYetAreWaitedFor(t *testing.T) {
	t.Parallel()
	l := newLinks(t, explicitFlow(), atRoot(1, human("Byron", onboarding.Director)))
	l.advance(t)
	if a := l.associate(t, 1); a.Status != onboarding.AssociateLinked || a.Listed || len(l.entries("root")) != 1 {
		t.Fatalf("%s, listed %v", a.Status, a.Listed)
	}
	l.provider.view.Applications = []onboarding.Application{{ProductAlias: "account", Status: "APPLIED", RequiredTasks: []onboarding.RequiredTask{{ID: "officers", Type: "COMPANY_IDENTIFY_OFFICERS"}}}}
	if err := l.Hear(t.Context(), onboarding.Notice{Profile: "root", Since: l.now}); err != nil { // sooner than it would be tried
		t.Fatal(err)
	}
	l.now = l.drawer.due
	l.advance(t)
	if a := l.associate(t, 1); !a.Listed || l.provider.lists[a.Profile] != "officers" || a.Cause != "" {
		t.Errorf("listed %v on %q: %s", a.Listed, l.provider.lists[a.Profile], a.Cause)
	}
}

func TestNobodyIsCreatedBehindARejectedCompany(t *testing.T) {
	t.Parallel()
	l := newLinks(t, companyFlow, atRoot(1, human("Byron", onboarding.Director)))
	l.provider.view.Applications = []onboarding.Application{{ProductAlias: "account", Status: "REJECTED"}}
	l.advance(t)
	if len(l.provider.profiles) != 0 || l.drawer.st.Ending != onboarding.EndedRejected || !strings.Contains(l.drawer.st.Attention, "rejected") {
		t.Errorf("%d profiles, ending %q, told %q", len(l.provider.profiles), l.drawer.st.Ending, l.drawer.st.Attention)
	}
	l.provider.view.Applications[0].Status = "APPLIED" // the decision is reverted
	l.now = l.now.Add(24 * time.Hour)
	l.advance(t)
	if l.associate(t, 1).Status != onboarding.AssociateLinked || l.drawer.st.Attention != "" {
		t.Errorf("later: %s, told %q", l.associate(t, 1).Status, l.drawer.st.Attention)
	}
}

func TestEndedCompanyTellsWhoseApplicationsGoOn(t *testing.T) {
	t.Parallel()
	l := newLinks(t, companyFlow, atRoot(1, human("Byron", onboarding.Director)))
	l.advance(t)
	l.provider.view.Applications, l.provider.running = []onboarding.Application{{Status: "CANCELLED"}}, true
	l.now = l.now.Add(24 * time.Hour)
	l.advance(t)
	if a := l.associate(t, 1); !a.Running || !strings.Contains(l.drawer.st.Attention, "cancelled") || !strings.Contains(l.drawer.st.Attention, "(1)") {
		t.Errorf("running %v, told %q", a.Running, l.drawer.st.Attention)
	}
	l.provider.running = false // they were ended, too
	l.now = l.now.Add(24 * time.Hour)
	l.advance(t)
	if l.drawer.st.Attention != "" {
		t.Errorf("still told: %q", l.drawer.st.Attention)
	}
}

func TestWhoIsTakenOutAtTheProviderStaysOut(t *testing.T) {
	t.Parallel()
	l := newLinks(t, companyFlow, atRoot(1, human("Byron", onboarding.Director)))
	l.advance(t)
	l.provider.files["root"].in = nil
	l.now = l.now.Add(24 * time.Hour)
	l.advance(t)
	if a := l.associate(t, 1); a.Status != onboarding.AssociateRemoved || len(l.entries("root")) != 0 || l.drawer.st.Attention == "" {
		t.Errorf("%s, %d entries, told %q", a.Status, len(l.entries("root")), l.drawer.st.Attention)
	}
}

// A role is added while the file is being written.
func TestRoleThatIsAddedMeanwhileIsLinkedToo(t *testing.T) {
	t.Parallel()
	l := newLinks(t, companyFlow, atRoot(1, human("Byron", onboarding.Director)))
	added := false
	l.provider.rival = func(onboarding.ProfileID) {
		if added {
			return
		}
		added = true
		l.drawer.mu.Lock()
		defer l.drawer.mu.Unlock()
		n := atRoot(2, human("Byron", onboarding.Partner))
		n.SameAs = associateID(1)
		e, _, err := l.drawer.st.Add(n, companyFlow, today)
		if err != nil {
			t.Error(err)
		}
		l.drawer.st = applied(l.drawer.st, e)
	}
	l.advance(t)
	if diff := cmp.Diff([]string{"Ada Byron DIRECTOR", "Ada Byron PARTNER"}, l.entries("root")); diff != "" {
		t.Error(diff)
	}
	if a := l.associate(t, 1); a.Status != onboarding.AssociateLinked {
		t.Errorf("%s", a.Status)
	}
}
