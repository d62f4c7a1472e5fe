package passfort_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox/passfort"
	accounts "portal/internal/sandbox/passfort/account"
)

// atOnce is an account in which nothing takes time.
func atOnce(t *testing.T, change func(d *accounts.Account)) *account {
	t.Helper()
	return openWith(t, func(c *passfort.Config) {
		c.Account = changed(change)
		c.Options = passfort.Options{AppearDelayMS: -1, CheckDelayMS: -1}
	})
}

func asItIs(*accounts.Account) {}

func TestCheckWithoutDelayEndsWithTheSubmission(t *testing.T) {
	t.Parallel()
	a := atOnce(t, asItIs)
	f := openCompany(t, a)

	r := f.try(t, companyDetails, aerial)

	v := asShown(t, r)
	if diff := cmp.Diff([]string{companyDetails, aboutYou, shareholders}, v.titles()); diff != "" || v.Waiting {
		t.Errorf("waiting %v: %s", v.Waiting, diff)
	}
	if v.Forms[0].State != passfort.Completed || v.Forms[0].Editable {
		t.Errorf("the form that ran it: %+v", v.Forms[0])
	}
	consistent(t, a)
}

func TestCompanyIsOnboardedWithoutDelays(t *testing.T) {
	t.Parallel()
	a := atOnce(t, asItIs)
	f := openCompany(t, a)
	f.submit(t, companyDetails, aerial)
	f.submit(t, aboutYou, jo)
	about := f.form(t, shareholders).Sections
	f.submit(t, shareholders, answers{about[0].Questions[0].Name: "yes", about[1].Questions[0].Name: "no"})
	from := len(a.events())
	f.finish(t)

	want := []string{
		"FORM_STATE_CHANGED COMPLETED", "FORM_STATE_CHANGED COMPLETED", "CUSTOMER_REQUEST_CHANGED COMPLETED",
	}
	if diff := cmp.Diff(want, a.told(from)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"business-account APPLIED"}, f.products(t)); diff != "" {
		t.Error(diff)
	}
	if got := f.onTask(t, "identify-owners"); len(got) != 1 {
		t.Errorf("forms on the task: %v", got)
	}
	if a.count("customer_request.complete") != 1 || a.count("check.create") != 1 {
		t.Errorf("effects: %v", a.kinds())
	}
	consistent(t, a)
}

func TestPersonIsOnboardedWithoutDelays(t *testing.T) {
	t.Parallel()
	a := atOnce(t, asItIs)
	f := openPerson(t, a)
	f.complete(t)
	f.raise(t, "verify-identity", "jo@example.com")
	form := f.form(t, "Proof of identity")
	f.upload(t, form, "FRONT", "PASSPORT", pixel)
	f.upload(t, form, "SELFIE", "PASSPORT", pixel)
	f.submit(t, form.Title, nil)
	from := len(a.events())
	f.finish(t)

	want := []string{
		"FORM_STATE_CHANGED", "CUSTOMER_REQUEST_CHANGED", "PRODUCT_BADGE_CHANGED", "CHECK_COMPLETED",
		"TASK_STATE_CHANGED", "TASK_IS_COMPLETE_CHANGED", "PRODUCT_BADGE_CHANGED", "MANUAL_ACTION_REQUIRED",
	}
	if diff := cmp.Diff(want, a.eventsFrom(from)); diff != "" {
		t.Error(diff)
	}
	if a.count("customer_request.complete") != 2 || f.tasks(t)["verify-identity"]["state"] != "COMPLETED_PASS" {
		t.Errorf("effects: %v", a.kinds())
	}
	consistent(t, a)
}

// twoChecks gives the flow for companies two forms that run checks, and the shareholders' between them.
func twoChecks(d *accounts.Account) {
	twin := d.Forms[0]
	for _, form := range d.Forms {
		if form.Alias == "company-details" {
			twin = form
		}
	}
	twin.Alias, twin.Title = "company-details-again", "Company details again"
	d.Forms = append(d.Forms, twin)
	d.FlowTemplates[1].Forms = []string{"company-details", "shareholders", "company-details-again"}
}

