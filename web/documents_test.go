package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"portal/internal/onboarding"
	checks "portal/internal/sandbox/sumsub"
)

func TestDocumentsAreGivenStepByStepAndThenChecked(t *testing.T) {
	t.Parallel()
	v := newWorld(t, wanted{}).verify("ada@example.com", "documents")
	list := v.get("/documents").shows(ok, "documents.title", "documents.lead", "documents.state_wanted").ordinary()
	if !strings.Contains(list.row("Identity document"), "Passport, Identity card, Driving licence, Residence permit") {
		t.Errorf("the list does not say what is wanted:\n%s", list.body)
	}
	v.get(v.about("/identity")).shows(ok, "documents.choose").ordinary()
	v.get(v.about("/identity", "type", "ID_CARD")).shows(ok, "documents.picture_id_card_front", "documents.tip_whole", "documents.country")

	step := v.about("/identity", "done", "given", "type", "ID_CARD")
	v.give("identity", photo(t, "front"), "type", "ID_CARD", "side", "FRONT_SIDE", "country", "DEU").leads(step)
	back := v.get(step).shows(ok, "documents.done_given", "documents.picture_id_card_back")
	if back.elements("input").with("name", "country")[0].attrs["value"] != "DEU" {
		t.Error("the country is not kept for the back")
	}
	if row := v.get("/documents").row("Identity document"); !strings.Contains(row, say("en", "documents.state_partly")) || !strings.Contains(row, "(Back)") {
		t.Errorf("the list does not say that the back is missing: %s", row)
	}
	v.give("identity", photo(t, "back"), "type", "ID_CARD", "side", "BACK_SIDE", "country", "DEU").leads(v.about("", "done", "given"))
	v.get(v.about("/identity")).shows(ok, "documents.there", "documents.replace")

	v.get(v.about("/selfie")).shows(ok, "documents.picture_selfie", "documents.tip_selfie").asksNoCountry()
	v.give("selfie", scan(t, "selfie"), "type", "SELFIE").leads(v.about("", "done", "given"))
	done := v.get("/documents").shows(ok, "documents.complete", "documents.check")
	if !strings.Contains(done.row("Identity document"), "Identity card, Germany") {
		t.Errorf("the list does not say what is there:\n%s", done.body)
	}
	v.post("/documents/check", "registration", v.id).leads("?flow=documents")
	v.await("checking")
	if n := v.active(); n != 3 {
		t.Errorf("the provider has %d pictures, want 3", n)
	}
	v.get(v.about("/identity")).leads("?flow=documents") // nothing can be changed now
	v.give("identity", photo(t, "late"), "type", "PASSPORT", "country", "DEU").leads("?flow=documents")
}

// asksNoCountry checks that the page leaves it to the document that was given before.
func (p page) asksNoCountry() {
	p.t.Helper()
	if len(p.elements("select")) != 0 {
		p.t.Errorf("%s asks for a country", p.what)
	}
}

func TestNothingIsSentForReviewWhileSomethingIsMissing(t *testing.T) {
	t.Parallel()
	v := newWorld(t, wanted{}).verify("ada@example.com", "documents")
	v.giveCard("card")
	p := v.post("/documents/check", "registration", v.id).shows(odd, "error.documents_missing", "documents.title")
	if !strings.Contains(p.body, "Photo of you with your document") || v.w.effects()["check.request"] != 0 {
		t.Errorf("it does not say what is missing, or was sent all the same:\n%s", p.body)
	}
}

func TestSecondDeviceGoesOnWhereTheFirstStopped(t *testing.T) {
	t.Parallel()
	v := newWorld(t, wanted{}).verify("ada@example.com", "documents")
	v.give("identity", photo(t, "front"), "type", "DRIVERS", "side", "FRONT_SIDE", "country", "SWE")
	v.w.pass(2 * time.Minute) // another code so soon would be refused
	phone := &verification{browser: v.w.browser().signIn("ada@example.com"), flow: v.flow, id: v.id}
	if row := phone.get("/documents").row("Identity document"); !strings.Contains(row, "Driving licence, Sweden") {
		t.Errorf("the list says %s", row)
	}
	phone.get(phone.about("/identity")).shows(ok, "documents.picture_drivers_back")
}

