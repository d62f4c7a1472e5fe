package web_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/google/uuid"
)

// answers are the values of the answers that a page offers.
func (p page) answers() (values []string) {
	for _, e := range p.elements("input").with("name", "answer") {
		values = append(values, e.attrs["value"])
	}
	return values
}

func TestSamePersonIsAskedAboutAndGetsBothRoles(t *testing.T) {
	t.Parallel()
	e := newWorld(t, wanted{}).entering("ada@example.com")
	first := e.enter("family_name", "Hopper", "given_names", "Grace", "roles", "DIRECTOR")
	again := []string{"registration", e.registration, "id", uuid.NewString(), "family_name", "hopper", "given_names", "Grace", "roles", "TRUSTEE"}
	p := e.post("/associates", again...).shows(http.StatusConflict, "associates.question").says("Grace Hopper is already entered behind your company.")
	if got, want := p.answers(), []string{"same:" + first, "distinct"}; !slices.Equal(got, want) {
		t.Fatalf("answers %v, want %v", got, want)
	}
	asked := []string{"asked", p.hidden("asked")}
	e.post("/associates", slices.Concat(again, asked)...).shows(http.StatusConflict, "error.associate_answer")
	e.post("/associates", slices.Concat(again, asked, []string{"answer", "same:" + first})...).leads(e.about("", "done", "added"))
	e.get(e.about("")).says("Director, Trustee").saysNot("hopper")
}

func TestAnswerCountsForThoseAskedAboutAlone(t *testing.T) {
	t.Parallel()
	e := newWorld(t, wanted{}).entering("ada@example.com")
	e.enter("family_name", "Hopper", "roles", "DIRECTOR")
	e.enter("family_name", "Lovelace", "roles", "DIRECTOR")
	fields := []string{"registration", e.registration, "id", uuid.NewString(), "roles", "TRUSTEE"}
	p := e.post("/associates", slices.Concat(fields, []string{"family_name", "Hopper"})...).shows(http.StatusConflict)
	answered := slices.Concat(fields, []string{"asked", p.hidden("asked"), "answer", "distinct"})
	e.post("/associates", slices.Concat(answered, []string{"family_name", "Lovelace"})...).shows(http.StatusConflict).says("Lovelace is already")
	e.post("/associates", slices.Concat(answered, []string{"family_name", "Hopper"})...).leads(e.about("", "done", "added"))
	if n := e.w.count("select count(*) from associates"); n != 3 {
		t.Errorf("%d entries, want 3", n)
	}
}

func TestSomebodyBehindTwoCompaniesIsConfirmed(t *testing.T) {
	t.Parallel()
	e := newWorld(t, wanted{}).entering("ada@example.com")
	holding := e.enter("type", "COMPANY", "name", "Beta Holding", "roles", "SHAREHOLDER")
	e.enter("family_name", "Hopper", "roles", "DIRECTOR", "of", holding)
	fields := []string{"registration", e.registration, "id", uuid.NewString(), "family_name", "Hopper", "roles", "DIRECTOR"}
	p := e.post("/associates", fields...).shows(http.StatusConflict, "associates.answer_here_too").says("Hopper is already entered behind Beta Holding.")
	e.post("/associates", slices.Concat(fields, []string{"asked", p.hidden("asked"), "answer", "distinct"})...).leads(e.about("", "done", "added"))
}

func TestCompanyBehindItselfIsAskedAbout(t *testing.T) {
	t.Parallel()
	e := newWorld(t, wanted{}).entering("ada@example.com")
	holding := e.enter("type", "COMPANY", "name", "Beta Holding", "roles", "SHAREHOLDER")
	p := e.post("/associates", "registration", e.registration, "of", holding, "type", "COMPANY", "name", "BETA holding", "roles", "SHAREHOLDER")
	p.shows(http.StatusConflict, "associates.answer_other_company").says("This looks like Beta Holding, one of the companies that this entry would be behind")
}

func TestChangedDraftThatIsThereTwiceCanBeRemoved(t *testing.T) {
	t.Parallel()
	e := newWorld(t, wanted{}).entering("ada@example.com")
	e.enter("family_name", "Hopper", "roles", "DIRECTOR")
	id := e.enter("family_name", "Hoper", "roles", "TRUSTEE")
	change := []string{"registration", e.registration, "family_name", "Hopper", "roles", "TRUSTEE"}
	p := e.post("/associates/"+id, change...).shows(http.StatusConflict, "associates.answer_remove")
	if got, want := p.answers(), []string{"remove", "distinct"}; !slices.Equal(got, want) {
		t.Errorf("answers %v, want %v", got, want)
	}
	e.post("/associates/"+id, slices.Concat(change, []string{"answer", "remove"})...).leads(e.about("/" + id + "/withdraw"))
}

func TestOwnCompanyBehindItselfIsConfirmedBeforeAnythingIsSent(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b := w.companyOf("ada").b
	e := entering{b, w.text("select id::text from registrations")}
	id := e.enter("type", "COMPANY", "name", "Engine Works Ltd", "number", "1234567", "roles", "SHAREHOLDER")
	p := e.post("/associates/submit", "registration", e.registration).shows(http.StatusConflict, "layout.summary")
	p.says("Engine Works Ltd looks like the company that registers here")
	if len(p.elements("input").with("id", "confirmed")) != 1 {
		t.Error("it cannot be confirmed")
	}
	e.get(e.about("/"+id)).shows(http.StatusOK, "associates.change_company")
	e.enter("type", "COMPANY", "name", "Engine Works", "number", "0123-4567", "roles", "PARTNER", "answer", "distinct", "asked", id+" "+uuid.Nil.String())
	e.post("/associates/submit", "registration", e.registration).shows(http.StatusConflict).
		says(say("en", "associates.confirm", "count", 2, "name", "Engine Works Ltd, Engine Works"))
	wrong := e.enter("family_name", "Hopper", "roles", "DIRECTOR")
	e.spoil(wrong)
	p = e.post("/associates/submit", "registration", e.registration, "confirmed", "yes").shows(http.StatusUnprocessableEntity)
	if len(p.elements("input").with("id", "confirmed").with("checked", "checked")) != 1 {
		t.Error("the confirmation is lost with another error")
	}
	e.post("/associates/"+wrong+"/withdraw", "registration", e.registration)
	e.post("/associates/submit", "registration", e.registration, "confirmed", "yes").leads(e.about("", "done", "sent"))
}

func TestDraftThatHasBecomeWrongIsNamedAtSubmission(t *testing.T) {
	t.Parallel()
	e := newWorld(t, wanted{}).entering("ada@example.com")
	e.enter("family_name", "Lovelace", "roles", "DIRECTOR")
	id := e.enter("family_name", "Hopper", "roles", "DIRECTOR")
	e.spoil(id)
	p := e.post("/associates/submit", "registration", e.registration).shows(http.StatusUnprocessableEntity, "error.associate_roles_unknown")
	p.says(say("en", "error.associate_check", "name", "Hopper"))
	if links := p.elements("a").with("href", "/onboarding"+e.about("/"+id)); len(links) < 2 {
		t.Error("the summary does not lead to the draft")
	}
	if n := e.w.count("select count(*) from associates where status = 'draft'"); n != 2 {
		t.Errorf("%d drafts are left, want 2", n)
	}
}
