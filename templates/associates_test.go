package templates

import (
	"strings"
	"testing"

	"github.com/a-h/templ"

	"portal/internal/i18n"
)

// behindAcme is a company behind another.
var behindAcme = CompanyHead{Flow: "A company", Name: "Beta <Holding>", Path: []Link{{Text: "Acme", URL: "/onboarding/associates?registration=1"}}}

// associatePages is every page about people and companies behind a company.
func associatePages() map[string]templ.Component {
	person := AssociateForm{Type: "INDIVIDUAL", FamilyName: `O"<b>`, Roles: []string{"DIRECTOR"}, Holdings: make([]AssociateHolding, 1)}
	all := map[string]templ.Component{
		"associates, nested": Associates(AssociatesView{Account: known, Head: behindAcme, Stage: "passed", GoOn: Link{"On", continueURL}, Closed: "error.associate_depth"}),
		"associate":          Associate(AssociateView{Account: known, Head: behindAcme, Typed: person, New: true, Action: "/onboarding/associates", Cancel: "/onboarding/associates", More: true}),
		"associate company":  Associate(AssociateView{Typed: AssociateForm{Type: "COMPANY"}, New: true, Action: "/onboarding/associates", Cancel: "/onboarding/associates"}),
		"associate, wrong":   Associate(wrongAssociate()),
		"associate, asked":   Associate(askedAssociate()),
		"associate, lost":    Associate(AssociateView{Typed: person, Action: "/onboarding/associates", Lost: true}),
		"associate, stale":   Associate(AssociateView{Typed: person, Action: "/onboarding/associates/1", Cancel: "/onboarding/associates", Version: "1", Halt: &AssociateHalt{Title: "associates.stale_title", Text: "error.associate_stale", Link: Link{"associates.stale_show", "/onboarding/associates/1"}}}),
		"associate, parent gone": Associate(AssociateView{
			Typed: person, New: true, Of: "2", Instead: true, Action: "/onboarding/associates", Cancel: "/onboarding/associates",
			Halt: &AssociateHalt{Text: "associates.halted_parent", Link: Link{"associates.halted_list", "/onboarding/associates"}},
		}),
		"associate, busy":   Associate(AssociateView{Typed: person, Action: "/onboarding/associates", Cancel: "/onboarding/associates", Problem: "associates.not_kept"}),
		"associate sent":    SentAssociate(SentAssociateView{Account: known, Head: behindAcme, Name: "Ada", Status: "linked", Unread: true, Details: []Detail{{"Roles", "Director"}}, Reference: "r-1", Back: "/onboarding/associates"}),
		"associate unsent":  SentAssociate(SentAssociateView{Account: known, Head: behindAcme, Name: "Ada", Status: "unsent", Reference: "r-1", Back: "/onboarding/associates"}),
		"associate removed": SentAssociate(SentAssociateView{Account: known, Head: behindAcme, Name: "Ada", Status: "removed", Reference: "r-1", Back: "/onboarding/associates"}),
		"withdraw": Withdraw(WithdrawView{
			Account: known, Head: behindAcme, Name: "Beta", Behind: []string{"Ada"}, More: 2, Action: "/onboarding/associates/1/withdraw", Back: "/onboarding/associates",
		}),
		"review": Review(ReviewView{
			Account: known, Head: behindAcme, Count: 1, Registration: "1", Back: "/onboarding/associates", Confirm: "I confirm", Confirmed: true,
			Troubles: []Trouble{{To: "#confirmed", Text: "Please confirm"}, {To: "/onboarding/associates/1", Text: "Change this"}},
			Groups:   []ReviewGroup{{Name: "Beta", Totals: []string{"In all"}, Entries: []ReviewEntry{{Name: "Ada", Short: "Ada", Details: []Detail{{"Roles", "Director"}}, Change: "/onboarding/associates/1"}}}},
		}),
	}
	for stage := range stageTexts {
		for _, form := range []string{"open", "expired", ""} {
			v := listed(stage)
			v.Form = form
			all["associates, "+stage+", form "+form] = Associates(v)
		}
	}
	return all
}

