package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portal/internal/browsertest"
)

// examinee is somebody at a browser whose documents are checked.
type examinee struct {
	*browsertest.Page
	w  *world
	t  *testing.T
	id string // of the registration, which is what the provider calls the applicant, too
}

// examined signs somebody in at the first page and has them choose a way to register.
func (w *world) examined(t *testing.T, p *browsertest.Page, email, title string) *examinee {
	t.Helper()
	p.Open(w.origin() + "/")
	p.Press(title)
	w.signIn(t, p, email)
	return &examinee{Page: p, w: w, t: t}
}

// listed waits for the list of what is wanted.
func (e *examinee) listed() *examinee {
	e.t.Helper()
	e.See(say("documents.title"))
	e.id = registrationIn(e.t, e.HTML())
	return e
}

// opens goes from the list to a step, whose link begins with that message.
func (e *examinee) opens(link, step string) {
	e.t.Helper()
	e.See(say("documents.title"))
	e.Press(say(link) + ": " + say(step))
}

// gives chooses a file for the picture of that heading and sends it.
func (e *examinee) gives(heading, path string) {
	e.t.Helper()
	e.See(say(heading))
	e.Attach(say("documents.file"), path)
	e.Press(say("documents.send"))
}

// givesCard gives both sides of an identity card.
func (e *examinee) givesCard() {
	e.t.Helper()
	e.opens("documents.begin", "documents.step_identity")
	e.Press(say("documents.type_id_card"))
	e.Fill(say("documents.country"), "Germany")
	e.gives("documents.picture_id_card_front", shotFile(e.t, "front.jpg"))
	e.gives("documents.picture_id_card_back", shotFile(e.t, "back.png"))
}

// sends sends everything for review.
func (e *examinee) sends() {
	e.t.Helper()
	e.See(say("documents.complete"))
	e.Press(say("documents.check"))
	e.See(say("verification.sent_title"))
}

// reopens loads the page of the registration again.
func (e *examinee) reopens() { e.Open(e.w.address("")) }

// journeyed is what the commands tell of a registration.
type journeyed struct {
	Status string
	Review struct {
		Answer string
	}
	Documents []struct {
		Step, Type, Side, Status string
	}
}

// given are the documents, in words, sorted.
func (j journeyed) given() (all []string) {
	for _, d := range j.Documents {
		all = append(all, strings.Join([]string{d.Step, d.Type, d.Side, d.Status}, " "))
	}
	slices.Sort(all)
	return all
}

func TestCardAndSelfieLeadFromTheFirstPageToTheCompanysOwn(t *testing.T) {
	t.Parallel()
	w := ownWorld(t)
	p := browsertest.New(t).Page(t)
	e := w.examined(t, p, newcomer(), documentsTitle).listed()
	e.givesCard()
	e.See(say("documents.title"))
	e.See(say("documents.done_given"))
	if e.Sees(say("documents.check")) {
		t.Error("it can be sent without the selfie")
	}
	e.opens("documents.begin", "documents.step_selfie")
	e.gives("documents.picture_selfie", shotFile(t, "selfie.jpg"))
	e.sends()
	w.judge(t, e.id, ruling{"answer": "GREEN"})
	e.See(say("verification.approved_title")) // by itself
	e.Press(say("outcome.completed_continue", "company", "Northlight"))
	e.Arrive(w.thanks())

	w.hears(t, e.id, "registration.checking")
	if d := w.hears(t, e.id, "registration.completed").Body.Data; d.Status != "completed" || d.Flow != "documents" {
		t.Errorf("the company was told %+v", d)
	}
	shown := w.shown(t, e.id)
	want := []string{"IDENTITY ID_CARD BACK_SIDE sent", "IDENTITY ID_CARD FRONT_SIDE sent", "SELFIE SELFIE  sent"}
	if diff := cmp.Diff(want, shown.given()); diff != "" || shown.Status != "completed" || shown.Review.Answer != "GREEN" {
		t.Errorf("operators are shown %+v (-want +got):\n%s", shown, diff)
	}
	if n := w.counted(t, e.id); n["applicant.create"] != 1 || n["document.add"] != 3 || n["check.request"] != 1 {
		t.Errorf("what happened at the provider: %v", n)
	}
}

// shown is what the operators' command shows of a registration.
func (w *world) shown(t *testing.T, id string) (j journeyed) {
	t.Helper()
	out, code := portalRun(t, newSettings(w.getenv), "registrations", "show", "--json", id)
	if err := json.Unmarshal([]byte(out), &j); err != nil || code != 0 {
		t.Fatalf("status %d, %v: %s", code, err, out)
	}
	return j
}
