package web_test

import (
	"net/http"
	"testing"

	"github.com/google/uuid"
)

// keeps checks that the form still has what was typed, and a way to the list that leaves the form open.
func (p page) keeps(name string) page {
	p.t.Helper()
	if got := p.value("family_name"); got != name {
		p.t.Errorf("%s: the form holds %q, want %q", p.what, got, name)
	}
	if len(p.elements("a").with("target", "_blank")) == 0 {
		p.t.Errorf("%s: no way on:\n%s", p.what, p.body)
	}
	return p
}

func TestEntryBehindACompanyThatIsGoneIsKept(t *testing.T) {
	t.Parallel()
	e := newWorld(t, wanted{}).entering("ada@example.com")
	holding := e.enter("type", "COMPANY", "name", "Beta Holding", "roles", "SHAREHOLDER")
	e.post("/associates/"+holding+"/withdraw", "registration", e.registration)
	fields := []string{"registration", e.registration, "id", uuid.NewString(), "of", holding, "family_name", "Hopper", "roles", "DIRECTOR"}
	p := e.post("/associates", fields...).shows(http.StatusNotFound, "associates.halted_parent", "associates.halted_instead").keeps("Hopper").saysNot("Behind <bdi>")
	if p.hidden("of") != holding {
		t.Error("it would be entered elsewhere without a word")
	}
	e.post("/associates", append(fields, "instead", "own")...).leads(e.about("", "done", "added"))
	e.get(e.about("")).says("Hopper")
}

func TestChangeOfAnEntryThatIsGoneIsKeptAndEntersItAgain(t *testing.T) {
	t.Parallel()
	e := newWorld(t, wanted{}).entering("ada@example.com")
	id := e.enter("family_name", "Hopper", "roles", "DIRECTOR")
	e.post("/associates/"+id+"/withdraw", "registration", e.registration)
	p := e.post("/associates/"+id, "registration", e.registration, "version", "7", "family_name", "Hopper King", "roles", "DIRECTOR").
		shows(http.StatusNotFound, "associates.halted_gone").keeps("Hopper King")
	if len(p.elements("form").with("action", "/onboarding/associates")) != 1 {
		t.Fatal("it is not sent as a new entry")
	}
	for range 2 {
		e.post("/associates", "registration", e.registration, "id", p.hidden("id"), "family_name", "Hopper King", "roles", "DIRECTOR").leads(e.about("", "done", "added"))
	}
	e.get(e.about("")).says("Hopper King")
}

func TestChangeOfWhatWasSentMeanwhileIsKept(t *testing.T) {
	t.Parallel()
	e := newWorld(t, wanted{}).entering("ada@example.com")
	id := e.enter("family_name", "Hopper", "roles", "DIRECTOR")
	e.post("/associates/submit", "registration", e.registration)
	p := e.post("/associates/"+id, "registration", e.registration, "family_name", "Hopper King", "roles", "DIRECTOR").
		shows(http.StatusConflict, "associates.halted_submitted").keeps("Hopper King")
	if len(p.elements("a").with("href", "/onboarding"+e.about("/"+id))) == 0 {
		t.Error("no way to what was sent")
	}
}

func TestEntryWithTheIDOfAnotherListIsKeptAndCanBeSaved(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	id := w.entering("eve@example.com").enter("family_name", "Secret", "roles", "DIRECTOR")
	e := w.entering("ada@example.com")
	p := e.post("/associates", "registration", e.registration, "id", id, "family_name", "Hopper", "roles", "DIRECTOR").
		shows(http.StatusConflict, "associates.halted_taken").keeps("Hopper").saysNot("Secret")
	e.post("/associates", "registration", e.registration, "id", p.hidden("id"), "family_name", "Hopper", "roles", "DIRECTOR").leads(e.about("", "done", "added"))
}

func TestEntryOfAListThatHasEndedIsKept(t *testing.T) {
	t.Parallel()
	e := newWorld(t, wanted{}).entering("ada@example.com")
	id := e.enter("family_name", "Hopper", "roles", "DIRECTOR")
	if _, err := e.w.pool.Exec(t.Context(), "update structures set ending = 'rejected'"); err != nil {
		t.Fatal(err)
	}
	for _, to := range []string{"/associates", "/associates/" + id} {
		e.post(to, "registration", e.registration, "family_name", "Late", "roles", "DIRECTOR").
			shows(http.StatusConflict, "associates.halted_ended").keeps("Late").saysNot("eject")
	}
}

func TestWhatIsAddedToASentEntryIsSaidToBePassedOnAtOnce(t *testing.T) {
	t.Parallel()
	e := newWorld(t, wanted{}).entering("ada@example.com")
	id := e.enter("family_name", "Hopper", "roles", "DIRECTOR")
	e.post("/associates/submit", "registration", e.registration)
	eventually(t, "the entry to be passed on", func() bool { return e.w.count("select count(*) from associates where status = 'linked'") == 1 })
	fields := []string{"registration", e.registration, "id", uuid.NewString(), "family_name", "Hopper", "roles", "TRUSTEE"}
	p := e.post("/associates", fields...).shows(http.StatusConflict).says("It has been sent, so they are passed on at once")
	to := e.about("", "done", "passed")
	e.post("/associates", append(fields, "asked", p.hidden("asked"), "answer", "same:"+id)...).leads(to)
	e.get(to).shows(http.StatusOK, "associates.done_passed").saysNot(say("en", "associates.done_added"))
	eventually(t, "the role to be passed on", func() bool {
		return e.w.count("select count(*) from associates where status = 'linked' and roles = '{DIRECTOR,TRUSTEE}'") == 1
	})
	if got := e.w.effects()["collected_data.update"]; got != 2 {
		t.Errorf("%d writes of the company's file, want 2", got)
	}
}