// listed is a list with an entry in every state.
func listed(stage string) AssociatesView {
	v := AssociatesView{
		Account: known, Head: CompanyHead{Flow: "A company", Name: "Acme", Own: true}, Notice: "associates.done_added", Stage: stage, Drafts: 2,
		AddPerson: "/onboarding/associates/new?type=INDIVIDUAL", AddCompany: "/onboarding/associates/new?type=COMPANY",
		Review: "/onboarding/associates/review", GoOn: Link{"Go on", "/onboarding?flow=company"}, Watch: stage == "moving",
		Pager: Pager{Page: 2, Pages: 3, Previous: "/onboarding/associates?page=1", Next: "/onboarding/associates?page=3"},
	}
	for status := range stateOf {
		v.Rows = append(v.Rows, AssociateRow{
			ID: status, Name: "Ada <Lovelace>", Short: "Ada", Roles: "Director", Status: status, Holds: "Holds 5 %",
			Change: "/onboarding/associates/1", Remove: "/onboarding/associates/1/withdraw", Show: "/onboarding/associates/2", Behind: "/onboarding/associates?of=1", Count: 3,
		})
	}
	return v
}

func wrongAssociate() AssociateView {
	v := AssociateView{
		Account: known, Head: behindAcme, New: true, Action: "/onboarding/associates", Cancel: "/onboarding/associates", Remove: "/onboarding/associates/1/withdraw",
		Typed:  AssociateForm{Type: "INDIVIDUAL", Holdings: make([]AssociateHolding, 2)},
		Errors: map[string]string{},
	}
	for _, id := range []string{"given_names", "family_name", "date_of_birth", "email", "nationality", "roles", "shareholdings-1-percentage", "authorized_to"} {
		v.Errors[id] = "Something is wrong"
		v.Troubles = append(v.Troubles, Trouble{To: "#" + id, Text: "Something is wrong"})
	}
	v.Errors["shareholdings"] = "Too many"
	v.Troubles = append(v.Troubles, Trouble{Text: "Not to be put right here"})
	return v
}

func askedAssociate() AssociateView {
	v := wrongAssociate()
	v.Asked = "1 2"
	v.Question = &AssociateQuestion{Title: "Is it the same?", Sentences: []string{"Ada is here"}, Answers: []Answer{{"same:1", "The same"}, {"distinct", "Another"}}}
	v.Errors = map[string]string{"answer": "Choose one"}
	v.Troubles = []Trouble{{To: "#answer", Text: "Choose one"}}
	v.Countries = []OptionGroup{{Options: []Answer{{"DEU", "Germany"}}}, {Label: "Others", Options: []Answer{{"XXA", "Stateless"}}}}
	v.Nationalities, v.Typed.Nationality = v.Countries, "XXA"
	return v
}

func TestEnterKeySavesInsteadOfAddingARow(t *testing.T) {
	d, err := parseHTML(render(t, siteAt(t, "/onboarding"), i18n.Locale{}, associatePages()["associate"]))
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range d.named("button") {
		if b.attrs["class"] == "quiet" { // of another form: signs out
			continue
		}
		if b.attrs["name"] != "" || b.attrs["aria-hidden"] != "true" || strings.TrimSpace(b.text) != "Save" {
			t.Errorf("the Enter key presses %v", b.attrs)
		}
		return
	}
}

func TestQuestionComesFirstInTheTitle(t *testing.T) {
	v := askedAssociate()
	v.Troubles = nil
	page := render(t, siteAt(t, "/onboarding"), i18n.Locale{}, Associate(v))
	if want := "<title>Is it the same? Add a person – "; !strings.Contains(page, want) {
		t.Errorf("the title does not begin with the question:\n%.600s", page)
	}
}

func TestRoleKeyKnowsEveryRoleOffered(t *testing.T) {
	for _, r := range roleTexts {
		if RoleKey(r.value) != r.label {
			t.Errorf("%s has no name", r.value)
		}
	}
	if RoleKey("KING") != "" {
		t.Error("a role that is not offered has a name")
	}
}
