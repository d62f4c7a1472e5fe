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
	if a := l.associate(t, 1); !a.Running || !strings.Contains(l.drawer.st.Attention, "go on (1)") || !strings.Contains(l.drawer.st.Attention, "others in its data at the provider (1)") {
		t.Errorf("running %v, told %q", a.Running, l.drawer.st.Attention)
	}
}

// A file that is refused whatever is put into it is not written once for each associate.
func TestRefusedFileIsNotTriedForEverybody(t *testing.T) {
	t.Parallel()
	var many []onboarding.NewAssociate
	for n := range 300 {
		many = append(many, atRoot(n+1, human(fmt.Sprintf("No%d", n), onboarding.Director)))
	}
	l := newLinks(t, companyFlow, many...)
	tried := 0
	l.provider.refuses = func(onboarding.ProfileID, []string) bool { tried++; return true }
	l.advance(t)
	if tried > 40 || l.associate(t, 300).Status != onboarding.AssociateAttention {
		t.Errorf("%d writings, the last is %s", tried, l.associate(t, 300).Status)
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
