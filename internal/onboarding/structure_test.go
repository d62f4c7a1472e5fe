package onboarding_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"portal/internal/onboarding"
)

var (
	today       = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	companyFlow = onboarding.Flow{Name: "company", Role: onboarding.CompanyCustomer, Associates: true, DirectorAge: 18}
)

func associateID(n int) onboarding.AssociateID {
	return onboarding.AssociateID(uuid.MustParse(fmt.Sprintf("00000000-0000-7000-8000-%012d", n)))
}

func human(name string, roles ...onboarding.AssociatedRole) onboarding.Details {
	return onboarding.Details{EntityType: onboarding.Individual, GivenNames: []string{"Ada"}, FamilyName: name, Roles: roles}
}

func firm(name string, roles ...onboarding.AssociatedRole) onboarding.Details {
	return onboarding.Details{EntityType: onboarding.Company, Name: name, Roles: roles}
}

func holding(d onboarding.Details, percentages ...string) onboarding.Details {
	for i, p := range percentages {
		d.Shareholdings = append(d.Shareholdings, onboarding.Shareholding{Class: fmt.Sprintf("Class %d", i), Percentage: p})
	}
	return d
}

// faults are the fields that an error is about, each with its message.
func faultsIn(err error) map[string]string {
	found := map[string]string{}
	var walk func(error)
	walk = func(err error) {
		if joined, ok := err.(interface{ Unwrap() []error }); ok {
			for _, one := range joined.Unwrap() {
				walk(one)
			}
			return
		}
		if e, ok := errors.AsType[*onboarding.Error](err); ok {
			found[e.Field] = e.Key
		}
	}
	if err != nil {
		walk(err)
	}
	return found
}

// applied is the structure after an edit, as the store would keep it.
func applied(s onboarding.Structure, e onboarding.Edit) onboarding.Structure {
	s.Associates = slices.Clone(s.Associates)
	for _, a := range e.Put {
		a.Version++
		if i := slices.IndexFunc(s.Associates, func(b onboarding.Associate) bool { return b.ID == a.ID }); i >= 0 {
			s.Associates[i] = a
		} else {
			s.Associates = append(s.Associates, a)
		}
	}
	s.Associates = slices.DeleteFunc(s.Associates, func(a onboarding.Associate) bool { return slices.Contains(e.Withdraw, a.ID) })
	return s
}

// with is the structure with an associate that is known to be distinct.
func with(t testing.TB, s onboarding.Structure, n int, parent onboarding.AssociateID, d onboarding.Details) onboarding.Structure {
	t.Helper()
	e, _, err := s.Add(onboarding.NewAssociate{ID: associateID(n), Parent: parent, Source: onboarding.SourceApplicant, Details: d, Distinct: true}, companyFlow, today)
	if err != nil {
		t.Fatalf("adding %d: %v", n, err)
	}
	return applied(s, e)
}

