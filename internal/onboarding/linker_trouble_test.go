package onboarding_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portal/internal/onboarding"
)

// heard says that a late call has created a profile and that a webhook tells of it.
func (l *links) heard(t *testing.T, id onboarding.ProfileID, n int) {
	t.Helper()
	ref := "p-" + associateID(n).String()
	l.provider.profiles[id], l.provider.files[id] = ref, &filed{}
	if err := l.Hear(t.Context(), onboarding.Notice{Profile: id, CustomerRef: ref, Since: l.now}); err != nil {
		t.Fatal(err)
	}
}

func TestProfileThatIsHeardOfBeforeAnotherIsAskedForIsTaken(t *testing.T) {
	t.Parallel()
	l := newLinks(t, companyFlow, atRoot(1, human("Byron", onboarding.Director)))
	l.drawer.st.Associates[0].Asked = true // by a process that died
	l.advance(t)
	l.now = l.now.Add(2 * time.Minute)
	l.advance(t) // nothing was found: another is about to be asked for
	l.heard(t, "late-0", 1)
	l.now = l.now.Add(2 * time.Minute)
	l.advance(t)
	if a := l.associate(t, 1); len(l.provider.profiles) != 1 || a.Profile != "late-0" || a.Status != onboarding.AssociateLinked {
		t.Errorf("%d profiles, %s with %s", len(l.provider.profiles), a.Status, a.Profile)
	}
}

// noting tells of a profile while it is looked for, as the store does: the associate is unclear and a version further.
type noting struct {
	*registry
	tell func()
}

func (n noting) FindProfile(ctx context.Context, p onboarding.StubProfile, since time.Time, taken onboarding.Taken) (onboarding.ProfileID, error) {
	id, err := n.registry.FindProfile(ctx, p, since, taken)
	n.tell()
	return id, err
}

func TestNoticeDuringALookUpIsNotLost(t *testing.T) {
	t.Parallel()
	f := companyFlow
	f.HoldUnclear = true
	l := newLinks(t, f, atRoot(1, human("Byron", onboarding.Director)))
	l.drawer.st.Associates[0].Asked = true
	l.advance(t)
	l.now = l.now.Add(2 * time.Minute)
	told := false
	l.Linker.Profiles = noting{l.provider, func() {
		if told {
			return
		}
		told = true
		l.heard(t, "late-0", 1)
		l.drawer.mu.Lock()
		defer l.drawer.mu.Unlock()
		l.drawer.st.Associates[0].DueAt = time.Time{}
		l.drawer.st.Associates[0].Version++
	}}
	l.advance(t)
	if a := l.associate(t, 1); a.Status != onboarding.AssociateLinked {
		t.Errorf("%s: %s", a.Status, a.Cause)
	}
}

func TestDetailsThatCannotBeReadAreNotLinkedWithoutThem(t *testing.T) {
	t.Parallel()
	l := newLinks(t, companyFlow, atRoot(1, holding(human("Byron", onboarding.Shareholder), "60")))
	a := &l.drawer.st.Associates[0]
	a.Status, a.Profile, a.Void = onboarding.AssociateCreated, "byron", true
	l.advance(t)
	if a := l.associate(t, 1); a.Status != onboarding.AssociateAttention || len(l.entries("root")) != 0 {
		t.Errorf("%s, in the file %v", a.Status, l.entries("root"))
	}
}

func TestListsThatAppearLaterAreAddedToo(t *testing.T) {
	t.Parallel()
	l := newLinks(t, explicitFlow(), atRoot(1, human("Byron", onboarding.BeneficialOwner)))
	required := []onboarding.RequiredTask{{ID: "officers", Type: "COMPANY_IDENTIFY_OFFICERS"}}
	l.provider.view.Applications = []onboarding.Application{{ProductAlias: "account", Status: "APPLIED", RequiredTasks: required}}
	l.advance(t)
	l.provider.view.Applications[0].RequiredTasks = append(required, onboarding.RequiredTask{ID: "owners", Type: "COMPANY_IDENTIFY_BENEFICIAL_OWNERS"}, onboarding.RequiredTask{Type: "COMPANY_ASSESS_OWNERSHIP"})
	l.now = l.now.Add(25 * time.Hour)
	l.advance(t)
	if got := l.provider.lists[l.associate(t, 1).Profile]; got != "owners" {
		t.Errorf("it is on %q", got)
	}
}