func TestOnlyWhatWasRejectedIsAskedForAgain(t *testing.T) {
	t.Parallel()
	v := newWorld(t, wanted{}).verify("ada@example.com", "documents")
	v.giveAll()
	back := red(onboarding.Retry, "The back is <blurred>. Questions: ${clientSupportEmail}", "UNSATISFACTORY_PHOTOS")
	v.must(v.w.sandbox.Sumsub().Decide(v.id, checks.Verdict{
		Finding: red(onboarding.Retry, "", "UNSATISFACTORY_PHOTOS"), Images: map[string]checks.Finding{"IDENTITY/BACK_SIDE": back, "IDENTITY/FRONT_SIDE": green, "SELFIE": green},
	}))
	list := v.shown().shows(ok, "documents.lead_again", "documents.state_rejected", "documents.state_accepted")
	row := list.row("Identity document")
	if !strings.Contains(row, "The back is &lt;blurred&gt;. Questions: "+northlight.SupportEmail) || strings.Contains(list.body, forStaff) {
		t.Errorf("the row does not say what the provider says:\n%s", row)
	}
	if strings.Contains(list.row("Photo of you with your document"), "<a ") {
		t.Error("what was accepted can be changed")
	}
	v.get(v.about("/selfie")).leads(v.about(""))
	step := v.get(v.about("/identity")).shows(ok, "documents.picture_id_card_back", "documents.given")
	if !strings.Contains(step.body, "The back is &lt;blurred&gt;") || strings.Contains(step.body, say("en", "documents.replace")) {
		t.Errorf("the page does not say why, or offers to replace the front, which stays:\n%s", step.body)
	}
	v.post("/documents/check", "registration", v.id).shows(odd, "error.documents_missing")
	v.give("identity", photo(t, "better back"), "type", "ID_CARD", "side", "BACK_SIDE", "country", "DEU").leads(v.about("", "done", "given"))
	v.get("/documents").shows(ok, "documents.complete")
	v.post("/documents/check", "registration", v.id).leads("?flow=documents")
	v.await("checking")
	if n := v.active(); n != 3 {
		t.Errorf("the provider has %d pictures, want 3", n)
	}
}

func TestReasonsInWordsOfOursStandWhereTheProviderSaysNothing(t *testing.T) {
	t.Parallel()
	v := newWorld(t, wanted{}).verify("ada@example.com", "documents")
	v.giveAll()
	v.must(v.w.sandbox.Sumsub().Decide(v.id, checks.Verdict{
		Finding: red(onboarding.Retry, "", "EXPIRATION_DATE"), Images: map[string]checks.Finding{"SELFIE": red(onboarding.Retry, "", "BAD_SELFIE")},
	}))
	if row := v.shown().row("Photo of you with your document"); !strings.Contains(row, say("en", "review.selfie")) {
		t.Errorf("the row says %s", row)
	}
}

func TestDocumentsAreOfTheirOwnApplicantAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	hers := w.verify("ada@example.com", "documents")
	eve := &verification{browser: w.browser().signIn("eve@example.com"), flow: "documents", id: hers.id}
	for _, at := range []string{"", "/identity", "/data"} {
		eve.get(eve.about(at)).shows(none)
	}
	eve.post("/documents/check", "registration", hers.id).shows(none)
	eve.post("/documents/data", "registration", hers.id).shows(none)
	eve.give("identity", photo(t, "x"), "type", "PASSPORT", "country", "DEU").shows(none)
	nobody := &verification{browser: w.browser(), flow: "documents", id: hers.id}
	nobody.get(nobody.about("/identity")).leads("/sign-in")
	nobody.give("identity", photo(t, "x"), "type", "PASSPORT", "country", "DEU").shows(lock, "session.over_title")
	if told := nobody.giveByScript(lock, "identity", photo(t, "x")); told.Error != say("en", "documents.signed_out") || told.Next != "" {
		t.Errorf("the script is told %+v", told)
	}
	if hers.active() != 0 {
		t.Error("somebody else has given a document")
	}
}

func TestStepsThatNoLevelHasAreNotFound(t *testing.T) {
	t.Parallel()
	v := newWorld(t, wanted{}).verify("ada@example.com", "documents")
	for _, step := range []string{"proof-of-residence", "IDENTITY", "identity-", "%00", "..%2Fidentity", "applicant-data"} {
		v.get("/documents/" + step + "?registration=" + v.id).shows(http.StatusNotFound)
		v.give(step, photo(t, "x"), "type", "PASSPORT", "country", "DEU").leads("/documents?registration=" + v.id) // the level may have changed
	}
	if v.active() != 0 {
		t.Error("a document of no step is given")
	}
}
