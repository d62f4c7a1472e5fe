package passfort_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox/passfort"
	accounts "portal/internal/sandbox/passfort/account"
)

// products are the products that the profile applies for, with their statuses.
func (f frame) products(t *testing.T) []string {
	t.Helper()
	list, _ := f.account.api(t, "GET", "/4.0/profiles/"+f.profile, "").body["applications"].([]any)
	products := []string{}
	for _, item := range list {
		products = append(products, at(item, "product", "alias").(string)+" "+at(item, "status").(string))
	}
	return products
}

// complete fills the forms of a person in and finishes.
func (f frame) complete(t *testing.T) {
	t.Helper()
	f.submit(t, yourDetails, alex)
	f.submit(t, yourDocument, nil)
	f.finish(t)
}

func TestCompletionAddsTheProductOfTheFlow(t *testing.T) {
	t.Parallel()
	f := openPerson(t, open(t, passfort.Options{}))
	if got := f.products(t); len(got) != 0 {
		t.Errorf("before: %v", got)
	}

	f.complete(t)

	if diff := cmp.Diff([]string{"personal-account APPLIED"}, f.products(t)); diff != "" {
		t.Error(diff)
	}
}

func TestCompletionAddsTheProductOnce(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	f := openPerson(t, a)
	f.apply(t, "personal-account")
	f.complete(t)
	f.id, f.key = a.addRequest(t, f.profile, "individual-onboarding")
	f.complete(t)

	if diff := cmp.Diff([]string{"personal-account APPLIED"}, f.products(t)); diff != "" {
		t.Error(diff)
	}
}

func TestExpiryAddsNoProduct(t *testing.T) {
	t.Parallel()
	f := openPerson(t, open(t, passfort.Options{}))
	f.submit(t, yourDetails, alex)
	f.account.advance(t, 91*day)

	if got := f.products(t); len(got) != 0 {
		t.Errorf("applications: %v", got)
	}
}

func TestFlowWithoutAProductAddsNone(t *testing.T) {
	t.Parallel()
	f := openPerson(t, openWith(t, func(c *passfort.Config) {
		c.Account = changed(func(d *accounts.Account) { d.FlowTemplates[0].Product = "" })
	}))
	f.complete(t)

	if got := f.products(t); len(got) != 0 {
		t.Errorf("applications: %v", got)
	}
}

func TestCompletedFormRunsItsCheck(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	f := frame{account: a, profile: a.addStub(t)}
	f.apply(t, "personal-account")
	f.raise(t, "verify-identity", "jo@example.com")
	form := f.form(t, "Proof of identity")
	f.upload(t, form, "FRONT", "PASSPORT", pixel)
	f.upload(t, form, "SELFIE", "PASSPORT", pixel)
	f.submit(t, form.Title, nil)
	if got := a.api(t, "GET", "/4.0/profiles/"+f.profile+"/checks", ""); got.raw != "[]\n" && got.raw != "[]" {
		t.Errorf("a check runs before Finish, though nothing else is to come: %s", got.raw)
	}

	f.finish(t)
	a.letChecksEnd(t)

	task := f.tasks(t)["verify-identity"]
	if ids, _ := task["check_ids"].([]any); task["state"] != "COMPLETED_PASS" || len(ids) != 1 {
		t.Errorf("task: %v", task)
	}
}

func TestFlowOfOneCheckedFormEndsWithFinish(t *testing.T) {
	t.Parallel()
	a := openWith(t, func(c *passfort.Config) {
		c.Account = changed(func(d *accounts.Account) {
			d.FlowTemplates[1].Forms = []string{"company-contact", "company-details"}
		})
	})
	f := openCompany(t, a)
	f.submit(t, aboutYou, jo)
	f.submit(t, companyDetails, aerial)
	if form := f.form(t, companyDetails); !form.Editable {
		t.Errorf("nothing is to come, but the form is closed: %+v", form)
	}

	f.finish(t)
	a.letChecksEnd(t)

	if got := f.overview(t).State; got != passfort.Completed {
		t.Errorf("the request is %s", got)
	}
	if got := at(f.data(t), "metadata", "company_type"); got == nil {
		t.Error("the check did not run")
	}
}