func TestFlowThatTurnsExplicitListsThoseWhoAreLinked(t *testing.T) {
	t.Parallel()
	l := newLinks(t, companyFlow, atRoot(1, human("Byron", onboarding.Director)))
	l.advance(t)
	l.Flows[companyFlow.Name] = explicitFlow()
	l.provider.view.Applications = []onboarding.Application{{ProductAlias: "account", Status: "APPLIED", RequiredTasks: []onboarding.RequiredTask{{ID: "officers", Type: "COMPANY_IDENTIFY_OFFICERS"}}}}
	l.now = l.now.Add(25 * time.Hour)
	l.advance(t)
	if got := l.provider.lists[l.associate(t, 1).Profile]; got != "officers" {
		t.Errorf("it is on %q", got)
	}
}

func TestReplacedProfileIsToldForWhatItIs(t *testing.T) {
	t.Parallel()
	l := newLinks(t, companyFlow, atRoot(1, human("Byron", onboarding.Director)))
	l.advance(t)
	l.drawer.reg.Profile, l.provider.files["root2"] = "root2", &filed{}
	l.now = l.now.Add(25 * time.Hour)
	l.advance(t)
	a := l.associate(t, 1)
	if a.Status != onboarding.AssociateRemoved || !strings.Contains(a.Cause, "another profile") {
		t.Errorf("%s: %s", a.Status, a.Cause)
	}
	n := atRoot(2, human("Byron", onboarding.Director)) // the same person again, as the cause asks for
	e, _, err := l.drawer.st.Add(n, companyFlow, l.now)
	if err != nil || len(e.Put) != 1 {
		t.Errorf("entered anew: %v", err)
	}
}

func TestWhoIsTakenOutHoldsNothingAnyMore(t *testing.T) {
	t.Parallel()
	l := newLinks(t, companyFlow, atRoot(1, holding(human("Byron", onboarding.Shareholder), "60")))
	l.advance(t)
	l.provider.files["root"].in = nil
	l.now = l.now.Add(25 * time.Hour)
	l.advance(t)
	if _, _, err := l.drawer.st.Add(atRoot(2, holding(human("King", onboarding.Shareholder), "60")), companyFlow, l.now); err != nil {
		t.Errorf("a successor: %v", faultsIn(err))
	}
	n := atRoot(3, human("Byron", onboarding.Partner))
	n.SameAs = associateID(1)
	if _, _, err := l.drawer.st.Add(n, companyFlow, l.now); onboarding.KindOf(err) != onboarding.Invalid {
		t.Errorf("a role for who was taken out: %v", err)
	}
}

func TestRoleThatIsTakenOutIsNoticed(t *testing.T) {
	t.Parallel()
	l := newLinks(t, companyFlow, atRoot(1, human("Byron", onboarding.Director, onboarding.BeneficialOwner)))
	l.advance(t)
	l.provider.files["root"].in = l.provider.files["root"].in[:1]
	l.now = l.now.Add(25 * time.Hour)
	l.advance(t)
	if a := l.associate(t, 1); a.Status != onboarding.AssociateRemoved || l.drawer.st.Attention == "" {
		t.Errorf("%s, told %q", a.Status, l.drawer.st.Attention)
	}
}