func TestDetailsAreToldEverythingThatIsWrongAtOnce(t *testing.T) {
	t.Parallel()
	born := func(d onboarding.Date, roles ...onboarding.AssociatedRole) onboarding.Details {
		p := human("Byron", roles...)
		p.DateOfBirth = d
		return p
	}
	term := func(from, to onboarding.Date) onboarding.Details {
		p := human("Byron", onboarding.Director)
		p.AppointedOn, p.ResignedOn = from, to
		return p
	}
	for name, c := range map[string]struct {
		details onboarding.Details
		want    map[string]string
	}{
		"a name and a role are enough":          {human("Byron", onboarding.Director), nil},
		"a company's, too":                      {firm("Holding", onboarding.Shareholder), nil},
		"nothing":                               {onboarding.Details{EntityType: onboarding.Individual}, map[string]string{"roles": "error.associate_roles_missing", "family_name": "error.associate_family_name"}},
		"no type":                               {onboarding.Details{Roles: []onboarding.AssociatedRole{onboarding.Director}}, map[string]string{"entity_type": "error.associate_type"}},
		"unknown role":                          {human("Byron", "KING"), map[string]string{"roles": "error.associate_roles_unknown"}},
		"role twice":                            {human("Byron", onboarding.Director, onboarding.Director), map[string]string{"roles": "error.associate_roles_unknown"}},
		"director of 18 today":                  {born("2008-03-01", onboarding.Director), nil},
		"director of 18 tomorrow":               {born("2008-03-02", onboarding.Director), map[string]string{"date_of_birth": "error.associate_director_age"}},
		"shareholder of 17":                     {born("2009-01-01", onboarding.Shareholder), nil},
		"born tomorrow":                         {born("2026-03-02", onboarding.Shareholder), map[string]string{"date_of_birth": "error.associate_birth"}},
		"born in another age":                   {born("1850-01-01", onboarding.Shareholder), map[string]string{"date_of_birth": "error.associate_birth"}},
		"no such day":                           {born("1990-02-30", onboarding.Shareholder), map[string]string{"date_of_birth": "error.associate_date"}},
		"a year of two digits":                  {born("0090-02-03", onboarding.Shareholder), map[string]string{"date_of_birth": "error.associate_date"}},
		"appointed today":                       {term("2026-03-01", ""), nil},
		"appointed tomorrow":                    {term("2026-03-02", ""), map[string]string{"appointed_on": "error.associate_future"}},
		"resigns next year":                     {term("2020-01-01", "2027-01-01"), nil},
		"resigned before the first day":         {term("2020-01-01", "2019-12-31"), map[string]string{"resigned_on": "error.associate_term"}},
		"holdings of somebody who owns nothing": {holding(human("Byron", onboarding.Director), "5"), map[string]string{"shareholdings": "error.associate_holdings_role"}},
		"holdings of all":                       {holding(human("Byron", onboarding.Shareholder), "60", "40"), nil},
		"holdings of more than all":             {holding(human("Byron", onboarding.Shareholder), "60", "40.0001"), map[string]string{"shareholdings/0/percentage": "error.associate_total"}},
		"percentage above all":                  {holding(human("Byron", onboarding.Shareholder), "100.1"), map[string]string{"shareholdings/0/percentage": "error.associate_percentage"}},
		"negative percentage":                   {holding(human("Byron", onboarding.Shareholder), "-1"), map[string]string{"shareholdings/0/percentage": "error.associate_percentage"}},
		"percentage with an exponent":           {holding(human("Byron", onboarding.Shareholder), "1e1"), map[string]string{"shareholdings/0/percentage": "error.associate_percentage"}},
		"empty holding":                         {holding(human("Byron", onboarding.Shareholder), ""), map[string]string{"shareholdings/0/percentage": "error.associate_holding_empty"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := faultsIn(c.details.Check(today, 18))
			if len(got) != len(c.want) || len(got) > 0 && cmp.Diff(c.want, got) != "" {
				t.Error(cmp.Diff(c.want, got))
			}
		})
	}
}

func TestEmailNationalityAndCountryMustBeReal(t *testing.T) {
	t.Parallel()
	p := human("Byron", onboarding.Director)
	p.Email, p.Nationality = "nobody", "ZZZ"
	if diff := cmp.Diff(map[string]string{"email": "error.associate_email", "nationality": "error.associate_nationality"}, faultsIn(p.Check(today, 18))); diff != "" {
		t.Error(diff)
	}
	p.Email, p.Nationality = "ada@example.com", "XXA"
	if err := p.Check(today, 18); err != nil {
		t.Errorf("a stateless person: %v", err)
	}
	c := firm("Holding", onboarding.Shareholder)
	c.Country = "XX"
	if diff := cmp.Diff(map[string]string{"country_of_incorporation": "error.associate_country"}, faultsIn(c.Check(today, 18))); diff != "" {
		t.Error(diff)
	}
}

func TestHoldingsOfAllTogetherStayWithinTheCompany(t *testing.T) {
	t.Parallel()
	s := with(t, onboarding.Structure{}, 1, onboarding.AssociateID{}, holding(human("Byron", onboarding.Shareholder), "60"))
	s = with(t, s, 2, onboarding.AssociateID{}, holding(human("King", onboarding.BeneficialOwner), "60")) // perhaps the same shares
	for name, c := range map[string]struct {
		details onboarding.Details
		ok      bool
	}{
		"up to all":            {holding(human("Noel", onboarding.Shareholder), "40"), true},
		"beyond":               {holding(human("Noel", onboarding.Shareholder), "40.01"), false},
		"beyond in one role":   {holding(human("Noel", onboarding.ControllingShareholder, onboarding.BeneficialOwner), "41"), false},
		"in a role of its own": {holding(human("Noel", onboarding.ControllingShareholder), "100"), true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, _, err := s.Add(onboarding.NewAssociate{ID: associateID(9), Details: c.details}, companyFlow, today)
			if (err == nil) != c.ok {
				t.Errorf("answer %v", faultsIn(err))
			}
		})
	}
	_, _, err := s.Change(onboarding.NewAssociate{ID: associateID(1), Details: holding(human("Byron", onboarding.Shareholder), "100")}, companyFlow, today)
	if err != nil {
		t.Errorf("its own former holding counts: %v", faultsIn(err))
	}
}