func TestFlowWithTwoChecksWithoutDelays(t *testing.T) {
	t.Parallel()
	for _, company := range []answers{aerial, unknown} {
		a := atOnce(t, twoChecks)
		f := openCompany(t, a)
		f.submit(t, "Company details again", company)
		f.submit(t, companyDetails, company)
		if company["number"] == aerial["number"] {
			about := f.form(t, shareholders).Sections
			f.submit(t, shareholders, answers{about[0].Questions[0].Name: "yes", about[1].Questions[0].Name: "no"})
			f.finish(t)
		}
		if o := f.overview(t); o.State != passfort.Completed || a.count("customer_request.complete") != 1 || a.count("check.create") != 2 {
			t.Errorf("%s: %+v, effects %v", company["name"], o, a.kinds())
		}
		consistent(t, a)
	}
}

func TestStaffEndACompanysRequestWithoutDelays(t *testing.T) {
	t.Parallel()
	for _, s := range []passfort.State{passfort.Completed, passfort.Expired} {
		a := atOnce(t, twoChecks)
		profile := a.addProfile(t, "COMPANY_CUSTOMER", `{"entity_type":"COMPANY","metadata":{"number":"10000001","country_of_incorporation":"GBR"}}`)
		id, key := a.addRequest(t, profile, "company-onboarding")
		f := frame{a, profile, id, key}

		f.endAs(t, s)

		o := f.overview(t)
		if o.State != s || len(o.Forms) != 2 || o.Forms[0].State != s || o.Forms[1].State != s {
			t.Errorf("%s: %+v", s, o)
		}
		if a.count("customer_request.complete")+a.count("customer_request.expire") != 1 {
			t.Errorf("%s: effects %v", s, a.kinds())
		}
		if ran := a.count("check.create"); ran != map[passfort.State]int{passfort.Completed: 2}[s] {
			t.Errorf("%s: %d checks ran", s, ran)
		}
		consistent(t, a)
	}
}

func TestStaffCompleteFormsOneByOneWithoutDelays(t *testing.T) {
	t.Parallel()
	a := atOnce(t, twoChecks)
	profile := a.addProfile(t, "COMPANY_CUSTOMER", `{"entity_type":"COMPANY","metadata":{"number":"10000001","country_of_incorporation":"GBR"}}`)
	id, key := a.addRequest(t, profile, "company-onboarding")
	f := frame{a, profile, id, key}

	f.end(t, "company-details-again", passfort.Completed)
	want := []string{companyDetails, shareholders, "Company details again"}
	if diff := cmp.Diff(want, f.view(t).titles()); diff != "" {
		t.Error(diff)
	}
	f.end(t, "shareholders", passfort.Expired)
	f.end(t, "company-details", passfort.Canceled)

	if o := f.overview(t); o.State != passfort.Expired || a.count("customer_request.expire") != 1 {
		t.Errorf("%+v, effects %v", o, a.kinds())
	}
	consistent(t, a)
}

func TestRequestThatIsOverWaitsForNothing(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	f := openCompany(t, a)

	f.endAs(t, passfort.Completed)

	if o := f.overview(t); o.Waiting || a.count("check.create") != 1 {
		t.Errorf("the request: %+v", o)
	}
	a.letChecksEnd(t)
	if o := f.overview(t); o.State != passfort.Completed || len(o.Forms) != 2 {
		t.Errorf("after the check: %+v", o)
	}
}

func TestRequestThatWaitsForItsLastCheckEndsWithIt(t *testing.T) {
	t.Parallel()
	for _, delay := range []int{-1, 1000} {
		a := openWith(t, func(c *passfort.Config) { c.Options.CheckDelayMS = delay })
		f := openCompany(t, a)
		f.end(t, "company-contact", passfort.Expired)
		f.end(t, "company-details", passfort.Completed)
		if o := f.overview(t); delay > 0 && (o.State != passfort.Sent || !o.Waiting) {
			t.Errorf("while the check runs: %+v", o)
		}

		a.letChecksEnd(t)

		if o := f.overview(t); o.State != passfort.Completed || o.Waiting || a.count("customer_request.complete") != 1 {
			t.Errorf("delay %d: %+v, effects %v", delay, o, a.kinds())
		}
	}
}
