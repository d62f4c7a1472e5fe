package front_test

import (
	"net/http"
	"strings"
	"testing"

	"portal/internal/sandbox/passfort/front"
)

// details is a form with a question of each kind but documents.
func details() form {
	return form{ID: "details", Title: "Your details", Intro: "As in your passport.", State: "SENT", Editable: true, Sections: []section{
		{Questions: []question{
			{Name: "given_names", Label: "Given names", Type: "text", Required: true},
			{Name: "country", Label: "Country", Type: "country", Required: true, Options: []option{{"DEU", "Germany"}, {"NZL", "New Zealand"}}},
		}},
		{Title: "More about you", Questions: []question{
			{Name: "email", Label: "E-mail", Type: "email"},
			{Name: "work", Label: "Work", Type: "choice", Required: true, Options: []option{{"own", "My own"}, {"none", "None"}}},
			{Name: "tax", Label: "Taxes elsewhere?", Type: "yes_no"},
			{Name: "remarks", Label: "Remarks", Type: "long_text"},
		}},
	}}
}

// position is a form of one question.
func position() form {
	return form{ID: "position", Title: "Your position", State: "SENT", Editable: true, Sections: []section{
		{Questions: []question{{Name: "position", Label: "Position", Type: "text", Required: true}}},
	}}
}

func TestWalkLeadsFromTheFirstStepToTheEnd(t *testing.T) {
	t.Parallel()
	s := newSite(t, front.Options{}, details(), position())
	s.end = map[string]string{"redirect": "top", "redirect_url": s.url + "/thanks"}
	p, f := s.open(t, s.url+"/dynamic")

	f.See("Your registration: step 1 of 2")
	f.Fill("Given names", "Ada Maria")
	f.Fill("Country", "New Zealand")
	f.Press("My own")
	f.Press("No")
	f.Fill("Remarks", "None so far")
	f.Press("Continue")
	f.See("Your registration: step 2 of 2")
	focused(t, f, "Your position")
	f.Press("Back")
	f.See("step 1 of 2")
	f.Press("Continue")
	f.See("step 2 of 2")
	f.Fill("Position", "Director")
	f.Press("Continue")
	f.See("Check your answers")
	for _, text := range []string{"Ada Maria", "New Zealand", "Not given", "My own", "No", "None so far", "Director"} {
		f.See(text)
	}
	f.Press("Change Your position")
	f.Fill("Position", "Secretary")
	f.Press("Continue")
	f.See("Check your answers")
	f.See("Secretary")
	f.Press("Finish")
	p.Arrive(s.url + "/thanks")
}

func TestSubmittedFormsAreNotAskedAgain(t *testing.T) {
	t.Parallel()
	first, second := details(), position()
	first.Submitted, first.Editable, first.State = true, false, "COMPLETED"
	canceled := position()
	canceled.ID, canceled.Title, canceled.State, canceled.Editable = "old", "Nobody needs this", "CANCELED", false
	s := newSite(t, front.Options{}, first, canceled, second)
	_, f := s.open(t, s.url+"/dynamic")
	f.See("Your registration: step 2 of 2")
	if f.Sees("Back") {
		t.Error("a form that cannot be edited can be gone back to")
	}
	f.Fill("Position", "Director")
	f.Press("Continue")
	f.See("Check your answers")
	if f.Sees("Nobody needs this") || f.Sees("Change Your details") || strings.Count(f.HTML(), "Change<") != 1 {
		t.Error("the review offers more than the form that can be edited")
	}
}

func TestDraftComesBackAfterReload(t *testing.T) {
	t.Parallel()
	s := newSite(t, front.Options{}, details())
	p, f := s.open(t, s.link())
	f.Fill("Given names", "Ada")
	f.Press("None")
	f.Fill("Remarks", "Half a sent")
	p.Open(s.url + "/dynamic") // with the focus still in the field
	eventually(t, "what was typed last", func() (kept bool) {
		s.change(func() { kept = s.question("details", "remarks").Answer == "Half a sent" })
		return kept
	})
	p.Open(s.url + "/dynamic")
	f = p.Frame(s.collection + "/collect")
	f.Fill("Country", "Germany")
	f.Press("Continue") // nothing else is missing
	f.See("Check your answers")
	f.See("Half a sent")
}

