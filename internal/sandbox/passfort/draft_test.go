package passfort_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox/passfort"
)

// keepDraft keeps what was typed into a form.
func (f frame) keepDraft(t *testing.T, title string, typed answers) {
	t.Helper()
	if r := f.call(t, "PUT", "/forms/"+f.form(t, title).ID+"/draft", typed.body(t)); r.status != http.StatusOK {
		t.Fatalf("keeping a draft: %d %s", r.status, r.raw)
	}
}

func TestDraftComesBackUncheckedAndOutOfCollectedData(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	f := openPerson(t, a)
	before := f.data(t)

	f.keepDraft(t, yourDetails, answers{"given_names": "Alex", "date_of_birth": "some day"})
	f.keepDraft(t, yourDetails, answers{"given_names": "Alexa"})

	form := f.form(t, yourDetails)
	want := answers{"given_names": "Alexa", "family_name": "", "date_of_birth": "some day"}
	if diff := cmp.Diff(want, form.answers()); diff != "" || form.Submitted {
		t.Errorf("submitted %v: %s", form.Submitted, diff)
	}
	if diff := cmp.Diff(before, f.data(t)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"profile.create", "customer_request.create"}, a.kinds()); diff != "" {
		t.Error(diff)
	}
}

func TestSubmissionClearsTheDraft(t *testing.T) {
	t.Parallel()
	f := openPerson(t, open(t, passfort.Options{}))
	f.keepDraft(t, yourDetails, answers{"family_name": "Typo"})

	f.submit(t, yourDetails, alex)

	want := answers{"given_names": "Alex D", "family_name": "Wheeler", "date_of_birth": "1990-03-27"}
	if diff := cmp.Diff(want, f.form(t, yourDetails).answers()); diff != "" {
		t.Error(diff)
	}
}

func TestDraftHoldsOnlyAnswersToItsQuestions(t *testing.T) {
	t.Parallel()
	f := openPerson(t, open(t, passfort.Options{}))

	f.keepDraft(t, yourDetails, answers{"family_name": strings.Repeat("w", 201), "no_such_question": "x"})

	if got := f.form(t, yourDetails).answers()["family_name"]; got != "" {
		t.Errorf("too long an answer was kept: %q", got)
	}
	saved, err := f.account.Save()
	if err != nil || strings.Contains(string(saved), "no_such_question") {
		t.Errorf("an answer to nothing was kept: %v", err)
	}
}

func TestAnswersThatAreTooLongAreRefused(t *testing.T) {
	t.Parallel()
	f := openPerson(t, open(t, passfort.Options{}))
	form := "/forms/" + f.form(t, yourDetails).ID
	body := `{"answers":{"given_names":"` + strings.Repeat("x", 1<<20) + `"}}`

	for _, r := range []reply{f.call(t, "POST", form, body), f.call(t, "PUT", form+"/draft", body)} {
		if r.status != http.StatusRequestEntityTooLarge || r.text("message") != "The answers are too long." {
			t.Errorf("status %d: %s", r.status, r.raw)
		}
	}
}

func TestAnswersThatAreNoJSONAreRefused(t *testing.T) {
	t.Parallel()
	f := openPerson(t, open(t, passfort.Options{}))
	form := "/forms/" + f.form(t, yourDetails).ID

	for _, body := range []string{``, `[]`, `{"answers":[]}`, `{"answers":{"given_names":1}}`, `{`, `{"answers":{}}{}`} {
		for _, r := range []reply{f.call(t, "POST", form, body), f.call(t, "PUT", form+"/draft", body)} {
			if r.status != http.StatusBadRequest || r.text("message") != "The answers could not be read." {
				t.Errorf("%.20s: status %d: %s", body, r.status, r.raw)
			}
		}
	}
}