func TestEnteringTwiceMakesOneAssociate(t *testing.T) {
	t.Parallel()
	n := onboarding.NewAssociate{ID: associateID(1), Details: human("Byron", onboarding.Director)}
	e, _, err := onboarding.Structure{}.Add(n, companyFlow, today)
	if err != nil {
		t.Fatal(err)
	}
	s := applied(onboarding.Structure{}, e)
	again, a, err := s.Add(n, companyFlow, today)
	if err != nil || len(again.Put) != 0 || a.ID != n.ID {
		t.Errorf("the same again: %v, %v", again, err)
	}
	n.Details.FamilyName = "King"
	changed, _, err := s.Add(n, companyFlow, today)
	if s = applied(s, changed); err != nil || len(s.Associates) != 1 || s.Associates[0].Details.FamilyName != "King" {
		t.Errorf("changed: %v", err)
	}
}

func TestStaleChangeIsRefused(t *testing.T) {
	t.Parallel()
	s := with(t, onboarding.Structure{}, 1, onboarding.AssociateID{}, human("Byron", onboarding.Director))
	seen := s.Associates[0].Version
	change := func(name string, version int64) error {
		e, _, err := s.Change(onboarding.NewAssociate{ID: associateID(1), Details: human(name, onboarding.Director), Version: version}, companyFlow, today)
		for i := range e.Put {
			e.Put[i].Version = s.Associates[0].Version
		}
		s = applied(s, e)
		return err
	}
	if err := change("King", seen); err != nil {
		t.Fatal(err)
	}
	if err := change("Noel", seen); onboarding.KindOf(err) != onboarding.Conflict {
		t.Errorf("changed by who has not seen the change before: %v", err)
	}
	if err := change("King", seen); err != nil {
		t.Errorf("the same change twice: %v", err)
	}
	if err := change("Noel", seen+1); err != nil || s.Associates[0].Details.FamilyName != "Noel" {
		t.Errorf("by who has seen it: %v", err)
	}
}

func TestThoseWhoMayBeThereAlreadyAreAskedAbout(t *testing.T) {
	t.Parallel()
	s := with(t, onboarding.Structure{}, 1, onboarding.AssociateID{}, human("Byron", onboarding.Director))
	s = with(t, s, 2, onboarding.AssociateID{}, firm("Holding Ltd", onboarding.Shareholder))
	s = with(t, s, 3, associateID(2), firm("Trust AG", onboarding.Shareholder))
	s.Own = firm("Main GmbH")
	born := human("BYRON ", onboarding.Shareholder).Tidied()
	born.DateOfBirth = "1990-01-01"
	for name, c := range map[string]struct {
		parent  onboarding.AssociateID
		details onboarding.Details
		want    *onboarding.Resemblance
	}{
		"somebody new":               {onboarding.AssociateID{}, human("King", onboarding.Director), nil},
		"the same, better known":     {onboarding.AssociateID{}, born, &onboarding.Resemblance{Same: []onboarding.AssociateID{associateID(1)}}},
		"the same behind another":    {associateID(2), born, &onboarding.Resemblance{Elsewhere: []onboarding.AssociateID{associateID(1)}}},
		"a company behind itself":    {associateID(2), firm("holding  ltd", onboarding.Shareholder), &onboarding.Resemblance{Above: []onboarding.AssociateID{associateID(2)}}},
		"a company further down":     {associateID(3), firm("Holding Ltd", onboarding.Shareholder), &onboarding.Resemblance{Above: []onboarding.AssociateID{associateID(2)}}},
		"the company that registers": {associateID(3), firm("Main GmbH", onboarding.Shareholder), &onboarding.Resemblance{Above: []onboarding.AssociateID{{}}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := onboarding.NewAssociate{ID: associateID(9), Parent: c.parent, Details: c.details}
			_, _, err := s.Add(n, companyFlow, today)
			got, _ := errors.AsType[*onboarding.Resemblance](err)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
			n.Distinct = true
			if e, _, err := s.Add(n, companyFlow, today); err != nil || len(e.Put) != 1 {
				t.Errorf("said to be somebody else: %v", err)
			}
		})
	}
}