func TestEndedCompanyTellsOfThoseWhoAreNotInItsFile(t *testing.T) {
	t.Parallel()
	l := newLinks(t, companyFlow, atRoot(1, human("Byron", onboarding.Director)))
	l.advance(t)
	l.provider.files["root"].in = []string{"Staff-x as PARTNER"}
	l.provider.view.Applications, l.provider.running = []onboarding.Application{{Status: "REJECTED"}}, true
	l.provider.own = map[onboarding.ProfileID][]onboarding.Application{l.associate(t, 1).Profile: {{Status: "APPROVED"}}}
	l.now = l.now.Add(25 * time.Hour)
	l.advance(t)
	if a := l.associate(t, 1); !a.Running || !strings.Contains(l.drawer.st.Attention, "of associates go on (1)") || !strings.Contains(l.drawer.st.Attention, "others in its data at the provider go on (1)") {
		t.Errorf("running %v, told %q", a.Running, l.drawer.st.Attention)
	}
}

// A file that is refused whatever is put into it is not written once for each associate.
func TestRefusedFileIsNotTriedForEverybodyAtOnce(t *testing.T) {
	t.Parallel()
	l := newLinks(t, companyFlow, crowdOf(300)...)
	tried := 0
	l.provider.refuses = func(onboarding.ProfileID, []string) bool { tried++; return true }
	l.advance(t)
	if tried > 10 || l.drawer.due.Sub(l.now) < 10*time.Minute {
		t.Errorf("%d writings, due in %v", tried, l.drawer.due.Sub(l.now))
	}
}

func crowdOf(n int) (list []onboarding.NewAssociate) {
	for i := range n {
		list = append(list, atRoot(i+1, human(fmt.Sprintf("No%d", i), onboarding.Director)))
	}
	return list
}

// However many are refused, and however rare the turns: everybody else gets through.
func TestGoodOnesGetThroughBetweenTheRefused(t *testing.T) {
	t.Parallel()
	l := newLinks(t, companyFlow, crowdOf(64)...)
	l.provider.refuses = func(_ onboarding.ProfileID, in []string) bool {
		for n := 0; n < 64; n += 2 {
			if strings.HasPrefix(in[len(in)-1], fmt.Sprintf("Ada No%d-", n)) {
				return true
			}
		}
		return len(in) > 40
	}
	for pass := range 200 {
		l.provider.noWrites = pass % 2
		l.advance(t)
		l.now = l.now.Add(time.Minute)
	}
	if got := len(l.entries("root")); got != 32 {
		t.Errorf("%d of 32 good ones are linked", got)
	}
}

func TestLinkedStayLinkedWhateverBecomesOfTheirLists(t *testing.T) {
	t.Parallel()
	l := newLinks(t, explicitFlow(), atRoot(1, human("Byron", onboarding.Director)))
	l.advance(t)
	l.provider.view.Applications = []onboarding.Application{{ProductAlias: "account", Status: "APPLIED", RequiredTasks: []onboarding.RequiredTask{{ID: "officers", Type: "COMPANY_IDENTIFY_OFFICERS"}}}}
	l.provider.refuses = func(onboarding.ProfileID, []string) bool { return true }
	l.now = l.now.Add(25 * time.Hour)
	l.advance(t)
	if a := l.associate(t, 1); a.Status != onboarding.AssociateLinked || a.Listed || a.DueAt.IsZero() {
		t.Errorf("%s, listed %v, due %v", a.Status, a.Listed, a.DueAt)
	}
}

func TestMoreThanAreAskedAloneStayKnown(t *testing.T) {
	t.Parallel()
	l := newLinks(t, companyFlow, crowdOf(80)...)
	l.advance(t)
	l.provider.running = true
	l.now = l.now.Add(25 * time.Hour)
	l.advance(t)
	l.provider.running, l.provider.own = false, map[onboarding.ProfileID][]onboarding.Application{}
	for n := range 80 {
		l.provider.own[l.associate(t, n+1).Profile] = []onboarding.Application{{Status: "APPROVED"}}
	}
	l.provider.view.Applications = []onboarding.Application{{Status: "REJECTED"}}
	l.now = l.now.Add(25 * time.Hour)
	l.advance(t)
	if !strings.Contains(l.drawer.st.Attention, "go on (80)") || l.drawer.due.Sub(l.now) > time.Minute {
		t.Errorf("told %q, looked at again in %v", l.drawer.st.Attention, l.drawer.due.Sub(l.now))
	}
}

