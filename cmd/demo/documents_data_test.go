package main

import (
	"net/http"
	"net/url"
	"testing"

	"portal/internal/browsertest"
	"portal/internal/localpg"
)

func TestDataThatDoesNotFitTheDocumentsIsCorrectedAndNothingElse(t *testing.T) {
	t.Parallel()
	w := newWorldWith(t, localpg.NewURL(t), furtherFlow("details", "Verify your details", "applicant-data-and-id", "api"))
	a := w.verify(t, "details")
	a.send(a.get(a.about("/data", "")), say("documents.save"), url.Values{
		"firstName": {"Ada Maria"}, "lastName": {"Wolters"}, "dob": {"1990-03-27"}, "country": {"DEU"},
	}).says(t, say("documents.done_data"))
	a.check(a.giveCard())
	w.judge(t, a.id, ruling{
		"answer": "RED", "reject_type": "RETRY", "labels": []string{"PROBLEMATIC_APPLICANT_DATA"},
		"comment": "Your name is not the one in your document.",
	})
	a.becomes("open")

	e := w.examined(t, browsertest.New(t).Page(t), a.email, "Verify your details").listed()
	e.See("Your name is not the one in your document.")
	e.See(say("documents.missing", "names", say("documents.step_data")))
	e.opens("documents.give_again", "documents.step_data")
	e.See(say("documents.data_again"))
	e.Fill(say("documents.field_last_name"), "Wolter")
	e.Press(say("documents.save"))
	e.See(say("documents.done_data"))
	e.sends()
	if name := w.nameOf(t, a.id); name != "Ada Maria Wolter" {
		t.Errorf("the provider knows %q", name)
	}
	if n := w.counted(t, a.id); n["document.add"] != 2 || n["check.request"] != 2 {
		t.Errorf("what happened at the provider: %v", n)
	}
	w.judge(t, a.id, ruling{"answer": "GREEN"})
	e.See(say("verification.approved_title"))
}

// nameOf is what the provider has been told that an applicant is called.
func (w *world) nameOf(t *testing.T, id string) string {
	t.Helper()
	var seen struct{ Name string }
	w.control(t, http.MethodGet, "/_sandbox/sumsub/applicants/"+id, nil, &seen)
	return seen.Name
}