func TestTheSamePersonGetsFurtherRolesInOneEntry(t *testing.T) {
	t.Parallel()
	s := with(t, onboarding.Structure{}, 1, onboarding.AssociateID{}, human("Byron", onboarding.Director))
	n := onboarding.NewAssociate{ID: associateID(2), SameAs: associateID(1), Details: holding(human("Byron", onboarding.Shareholder), "25")}
	e, a, err := s.Add(n, companyFlow, today)
	if err != nil || a.ID != associateID(1) {
		t.Fatalf("%v", err)
	}
	s = applied(s, e)
	want := holding(human("Byron", onboarding.Director, onboarding.Shareholder), "25")
	if len(s.Associates) != 1 || s.Associates[0].Details.Encode() != want.Encode() || !slices.Equal(s.Associates[0].Details.Roles, want.Roles) {
		t.Errorf("%d associates", len(s.Associates))
	}
	s.Associates[0].Status, s.Associates[0].Profile = onboarding.AssociateLinked, "p"
	n.Details.Roles = []onboarding.AssociatedRole{onboarding.BeneficialOwner}
	if e, a, err = s.Add(n, companyFlow, today); err != nil || a.Status != onboarding.AssociateCreated || e.DueAt.IsZero() {
		t.Errorf("one that is linked is %s and due %v: %v", a.Status, e.DueAt, err)
	}
}

func TestCompaniesNestTenDeepAndNoDeeper(t *testing.T) {
	t.Parallel()
	s, parent := onboarding.Structure{}, onboarding.AssociateID{}
	for n := 1; n <= onboarding.MaxDepth; n++ {
		s = with(t, s, n, parent, firm(fmt.Sprintf("Level %d", n), onboarding.Shareholder))
		parent = associateID(n)
	}
	_, _, err := s.Add(onboarding.NewAssociate{ID: associateID(99), Parent: parent, Details: human("Deep", onboarding.Director)}, companyFlow, today)
	if got := faultsIn(err)["parent"]; got != "error.associate_depth" {
		t.Errorf("answer %v", err)
	}
	if path := s.Path(parent); len(path) != onboarding.MaxDepth || path[0].ID != associateID(1) {
		t.Errorf("path of %d", len(path))
	}
	s = with(t, onboarding.Structure{}, 1, onboarding.AssociateID{}, human("Byron", onboarding.Director))
	_, _, err = s.Add(onboarding.NewAssociate{ID: associateID(2), Parent: associateID(1), Details: human("Child", onboarding.Director)}, companyFlow, today)
	if got := faultsIn(err)["parent"]; got != "error.associate_parent" {
		t.Errorf("behind a person: %v", err)
	}
}

func TestWithdrawingACompanyTakesThoseBehindIt(t *testing.T) {
	t.Parallel()
	s := with(t, onboarding.Structure{}, 1, onboarding.AssociateID{}, firm("Holding", onboarding.Shareholder))
	s = with(t, s, 2, associateID(1), firm("Trust", onboarding.Shareholder))
	s = with(t, s, 3, associateID(2), human("Byron", onboarding.Director))
	s = with(t, s, 4, onboarding.AssociateID{}, human("King", onboarding.Director))
	e, err := s.Withdraw(associateID(1))
	if diff := cmp.Diff([]onboarding.AssociateID{associateID(3), associateID(2), associateID(1)}, e.Withdraw); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	submitted, err := s.Submit(companyFlow, false, today)
	if err != nil || len(submitted.Put) != 4 || !submitted.DueAt.Equal(today) {
		t.Fatalf("%d submitted: %v", len(submitted.Put), err)
	}
	s = applied(s, submitted)
	if _, err := s.Withdraw(associateID(4)); onboarding.KindOf(err) != onboarding.Conflict {
		t.Errorf("withdrawn after it was sent: %v", err)
	}
	if _, _, err := s.Change(onboarding.NewAssociate{ID: associateID(4), Details: human("Queen", onboarding.Director)}, companyFlow, today); onboarding.KindOf(err) != onboarding.Conflict {
		t.Errorf("changed after it was sent: %v", err)
	}
}