func TestErrorsAreSaidBesideTheField(t *testing.T) {
	t.Parallel()
	s := newSite(t, front.Options{}, details())
	p, f := s.open(t, s.url+"/dynamic")
	p.Allow("422")
	f.Fill("Given names", "Ada")
	f.Press("Continue")
	f.See("There is a problem")
	focused(t, f, "There is a problem Country is missing. Work is missing.")
	html := f.HTML()
	for _, message := range []string{"Country is missing.", "Work is missing."} {
		if strings.Count(html, message) != 2 {
			t.Errorf("%q is not said above and beside the field:\n%s", message, html)
		}
	}
	if strings.Count(html, `aria-invalid="true"`) != 3 || !strings.Contains(f.Title(), "Error: ") {
		t.Errorf("a list and two radio buttons are not marked, or the title says nothing: %s", f.Title())
	}
	f.Press("Work is missing.")
	focused(t, f, "My own")
	f.Press("Country is missing.")
	focused(t, f, "Country")
	f.Fill("Country", "Germany")
	f.Press("None")
	f.Press("Continue")
	f.See("Check your answers")
}

func TestCheckBringsAnotherForm(t *testing.T) {
	t.Parallel()
	s := newSite(t, front.Options{}, position())
	s.submitted = func(r *request, id string) { r.Waiting = id == "position" }
	_, f := s.open(t, s.url+"/dynamic")
	f.Fill("Position", "Director")
	f.Press("Continue")
	f.See("Checking your details")
	if f.Sees("Finish") {
		t.Error("Finish is offered while a check runs")
	}
	s.change(func() {
		s.request.Waiting = false
		owners := position()
		owners.ID, owners.Title = "owners", "About Grace Hopper"
		s.request.Forms = append(s.request.Forms, owners)
	})
	f.See("About Grace Hopper")
	focused(t, f, "About Grace Hopper")
	f.Fill("Position", "Shareholder")
	f.Press("Continue")
	f.Press("Finish")
	f.See("Data successfully submitted.")
}

func TestTheFrameAloneGoesOnIfItIsToldSo(t *testing.T) {
	t.Parallel()
	done := position()
	done.Submitted = true
	s := newSite(t, front.Options{}, done)
	s.end = map[string]string{"redirect": "frame", "redirect_url": s.collection + "/thanks"}
	p, f := s.open(t, s.url+"/dynamic")
	f.Press("Finish")
	f.See("Data successfully submitted.")
	p.Frame(s.collection + "/thanks").See("Thank you")
	p.Arrive(s.url + "/dynamic")
}

func TestOverIsOverWheneverItIsFoundOut(t *testing.T) {
	t.Parallel()
	s := newSite(t, front.Options{}, position())
	p, f := s.open(t, s.url+"/dynamic")
	p.Allow("410")
	f.See("Your position")
	s.change(func() { s.refuse = &refusal{status: http.StatusGone, Message: "This request has expired."} })
	f.Fill("Position", "Director")
	f.Press("Continue")
	f.See("This request has expired.")
	p.Open(s.url + "/dynamic")
	p.Frame(s.collection + "/collect").See("This request has expired.")
}

func TestAnswersStayWhenTheServerFails(t *testing.T) {
	t.Parallel()
	s := newSite(t, front.Options{}, position())
	p, f := s.open(t, s.url+"/dynamic")
	p.Allow("503")
	f.Fill("Position", "Director")
	s.change(func() { s.refuse = &refusal{status: http.StatusServiceUnavailable, Message: "Please come back later."} })
	f.Press("Continue")
	f.See("Please come back later.")
	s.change(func() { s.refuse = nil })
	f.Press("Continue")
	f.See("Check your answers")
	f.See("Director")
}
