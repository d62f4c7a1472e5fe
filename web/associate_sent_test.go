package web_test

import (
	"net/http"
	"testing"

	"github.com/google/uuid"
)

func TestDraftIsChangedAndRemovedWithThoseBehindIt(t *testing.T) {
	t.Parallel()
	e := newWorld(t, wanted{}).entering("ada@example.com")
	holding := e.enter("type", "COMPANY", "name", "Beta Holding", "number", "HRB 1", "country_of_incorporation", "DEU", "roles", "SHAREHOLDER", "share_class", "A", "percentage", "33,3333")
	inner := e.enter("of", holding, "family_name", "Hopper", "roles", "DIRECTOR")
	form := e.get(e.about("/"+holding)).shows(http.StatusOK, "associates.change_company")
	if form.value("name") != "Beta Holding" || form.value("shareholdings-0-percentage") != "33.3333" {
		t.Errorf("the form is not filled in:\n%s", form.body)
	}
	e.post("/associates/"+holding, "registration", e.registration, "type", "COMPANY", "name", "Gamma Holding", "roles", "PARTNER").leads(e.about("", "done", "changed"))
	nested := e.get(e.about("", "of", holding)).shows(http.StatusOK).says("People and companies behind Gamma Holding", "Hopper").saysNot("Beta")
	if len(nested.elements("ol")) != 1 {
		t.Error("no way back to the company")
	}
	e.get(e.about("/"+holding+"/withdraw")).shows(http.StatusOK, "associates.withdraw_behind").says("Gamma Holding", "Hopper")
	for range 2 {
		e.post("/associates/"+holding+"/withdraw", "registration", e.registration).leads(e.about("", "done", "removed"))
	}
	e.get(e.about("/"+inner)).shows(http.StatusNotFound, "error.associate_gone")
	e.get(e.about("")).shows(http.StatusOK, "associates.stage_empty")
}

func TestWhatWasSentIsNotChangedNorRemoved(t *testing.T) {
	t.Parallel()
	e := newWorld(t, wanted{}).entering("ada@example.com")
	id := e.enter("family_name", "Hopper", "roles", "DIRECTOR")
	e.post("/associates/submit", "registration", e.registration)
	e.post("/associates/"+id, "registration", e.registration, "family_name", "Else", "roles", "DIRECTOR").
		shows(http.StatusConflict, "associates.halted_submitted")
	e.get(e.about("/" + id + "/withdraw")).leads(e.about("/" + id))
	e.post("/associates/"+id+"/withdraw", "registration", e.registration).leads(e.about("/" + id))
	e.get(e.about("/"+id)).shows(http.StatusOK, "associates.sent_next").says("Hopper")
	e.get(e.about("/review")).leads(e.about(""))
	e.post("/associates/submit", "registration", e.registration).leads(e.about(""))
}

func TestEndedListIsNotChangedAndSaysNothingOfWhy(t *testing.T) {
	t.Parallel()
	e := newWorld(t, wanted{}).entering("ada@example.com")
	id := e.enter("family_name", "Hopper", "roles", "DIRECTOR")
	if _, err := e.w.pool.Exec(t.Context(), "update structures set ending = 'rejected'"); err != nil {
		t.Fatal(err)
	}
	p := e.get(e.about("")).shows(http.StatusOK, "associates.stage_ended").says("help@northlight.example")
	p.saysNot("eject", say("en", "associates.add_person"), say("en", "associates.review"), say("en", "associates.change")+"<")
	e.get(e.about("/new", "type", "COMPANY")).leads(e.about(""))
	e.get(e.about("/review")).leads(e.about(""))
	e.get(e.about("/" + id + "/withdraw")).leads(e.about("/" + id))
	e.post("/associates/"+id+"/withdraw", "registration", e.registration).leads(e.about("/" + id))
	e.get(e.about("/"+id)).shows(http.StatusOK, "associates.unsent_title", "associates.unsent_next", "associates.state_unsent").
		saysNot(say("en", "associates.sent_title"), say("en", "associates.sent_next"), say("en", "associates.state_draft"))
	e.post("/associates/submit", "registration", e.registration).leads(e.about(""))
}

func TestAssociatesOfOthersAreNotFound(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	e, eve := w.entering("ada@example.com"), w.browser()
	id := e.enter("family_name", "Hopper", "roles", "DIRECTOR")
	eve.start("eve@example.com", "company")
	for _, at := range []string{"", "/new", "/review", "/" + id, "/" + id + "/withdraw"} {
		eve.get(e.about(at)).shows(http.StatusNotFound).saysNot("Hopper")
	}
	eve.get("/associates/" + id).shows(http.StatusNotFound)
	eve.post("/associates/"+id, "family_name", "Else", "roles", "DIRECTOR").shows(http.StatusNotFound)
	eve.post("/associates/" + id + "/withdraw").shows(http.StatusSeeOther)
	e.get(e.about("")).says("Hopper")
	e.get(e.about("", "of", uuid.NewString())).shows(http.StatusNotFound)
	e.get(e.about("", "of", id)).shows(http.StatusNotFound)
	w.browser().signIn("bob@example.com").get("/associates").shows(http.StatusNotFound)
}
