package passfort_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox/passfort"
	accounts "portal/internal/sandbox/passfort/account"
)

func TestAnswersGoIntoCollectedDataAsFormsAreSubmitted(t *testing.T) {
	t.Parallel()
	f := openPerson(t, open(t, passfort.Options{}))

	f.submit(t, yourDetails, alex)

	want := map[string]any{
		"entity_type":  "INDIVIDUAL",
		"customer_ref": "kept",
		"personal_details": map[string]any{
			"name": map[string]any{"given_names": []any{"Alex", "D"}, "family_name": "Wheeler"},
			"dob":  "1990-03-27",
		},
	}
	if diff := cmp.Diff(want, f.data(t)); diff != "" {
		t.Error(diff)
	}
	if f.read(t).body["is_completed"] != false {
		t.Error("the request is completed after the first form")
	}
}

func TestFinishCompletesTheRequestAndSendsTheBrowserOn(t *testing.T) {
	t.Parallel()
	f := openPerson(t, open(t, passfort.Options{}))
	f.submit(t, yourDetails, alex)
	f.submit(t, yourDocument, nil)

	r := f.call(t, "POST", "/finish", "")

	want := map[string]any{"redirect_url": "https://company.example/done", "redirect": "top"}
	if diff := cmp.Diff(want, r.body); r.status != http.StatusOK || diff != "" {
		t.Errorf("finish: %d %s", r.status, diff)
	}
	if f.read(t).body["is_completed"] != true {
		t.Error("the request is not completed after Finish")
	}
}

func TestFinishPressedAgainSaysTheSame(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	f := openPerson(t, a)
	f.submit(t, yourDetails, alex)
	f.submit(t, yourDocument, nil)
	f.finish(t)
	before, told := a.kinds(), len(a.events())

	r := f.call(t, "POST", "/finish", "")

	if r.status != http.StatusOK || r.text("redirect_url") != "https://company.example/done" {
		t.Errorf("finish again: %d %s", r.status, r.raw)
	}
	if diff := cmp.Diff(before, a.kinds()); diff != "" || len(a.events()) != told {
		t.Errorf("it had effects: %s", diff)
	}
}

func TestFlowMayHaveItsOwnRedirect(t *testing.T) {
	t.Parallel()
	a := openWith(t, func(c *passfort.Config) {
		c.Account = changed(func(d *accounts.Account) { d.FlowTemplates[0].Redirect = "https://company.example/special" })
		c.Options.Redirect = passfort.RedirectNone
	})
	f := openPerson(t, a)
	f.submit(t, yourDetails, alex)
	f.submit(t, yourDocument, nil)

	r := f.call(t, "POST", "/finish", "")

	if r.text("redirect_url") != "https://company.example/special" || r.text("redirect") != "none" {
		t.Errorf("finish: %s", r.raw)
	}
}

func TestFinishNeedsEveryForm(t *testing.T) {
	t.Parallel()
	f := openPerson(t, open(t, passfort.Options{}))
	f.submit(t, yourDetails, alex)

	r := f.call(t, "POST", "/finish", "")

	if r.status != http.StatusUnprocessableEntity || !strings.Contains(r.text("message"), yourDocument) {
		t.Errorf("status %d: %s", r.status, r.raw)
	}
	if f.read(t).body["is_completed"] != false {
		t.Error("the request is completed all the same")
	}
}

func TestFormCanBeCorrectedUntilFinish(t *testing.T) {
	t.Parallel()
	f := openPerson(t, open(t, passfort.Options{}))
	f.submit(t, yourDetails, alex)

	corrected := answers{"given_names": "Alexandra", "family_name": "Wheeler", "date_of_birth": "1990-03-27"}
	f.submit(t, yourDetails, corrected)

	form := f.form(t, yourDetails)
	if diff := cmp.Diff(corrected, form.answers()); diff != "" {
		t.Error(diff)
	}
	if !form.Submitted || !form.Editable || form.State != passfort.Sent {
		t.Errorf("the form: %+v", form)
	}
}

func TestLinkThatOpensNothingSaysExpired(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(t *testing.T, f *frame){
		"expired":    func(t *testing.T, f *frame) { f.endAs(t, passfort.Expired) },
		"too old":    func(t *testing.T, f *frame) { f.account.advance(t, 91*24*time.Hour) },
		"wrong key":  func(_ *testing.T, f *frame) { f.key = "no-such-key" },
		"no key":     func(_ *testing.T, f *frame) { f.key = "" },
		"master key": func(_ *testing.T, f *frame) { f.key = masterKey },
		"unknown":    func(_ *testing.T, f *frame) { f.id = "no-such-request" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := openPerson(t, open(t, passfort.Options{}))
			form := f.form(t, yourDetails).ID
			end(t, &f)
			for what, r := range map[string]reply{
				"read":    f.call(t, "GET", "", ""),
				"draft":   f.call(t, "PUT", "/forms/"+form+"/draft", alex.body(t)),
				"submit":  f.call(t, "POST", "/forms/"+form, alex.body(t)),
				"picture": f.call(t, "PUT", "/forms/"+form+"/documents/identity_document/FRONT", pixel),
				"finish":  f.call(t, "POST", "/finish", ""),
			} {
				if r.status != http.StatusGone && r.status != http.StatusNotFound || r.text("message") != "This request has expired." {
					t.Errorf("%s: status %d: %s", what, r.status, r.raw)
				}
			}
		})
	}
}

func TestCompletedRequestCannotBeOpenedAgain(t *testing.T) {
	t.Parallel()
	f := openPerson(t, open(t, passfort.Options{}))
	form := f.form(t, yourDetails).ID
	f.endAs(t, passfort.Completed)

	for what, r := range map[string]reply{
		"read":   f.call(t, "GET", "", ""),
		"submit": f.call(t, "POST", "/forms/"+form, alex.body(t)),
	} {
		if r.status != http.StatusGone || r.text("message") != "This request has expired." {
			t.Errorf("%s: status %d: %s", what, r.status, r.raw)
		}
	}
}

// endAs lets staff end the request as a whole.
func (f frame) endAs(t *testing.T, s passfort.State) {
	t.Helper()
	if err := f.account.SetRequestState(f.id, s); err != nil {
		t.Fatal(err)
	}
}

func TestUnknownFormIsNotFound(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	f, other := openPerson(t, a), openPerson(t, a)

	for _, id := range []string{"no-such-form", other.form(t, yourDetails).ID} {
		if r := f.call(t, "POST", "/forms/"+id, alex.body(t)); r.status != http.StatusNotFound {
			t.Errorf("%s: status %d: %s", id, r.status, r.raw)
		}
	}
}
