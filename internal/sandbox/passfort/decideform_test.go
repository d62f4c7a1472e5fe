package passfort_test

import (
	"errors"
	"testing"

	"portal/internal/sandbox/passfort"
)

const structure = "How the company is organised"

var organised = answers{"employees": "12", "description": "Trade", "listed": "no"}

// answered is a manual decision form that was answered and completed, raised from a task.
func answered(t *testing.T) (frame, shownForm) {
	t.Helper()
	a := open(t, passfort.Options{})
	f := frame{account: a, profile: a.addProfile(t, "COMPANY_CUSTOMER", `{"entity_type":"COMPANY"}`)}
	f.apply(t, "business-account")
	f.raise(t, "verify-company", "jo@example.com")
	f.submit(t, structure, organised)
	form := f.form(t, structure)
	f.finish(t)
	return f, form
}

// raise lets staff request the form of a task.
func (f *frame) raise(t *testing.T, task, to string) {
	t.Helper()
	id, _ := f.tasks(t)[task]["id"].(string)
	made, err := f.account.RaiseRequest(id, to, "")
	if err != nil {
		t.Fatal(err)
	}
	f.id, f.key = made.RequestID, f.read(t).text("apikey")
}

func TestManualDecisionFormWaitsForStaff(t *testing.T) {
	t.Parallel()
	f, _ := answered(t)

	if got := f.data(t)["metadata"]; got != nil {
		t.Errorf("the answers are in the collected data: %v", got)
	}
	if got := f.tasks(t)["verify-company"]["state"]; got != "INCOMPLETE" {
		t.Errorf("the task is %v", got)
	}
	if o := f.overview(t); o.State != passfort.Completed || !o.Forms[0].Undecided {
		t.Errorf("the request: %+v", o)
	}
}

func TestPassedFormGoesIntoCollectedData(t *testing.T) {
	t.Parallel()
	f, form := answered(t)

	if err := f.account.DecideForm(form.ID, true); err != nil {
		t.Fatal(err)
	}

	data := f.data(t)
	if at(data, "metadata", "number_of_employees") != 12.0 || at(data, "metadata", "description") != "Trade" || at(data, "custom_fields", "listed") != "no" {
		t.Errorf("data: %v", data)
	}
	if got := f.tasks(t)["verify-company"]["state"]; got != "COMPLETED_PASS" {
		t.Errorf("the task is %v", got)
	}
	if o := f.overview(t).Forms[0]; o.Undecided || o.Decision != "PASS" {
		t.Errorf("the form: %+v", o)
	}
}

func TestFailedFormLeavesCollectedDataAlone(t *testing.T) {
	t.Parallel()
	f, form := answered(t)

	if err := f.account.DecideForm(form.ID, false); err != nil {
		t.Fatal(err)
	}

	if got := f.data(t)["metadata"]; got != nil {
		t.Errorf("metadata: %v", got)
	}
	if got := f.tasks(t)["verify-company"]["state"]; got != "COMPLETED_FAIL" {
		t.Errorf("the task is %v", got)
	}
}

func TestDecisionIsTold(t *testing.T) {
	t.Parallel()
	f, form := answered(t)
	from := len(f.account.events())

	if err := f.account.DecideForm(form.ID, true); err != nil {
		t.Fatal(err)
	}

	for _, w := range f.account.webhooksFrom(from) {
		if w.event == "FORM_STATE_CHANGED" {
			if at(w.data, "form", "decision") != "PASS" || at(w.data, "user", "name") == nil {
				t.Errorf("data: %v", w.data)
			}
			return
		}
	}
	t.Error("no webhook tells of the decision")
}

func TestOnlyWhatWaitsCanBeDecided(t *testing.T) {
	t.Parallel()
	f, form := answered(t)
	if err := f.account.DecideForm(form.ID, true); err != nil {
		t.Fatal(err)
	}
	person := openPerson(t, f.account)
	person.submit(t, yourDetails, alex)

	for name, id := range map[string]string{"twice": form.ID, "another type": person.form(t, yourDetails).ID} {
		if err := f.account.DecideForm(id, false); !errors.Is(err, passfort.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAnswersComeBackBeforeTheDecision(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	f := frame{account: a, profile: a.addProfile(t, "COMPANY_CUSTOMER", `{"entity_type":"COMPANY"}`)}
	f.apply(t, "business-account")
	f.raise(t, "verify-company", "jo@example.com")
	f.submit(t, structure, organised)

	form := f.form(t, structure)

	if got := form.answers(); got["employees"] != "12" || got["listed"] != "no" || !form.Editable {
		t.Errorf("the form: %+v", form)
	}
	if err := a.DecideForm(form.ID, true); !errors.Is(err, passfort.ErrInvalid) {
		t.Errorf("decided before Finish: %v", err)
	}
}

func TestFormWithNothingAnsweredCanBeDecided(t *testing.T) {
	t.Parallel()
	a := openWith(t, func(c *passfort.Config) {
		c.Account = manyForms(1)
		c.Account.Forms[len(c.Account.Forms)-1].Type = "MANUAL_DECISION"
	})
	f := openPerson(t, a)
	f.submit(t, "a", nil)
	form := f.form(t, "a")
	f.finish(t)

	if err := a.DecideForm(form.ID, true); err != nil {
		t.Error(err)
	}
}