func TestSubmittingLooksOnceMore(t *testing.T) {
	t.Parallel()
	d := human("Byron", onboarding.Director)
	d.AppointedOn = "2026-03-01"
	s := with(t, onboarding.Structure{}, 1, onboarding.AssociateID{}, d)
	_, err := s.Submit(companyFlow, false, today.AddDate(0, 0, -2)) // on another day, it is in the future
	if e, _ := errors.AsType[*onboarding.Error](err); e == nil || e.Field != associateID(1).String() {
		t.Errorf("answer %v", err)
	}
	s = with(t, onboarding.Structure{}, 1, onboarding.AssociateID{}, firm("Main GmbH", onboarding.Shareholder))
	s.Own = firm("Main GmbH")
	if _, err := s.Submit(companyFlow, false, today); err == nil {
		t.Error("the company was put behind itself")
	}
	if e, err := s.Submit(companyFlow, true, today); err != nil || len(e.Put) != 1 {
		t.Errorf("confirmed: %v", err)
	}
}

// Whatever is entered in whatever order, no company has more than all of its shares told in one role, nobody is deeper than
// allowed, and every parent is there.
func TestStructureStaysSound(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := onboarding.Structure{}
		for n := range rapid.IntRange(1, 30).Draw(t, "edits") {
			s = applied(s, drawEdit(t, s, n))
		}
		for _, a := range s.Associates {
			if _, err := s.Find(a.Parent); !a.Parent.IsZero() && err != nil {
				t.Fatalf("associate %s has no parent", a.ID)
			}
			if len(s.Path(a.ID)) > onboarding.MaxDepth {
				t.Fatalf("associate %s is %d deep", a.ID, len(s.Path(a.ID)))
			}
			if sum := percent(s.Behind(a.Parent)); sum > 100 {
				t.Fatalf("%v per cent are held", sum)
			}
		}
	})
}

func percent(list []onboarding.Associate) (sum float64) {
	for _, a := range list {
		var p float64
		if _, err := fmt.Sscan(a.Details.Percentage(), &p); err == nil {
			sum += p
		}
	}
	return sum
}

func drawEdit(t *rapid.T, s onboarding.Structure, n int) (e onboarding.Edit) {
	ids := []onboarding.AssociateID{{}}
	for _, a := range s.Associates {
		ids = append(ids, a.ID)
	}
	at := rapid.SampledFrom(ids).Draw(t, "at")
	details := holding(firm(fmt.Sprintf("Firm %d", n), onboarding.Shareholder), rapid.SampledFrom([]string{"5", "40", "60.5", "100"}).Draw(t, "holds"))
	wish := onboarding.NewAssociate{ID: associateID(n + 1), Parent: at, Details: details, Submit: rapid.Bool().Draw(t, "submit")}
	switch rapid.IntRange(0, 4).Draw(t, "edit") {
	case 0:
		e, _ = s.Withdraw(at)
	case 1:
		wish.ID = at
		e, _, _ = s.Change(wish, companyFlow, today)
	case 2:
		e, _ = s.Submit(companyFlow, false, today)
	default:
		e, _, _ = s.Add(wish, companyFlow, today)
	}
	return e
}

func TestDetailsNeverPrint(t *testing.T) {
	t.Parallel()
	d := human("Byron", onboarding.Director)
	d.Email = "ada@example.com"
	for _, text := range []string{fmt.Sprint(d), fmt.Sprintf("%+v %#v %s", d, d, d), fmt.Sprintf("%+v", onboarding.Associate{Details: d}), fmt.Sprint(onboarding.CompanyFile{Text: onboarding.FileText("Byron")})} {
		if strings.Contains(text, "Byron") || strings.Contains(text, "example.com") {
			t.Errorf("printed: %s", text)
		}
	}
	back, err := onboarding.DecodeDetails(d.EntityType, d.Roles, d.Encode())
	if err != nil || back.Encode() != d.Encode() {
		t.Errorf("what is decoded differs: %v", err)
	}
}
