package web_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"portal/internal/onboarding"
	"portal/internal/sandbox/passfort"
)

func TestAssociateOfTheBackEndGetsIntoTheCompanysData(t *testing.T) {
	t.Parallel()
	e := newWorld(t, wanted{}).companyOf("ada")
	if all := e.behind(); len(all.Associates) != 0 || all.Registration.Flow != "company" || all.Registration.Status != "open" || all.Ending != nil {
		t.Errorf("before: %+v", all)
	}
	a := e.entered(http.StatusCreated, `{"entity_type":"INDIVIDUAL","given_names":["Ada","Augusta"],"family_name":"Lovelace","date_of_birth":"1990-12-10",
		"email":"ada@example.com","nationality":"GBR","roles":["SHAREHOLDER","DIRECTOR"],"appointed_on":"2020-01-31","resigned_on":null,
		"shareholdings":[{"share_class":"Ordinary","amount":250,"percentage":"33.3333"}]}`)
	if a.Status != "starting" || a.Source != "api" || a.Parent != nil || a.SubmittedAt == nil || a.CustomerRef != a.ID {
		t.Errorf("%+v", a)
	}
	got := e.linked(1).Associates[0]
	company := e.w.text("select profile_id from registrations")
	want := []string{"officers.directors", "ownership_structure.shareholders"}
	if diff := cmp.Diff(want, e.w.placesOf(company, got.ProfileID)); diff != "" {
		t.Errorf("places (-want +got):\n%s", diff)
	}
	if file := string(e.w.file(company).Collected); !strings.Contains(file, "33.3333") {
		t.Errorf("the percentage is not as it was written: %s", file)
	}
	if n := e.w.effects()["profile.create"]; n != 2 {
		t.Errorf("%d profiles created, want 2", n)
	}
	if body := e.get("/registrations/ada/associates").body; strings.Contains(body, "Lovelace") || strings.Contains(body, "example.com") || strings.Contains(body, "1990") {
		t.Errorf("personal data is told: %s", body)
	}
}

func TestAssociatesCanBeEnteredBehindACompanyOfTheBackEnds(t *testing.T) {
	t.Parallel()
	e := newWorld(t, wanted{}).companyOf("ada")
	company := e.entered(http.StatusCreated, holding)
	person := e.entered(http.StatusCreated, with(ada, `"parent":"`+company.ID+`"`))
	if person.Parent == nil || *person.Parent != company.ID {
		t.Errorf("%+v", person)
	}
	all := e.linked(2).Associates
	if got := e.w.placesOf(all[0].ProfileID, all[1].ProfileID); len(got) != 1 || got[0] != "officers.directors" {
		t.Errorf("the person is in %v of the company between", got)
	}
	for body, at := range map[string]string{
		with(ada, `"parent":"`+person.ID+`"`):                                     "#/parent", // a person
		with(ada, `"parent":"`+noRegistration+`"`):                                "#/parent",
		with(ada, `"same_as":"`+noRegistration+`"`):                               "#/same_as",
		with(ada, `"same_as":"`+company.ID+`"`):                                   "#/same_as", // a company
		with(holding, `"parent":"`+noRegistration+`","same_as":"`+company.ID+`"`): "#/parent",
	} {
		if got := e.enter(body).problem(http.StatusUnprocessableEntity); len(got) != 1 || got[0] != at {
			t.Errorf("%s: %v, want %s", body, got, at)
		}
	}
}

func TestEnteringTheSameAgainEntersNobodyTwice(t *testing.T) {
	t.Parallel()
	e := newWorld(t, wanted{}).companyOf("ada")
	first := e.entered(http.StatusCreated, holding) // most of the company, which a second one could not hold
	if diff := cmp.Diff(first.ID, e.entered(http.StatusOK, holding).ID); diff != "" {
		t.Errorf("without an id (-first +again):\n%s", diff)
	}
	named := with(ada, `"id":"`+uuid.NewString()+`"`)
	second := e.entered(http.StatusCreated, named)
	again := e.entered(http.StatusOK, named)
	if second.ID != again.ID || second.CreatedAt != again.CreatedAt || *second.SubmittedAt != *again.SubmittedAt {
		t.Errorf("%+v, and again %+v", second, again)
	}
	if a := e.enter(strings.Replace(named, "DIRECTOR", "TRUSTEE", 1)); len(a.problem(http.StatusConflict)) != 0 || !strings.Contains(a.body, "#associate-submitted") {
		t.Errorf("other details under the same id: %s", a.body)
	}
	e.linked(2)
	if n := e.w.effects()["profile.create"]; n != 3 {
		t.Errorf("%d profiles created, want 3", n)
	}
}

func TestManyCallsAtOnceEnterOneAssociate(t *testing.T) {
	t.Parallel()
	e := newWorld(t, wanted{}).companyOf("ada")
	made := make([]int, 8)
	var calls sync.WaitGroup
	for i := range made {
		caller := e
		caller.program = e.w.program("back-end-" + string(rune('a'+i)))
		calls.Go(func() { made[i] = caller.enter(holding).status })
	}
	calls.Wait()
	created := 0
	for _, status := range made {
		if status == http.StatusCreated {
			created++
		} else if status != http.StatusOK {
			t.Errorf("status %d", status)
		}
	}
	if all := e.behind().Associates; created != 1 || len(all) != 1 {
		t.Errorf("%d created, %d there", created, len(all))
	}
}

func TestHoldingsOfApplicantAndBackEndAreAddedUp(t *testing.T) {
	t.Parallel()
	e := newWorld(t, wanted{}).companyOf("ada")
	draft := e.applicantEnters(onboarding.Details{
		EntityType: onboarding.Individual, FamilyName: "Babbage", Roles: []onboarding.AssociatedRole{onboarding.Shareholder},
		Shareholdings: []onboarding.Shareholding{{Class: "A", Percentage: "40.0001"}},
	})
	if got := e.enter(holding).problem(http.StatusUnprocessableEntity); len(got) != 1 || got[0] != "#/shareholdings/0/percentage" {
		t.Errorf("100.0001 %%: %v", got)
	}
	e.entered(http.StatusCreated, strings.Replace(holding, "60", "59.9999", 1))
	drafts := e.behind().Associates
	if drafts[0].ID != draft.String() || drafts[0].Status != "draft" || drafts[0].Source != "applicant" || drafts[0].SubmittedAt != nil {
		t.Errorf("%+v", drafts[0])
	}
}

func TestApplicationsOfAssociatesAreTold(t *testing.T) {
	t.Parallel()
	e := newWorld(t, wanted{}).companyOf("ada")
	e.entered(http.StatusCreated, ada)
	e.linked(1)
	e.w.end(e.b.get("").pair(), passfort.Completed)
	var got associate
	applied := func() bool {
		got = e.behind().Associates[0]
		return len(got.Applications) == 1
	}
	eventually(t, "an application of the director", applied)
	app := got.Applications[0]
	if app.Role != "DIRECTOR" || app.Status != "APPLIED" || app.ProductAlias == "" || app.Flag == "" || len(app.Tasks) == 0 || !got.Seen {
		t.Errorf("%+v", got)
	}
	if err := e.w.sandbox.PassFort().DecideApplication(app.ID, "REJECTED"); err != nil {
		t.Fatal(err)
	}
	if got := e.behind().Associates[0].Applications[0]; got.Status != "REJECTED" {
		t.Errorf("after the decision: %+v", got)
	}
}