func TestAnotherSpellingOfAnIDIsNoRemoval(t *testing.T) {
	t.Parallel()
	l := newLinks(t, companyFlow, atRoot(1, human("Byron", onboarding.Director)))
	l.advance(t)
	l.provider.files["root"].in[0] = strings.Replace(l.provider.files["root"].in[0], "Ada", "ADA", 1)
	l.now = l.now.Add(25 * time.Hour)
	l.advance(t)
	if a := l.associate(t, 1); a.Status != onboarding.AssociateLinked {
		t.Errorf("%s", a.Status)
	}
}

// What is corrected while it is tried again is what is created.
func TestCorrectionDuringATryIsWhatIsCreated(t *testing.T) {
	t.Parallel()
	l := newLinks(t, companyFlow, atRoot(1, human("Byron", onboarding.Director)))
	l.provider.answer = func(onboarding.Details) error {
		return &onboarding.Error{Kind: onboarding.Invalid, Err: errors.New("refused")}
	}
	l.advance(t)
	l.provider.answer, l.now = nil, l.now.Add(time.Hour)
	l.Linker.Turns = correcting{l.provider, func() {
		l.drawer.mu.Lock()
		defer l.drawer.mu.Unlock()
		e, _, err := l.drawer.st.Change(onboarding.NewAssociate{ID: associateID(1), Details: human("Lovelace", onboarding.Director)}, companyFlow, l.now)
		if err != nil {
			t.Error(err)
		}
		l.drawer.st = applied(l.drawer.st, e)
	}}
	l.advance(t)
	if diff := cmp.Diff([]string{"Ada Lovelace DIRECTOR"}, l.entries("root")); diff != "" {
		t.Error(diff)
	}
}

// correcting changes what was entered once the linker has its turn.
type correcting struct {
	*registry
	correct func()
}

func (c correcting) TakeSpare(ctx context.Context, now time.Time) (time.Duration, error) {
	c.correct()
	return c.registry.TakeSpare(ctx, now)
}

func TestMoveIsRememberedUntilALook(t *testing.T) {
	t.Parallel()
	l := newLinks(t, companyFlow, atRoot(1, human("Byron", onboarding.Director)))
	l.advance(t)
	l.drawer.reg.Profile, l.provider.files["root2"] = "root2", &filed{}
	l.drawer.due = l.now // somebody is entered
	l.advance(t)
	if a := l.associate(t, 1); a.Status != onboarding.AssociateRemoved || !strings.Contains(a.Cause, "another profile") {
		t.Errorf("%s: %s", a.Status, a.Cause)
	}
}

func TestWaitingForATurnAtWritingIsNoFailure(t *testing.T) {
	t.Parallel()
	l := newLinks(t, companyFlow, atRoot(1, human("Byron", onboarding.Director)))
	l.provider.noWrites = 20
	for range 20 {
		l.advance(t)
		l.now = l.now.Add(time.Minute)
	}
	if a := l.associate(t, 1); a.Tries != 0 || l.drawer.st.Attention != "" {
		t.Errorf("%d tries, told %q", a.Tries, l.drawer.st.Attention)
	}
	l.advance(t)
	if a := l.associate(t, 1); a.Status != onboarding.AssociateLinked {
		t.Errorf("%s", a.Status)
	}
}

type panicking struct{ *registry }

func (panicking) CreateAssociate(context.Context, onboarding.AssociateProfile) (onboarding.ProfileID, error) {
	panic("a bug")
}

// A bug of the portal's stops one company for a while, and tells so.
func TestPanicStopsOneCompanyForAWhile(t *testing.T) {
	t.Parallel()
	l := newLinks(t, companyFlow, atRoot(1, human("Byron", onboarding.Director)))
	l.Linker.Profiles = panicking{l.provider}
	if err := l.Advance(t.Context(), l.drawer.reg.ID); err == nil || !strings.Contains(err.Error(), "a bug") {
		t.Errorf("answer %v", err)
	}
	if l.drawer.due.Sub(l.now) < time.Minute || !strings.Contains(l.drawer.st.Attention, "error of the portal") {
		t.Errorf("due %v, told %q", l.drawer.due.Sub(l.now), l.drawer.st.Attention)
	}
}

