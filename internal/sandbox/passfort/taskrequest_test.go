package passfort_test

import (
	"errors"
	"strings"
	"testing"

	"portal/internal/sandbox/passfort"
)

// withTasks is a person with an address and with the tasks of an account.
func withTasks(t *testing.T, a *account) frame {
	t.Helper()
	f := frame{account: a, profile: a.addProfile(t, "INDIVIDUAL_CUSTOMER",
		`{"entity_type":"INDIVIDUAL","contact_details":{"email":"ines@example.com"}}`)}
	f.apply(t, "personal-account")
	return f
}

// taskID is the id of one of the profile's tasks.
func (f frame) taskID(t *testing.T, alias string) string {
	t.Helper()
	id, ok := f.tasks(t)[alias]["id"].(string)
	if !ok {
		t.Fatalf("there is no task %q", alias)
	}
	return id
}

func TestTaskRequestAsksForTheFormOfTheTask(t *testing.T) {
	t.Parallel()
	f := withTasks(t, open(t, passfort.Options{}))

	f.raise(t, "verify-address", "")

	v := f.view(t)
	if len(v.Forms) != 1 || v.Forms[0].Title != "Proof of address" || v.Title != "Request of Northlight" {
		t.Errorf("view: %+v", v)
	}
	if got := f.onTask(t, "verify-address"); len(got) != 1 || got[0] != v.Forms[0].ID {
		t.Errorf("on the task: %v", got)
	}
	if o := f.overview(t); o.From != "verify-address" || o.SentTo != "ines@example.com" {
		t.Errorf("overview: %+v", o)
	}
}

func TestRecipientIsTheOneInTheProfile(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	person := withTasks(t, a)
	company := frame{account: a, profile: a.addProfile(t, "COMPANY_CUSTOMER",
		`{"entity_type":"COMPANY","metadata":{"contact_details":{"email":"office@example.com"}}}`)}
	company.apply(t, "business-account")

	person.raise(t, "verify-identity", "")
	if got := a.letter(t).to; got != "ines@example.com" {
		t.Errorf("the person's went to %s", got)
	}
	company.raise(t, "verify-company", "")
	if got := a.letter(t).to; got != "office@example.com" {
		t.Errorf("the company's went to %s", got)
	}
}

func TestRecipientAndTextCanBeChanged(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	f := withTasks(t, a)

	if _, err := a.RaiseRequest(f.taskID(t, "verify-identity"), "other@example.com", "Dear Ines, please <do> this."); err != nil {
		t.Fatal(err)
	}

	got := a.letter(t)
	if got.to != "other@example.com" || !strings.Contains(got.plain, "Dear Ines, please <do> this.") ||
		!strings.Contains(got.page, "Dear Ines, please &lt;do&gt; this.") || strings.Contains(got.plain, "To finish your registration") {
		t.Errorf("e-mail: %+v", got)
	}
}

func TestTaskRequestRefusesWhatItCannotSend(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	f := withTasks(t, a)
	task := f.taskID(t, "verify-identity")
	silent := frame{account: a, profile: a.addProfile(t, "COMPANY_CUSTOMER", `{"entity_type":"COMPANY"}`)}
	silent.apply(t, "business-account")
	before := len(a.kinds())

	for name, c := range map[string]struct {
		task, to, text string
		want           error
	}{
		"unknown task":     {"none", "", "", passfort.ErrNotFound},
		"task has no form": {silent.taskID(t, "identify-officers"), "jo@example.com", "", passfort.ErrInvalid},
		"no address":       {silent.taskID(t, "verify-company"), "", "", passfort.ErrInvalid},
		"no such address":  {task, "Ines", "", passfort.ErrInvalid},
		"two paragraphs":   {task, "", "one\n\ntwo", passfort.ErrInvalid},
		"control":          {task, "", "one\x00two", passfort.ErrInvalid},
		"too long":         {task, "", strings.Repeat("x", 2001), passfort.ErrInvalid},
	} {
		if _, err := a.RaiseRequest(c.task, c.to, c.text); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	if len(a.kinds()) != before || len(a.letters()) != 0 {
		t.Errorf("something happened: %v", a.kinds()[before:])
	}
}

func TestThereIsOneRequestAtATime(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	f := withTasks(t, a)
	f.raise(t, "verify-identity", "")

	for name, err := range map[string]error{
		"same task":    second(a.RaiseRequest(f.taskID(t, "verify-identity"), "", "")),
		"another task": second(a.RaiseRequest(f.taskID(t, "verify-address"), "", "")),
		"resend":       a.EmailRequest(f.id, "ines@example.com"),
	} {
		if !errors.Is(err, passfort.ErrConflict) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if r := a.api(t, "POST", "/4.0/forms/profile/"+f.profile+"/customer_request", requestBody("individual-onboarding")); r.status != 409 {
		t.Errorf("a flow meanwhile: %d %s", r.status, r.raw)
	}
	if len(a.letters()) != 1 {
		t.Errorf("%d e-mails", len(a.letters()))
	}

	f.endAs(t, passfort.Expired)
	f.raise(t, "verify-address", "")
}

func TestTaskRequestIsAuditedAndTold(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	f := withTasks(t, a)
	from := len(a.events())

	f.raise(t, "verify-identity", "")

	told := a.webhooksFrom(from)
	if len(told) != 2 || told[0].event != "CUSTOMER_REQUEST_CHANGED" || at(told[0].data, "user", "name") == nil || told[1].event != "FORM_STATE_CHANGED" {
		t.Errorf("webhooks: %+v", told)
	}
	audit := a.api(t, "GET", "/4.0/profiles/"+f.profile+"/audit-items", "")
	if strings.Count(audit.raw, `"requested-data"`) != 2 || !strings.Contains(audit.raw, "ines@example.com") {
		t.Errorf("audit: %s", audit.raw)
	}
}