func TestIDsThatStandForSomethingElseAreRefused(t *testing.T) {
	t.Parallel()
	s := onboarding.Structure{Registration: onboarding.RegistrationID(associateID(7))}
	for _, id := range []onboarding.AssociateID{{}, associateID(7)} {
		_, _, err := s.Add(onboarding.NewAssociate{ID: id, Details: firm("Holding", onboarding.Shareholder)}, companyFlow, today)
		if got := faultsIn(err)["id"]; got != "error.associate_id" {
			t.Errorf("%s: %v", id, err)
		}
	}
}

func TestSameLettersInAnotherWritingResemble(t *testing.T) {
	t.Parallel()
	s := with(t, onboarding.Structure{}, 1, onboarding.AssociateID{}, human("José", onboarding.Director))
	_, _, err := s.Add(atRoot(2, human("Jose\u0301", onboarding.Director)), companyFlow, today)
	if _, ok := errors.AsType[*onboarding.Resemblance](err); !ok {
		t.Errorf("answer %v", err)
	}
}

func TestWhatIsEnteredOfTheSameIsNeverDropped(t *testing.T) {
	t.Parallel()
	s := with(t, onboarding.Structure{}, 1, onboarding.AssociateID{}, holding(human("Byron", onboarding.Shareholder), "10"))
	more := human("Byron", onboarding.Shareholder)
	more.Shareholdings = []onboarding.Shareholding{{Class: "B", Percentage: "20"}}
	n := atRoot(2, more)
	n.SameAs = associateID(1)
	if _, a, err := s.Add(n, companyFlow, today); err != nil || a.Details.Percentage() != "30" {
		t.Errorf("holds %s: %v", a.Details.Percentage(), err)
	}
	n.Details.Shareholdings = []onboarding.Shareholding{{Class: "class 0", Percentage: "20"}}
	_, _, err := s.Add(n, companyFlow, today)
	if diff := cmp.Diff(map[string]string{"shareholdings/0/share_class": "error.associate_differs"}, faultsIn(err)); diff != "" {
		t.Error(diff)
	}
}

func TestRefusedDetailsCanBeCorrected(t *testing.T) {
	t.Parallel()
	l := newLinks(t, companyFlow, atRoot(1, human("Wrong", onboarding.Director)))
	l.provider.answer = func(d onboarding.Details) error {
		if d.FamilyName == "Wrong" {
			return &onboarding.Error{Kind: onboarding.Invalid, Err: errors.New("refused")}
		}
		return nil
	}
	l.advance(t)
	e, _, err := l.drawer.st.Change(onboarding.NewAssociate{ID: associateID(1), Details: human("Right", onboarding.Director)}, companyFlow, l.now)
	if err != nil {
		t.Fatal(err)
	}
	l.drawer.st, l.drawer.due = applied(l.drawer.st, e), e.DueAt
	l.advance(t)
	if diff := cmp.Diff([]string{"Ada Right DIRECTOR"}, l.entries("root")); diff != "" {
		t.Error(diff)
	}
}

// Many drafts are submitted within what a transaction may take.
func TestManyAreSubmittedAtOnce(t *testing.T) {
	t.Parallel()
	var s onboarding.Structure
	for n := range onboarding.MaxAssociates {
		d := holding(human(fmt.Sprintf("No%d", n), onboarding.Shareholder, onboarding.BeneficialOwner), "0.01", "0.01", "0.01", "0.01", "0.01", "0.01", "0.01", "0.01", "0.01", "0.01")
		s.Associates = append(s.Associates, onboarding.Associate{ID: associateID(n + 1), Status: onboarding.AssociateDraft, Details: d})
	}
	e, err := s.Submit(companyFlow, false, today)
	if err != nil || len(e.Put) != onboarding.MaxAssociates {
		t.Errorf("%d: %v", len(e.Put), err)
	}
}

func TestAnAbsentStoreIsNoErrorOfThePortal(t *testing.T) {
	t.Parallel()
	l := newLinks(t, companyFlow, atRoot(1, human("Byron", onboarding.Director)))
	l.Linker.Turns = noStore{l.provider}
	if err := l.Advance(t.Context(), l.drawer.reg.ID); onboarding.KindOf(err) != onboarding.Busy {
		t.Errorf("answer %v", err)
	}
	if l.drawer.st.Attention != "" || l.drawer.due.After(l.now) {
		t.Errorf("told %q, due %v", l.drawer.st.Attention, l.drawer.due)
	}
}

type noStore struct{ *registry }

func (noStore) TakeSpare(context.Context, time.Time) (time.Duration, error) {
	return 0, &onboarding.Error{Kind: onboarding.Busy, Err: errors.New("the store is away")}
}

func TestTheSameTwiceWithAHoldingIsNoMoreThanOnce(t *testing.T) {
	t.Parallel()
	s := with(t, onboarding.Structure{}, 1, onboarding.AssociateID{}, holding(human("Byron", onboarding.Shareholder), "74.5"))
	n := atRoot(2, holding(human("Byron", onboarding.Shareholder, onboarding.Partner), "74.5"))
	n.SameAs = associateID(1)
	for range 2 {
		e, a, err := s.Add(n, companyFlow, today)
		if err != nil || a.Details.Percentage() != "74.5" || len(a.Details.Roles) != 2 {
			t.Fatalf("%v: %v", a.Details.Roles, err)
		}
		s = applied(s, e)
	}
}

func TestSomebodyElseIsNotTakenForTheSame(t *testing.T) {
	t.Parallel()
	s := with(t, onboarding.Structure{}, 1, onboarding.AssociateID{}, human("Byron", onboarding.Director))
	n := atRoot(2, human("King", onboarding.Partner))
	n.SameAs = associateID(1)
	if _, _, err := s.Add(n, companyFlow, today); faultsIn(err)["same_as"] != "error.associate_same" {
		t.Errorf("answer %v", err)
	}
}

func TestWhatCannotBeAddedToWhoWasSentIsRefused(t *testing.T) {
	t.Parallel()
	born := human("Byron", onboarding.Partner)
	born.DateOfBirth, born.Email = "1990-01-02", "ada@example.com"
	n := atRoot(2, born)
	n.SameAs = associateID(1)
	s := with(t, onboarding.Structure{}, 1, onboarding.AssociateID{}, human("Byron", onboarding.Director))
	if _, a, err := s.Add(n, companyFlow, today); err != nil || a.Details.DateOfBirth != "1990-01-02" {
		t.Errorf("a draft takes it: %v", err)
	}
	s.Associates[0].Status, s.Associates[0].Profile = onboarding.AssociateLinked, "byron"
	_, _, err := s.Add(n, companyFlow, today)
	if diff := cmp.Diff(map[string]string{"date_of_birth": "error.associate_sent_detail", "email": "error.associate_sent_detail"}, faultsIn(err)); diff != "" {
		t.Error(diff)
	}
}

func TestDraftIsTheApplicantsToChange(t *testing.T) {
	t.Parallel()
	s := with(t, onboarding.Structure{}, 1, onboarding.AssociateID{}, human("Byron", onboarding.Director))
	n := atRoot(1, human("Byron", onboarding.Partner))
	n.Submit = true
	if _, _, err := s.Add(n, companyFlow, today); onboarding.KindOf(err) != onboarding.Conflict {
		t.Errorf("changed by the back end: %v", err)
	}
	n.Details = human("Byron", onboarding.Director)
	if _, a, err := s.Add(n, companyFlow, today); err != nil || a.Status != onboarding.AssociateStarting {
		t.Errorf("the same from the back end: %s, %v", a.Status, err)
	}
}
