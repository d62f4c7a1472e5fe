package passfort_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox/passfort"
	setup "portal/internal/sandbox/passfort/account"
)

// appears is the time after which applications and tasks are there.
const appears = 300 * time.Millisecond

// addApplicant creates a person that applies for a product.
func (a *account) addApplicant(t *testing.T, product string) string {
	t.Helper()
	r := a.api(t, "POST", "/4.0/profiles",
		`{"role":"INDIVIDUAL_CUSTOMER","applications":[{"product":{"alias":"`+product+`"}}],"collected_data":{"entity_type":"INDIVIDUAL"}}`)
	if r.status != http.StatusOK {
		t.Fatalf("creating an applicant: %d %s", r.status, r.raw)
	}
	return r.text("id")
}

// profile reads a profile.
func (a *account) profile(t *testing.T, id string) reply {
	t.Helper()
	r := a.api(t, "GET", "/4.0/profiles/"+id, "")
	if r.status != http.StatusOK {
		t.Fatalf("reading a profile: %d %s", r.status, r.raw)
	}
	return r
}

// completeTasks passes every task of a profile.
func (a *account) completeTasks(t *testing.T, id string) {
	t.Helper()
	for _, taskID := range a.profile(t, id).each("id", "tasks") {
		if r := a.api(t, "POST", "/4.0/profiles/"+id+"/tasks/"+taskID.(string), `{"is_complete":true}`); r.status != http.StatusOK {
			t.Fatalf("completing a task: %d %s", r.status, r.raw)
		}
	}
}

// decide gives a profile's first application a status.
func (a *account) decide(t *testing.T, id, status string) reply {
	t.Helper()
	application, _ := a.profile(t, id).at("applications", 0, "id").(string)
	return a.api(t, "POST", "/4.0/profiles/"+id+"/applications/"+application, `{"status":"`+status+`"}`)
}

func TestApplicationAskedForIsThereAtOnceAndItsTasksLater(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	id := a.addApplicant(t, "personal-account")

	early := a.profile(t, id)
	if early.at("applications", 0, "flag") != "AUTOMATING" || len(early.each("id", "tasks")) != 0 ||
		len(early.each("id", "applications", 0, "required_tasks")) != 0 {
		t.Errorf("at once: %s", early.raw)
	}
	a.advance(t, appears-time.Millisecond)
	if early := a.profile(t, id); len(early.each("id", "tasks")) != 0 {
		t.Errorf("too early: %s", early.raw)
	}
	a.advance(t, time.Millisecond)
	r := a.profile(t, id)
	if diff := cmp.Diff([]any{"INDIVIDUAL_VERIFY_IDENTITY", "INDIVIDUAL_VERIFY_ADDRESS"}, r.each("type", "tasks")); diff != "" {
		t.Error(diff)
	}
	if r.at("applications", 0, "flag") != "REQUIRES_MANUAL_TASK_COMPLETION" || r.at("applications", 0, "status") != "APPLIED" {
		t.Errorf("after the delay: %s", r.raw)
	}
}

func TestTheDelayIsAnUnknown(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		delay int
		tasks int
	}{"none": {-1, 2}, "long": {60_000, 0}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := open(t, passfort.Options{AppearDelayMS: c.delay})
			id := a.addApplicant(t, "personal-account")
			a.advance(t, time.Second)
			if got := len(a.profile(t, id).each("id", "tasks")); got != c.tasks {
				t.Errorf("%d tasks, want %d", got, c.tasks)
			}
		})
	}
}

// withAutoApply makes a product one that new profiles apply for automatically.
func withAutoApply(product string) func(*passfort.Config) {
	return func(c *passfort.Config) {
		c.Account = setup.Default()
		for i, p := range c.Account.Products {
			c.Account.Products[i].AutomaticallyApply = p.Alias == product
		}
	}
}

func TestProfileAppliesForAutoApplyProductsAfterAWhile(t *testing.T) {
	t.Parallel()
	a := openWith(t, withAutoApply("personal-account"))
	id := a.addStub(t)

	early := a.profile(t, id)
	if len(early.each("id", "applications")) != 0 || early.at("category") != "INACTIVE_APPLICANT" {
		t.Errorf("at once: %s", early.raw)
	}
	a.advance(t, appears)
	r := a.profile(t, id)
	if diff := cmp.Diff("personal-account", r.at("applications", 0, "product", "alias")); diff != "" {
		t.Error(diff)
	}
	if r.at("category") != "APPLICANT" || r.at("applications", 0, "product", "automatically_apply") != true {
		t.Errorf("after the delay: %s", r.raw)
	}
}

func TestAutoApplyIsNotForOthers(t *testing.T) {
	t.Parallel()
	a := openWith(t, withAutoApply("personal-account"))
	profiles := map[string]string{
		"another kind of entity":      a.addProfile(t, "COMPANY_CUSTOMER", `{"entity_type":"COMPANY"}`),
		"an associate":                a.addProfile(t, "INDIVIDUAL_ASSOCIATED", `{"entity_type":"INDIVIDUAL"}`),
		"who asks for something else": a.addApplicant(t, "newsletter"),
	}
	a.advance(t, appears)

	for who, id := range profiles {
		for _, product := range a.profile(t, id).each("product", "applications") {
			if alias := product.(map[string]any)["alias"]; alias == "personal-account" {
				t.Errorf("%s has applied", who)
			}
		}
	}
}

func TestApplicationIsAddedLaterByAliasOrID(t *testing.T) {
	t.Parallel()
	product, _ := setup.Default().Product("personal-account")
	for name, body := range map[string]string{
		"alias": `{"product":{"alias":"personal-account"}}`,
		"id":    `{"product":{"id":"` + product.ID() + `"}}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := open(t, passfort.Options{})
			path := "/4.0/profiles/" + a.addStub(t) + "/applications"

			added := a.api(t, "POST", path, body)

			if added.status != http.StatusOK || added.at("product", "alias") != "personal-account" || added.at("flag") != "AUTOMATING" {
				t.Fatalf("status %d: %s", added.status, added.raw)
			}
			if one := a.api(t, "GET", path+"/"+added.text("id"), ""); one.raw != added.raw {
				t.Errorf("read: %s", one.raw)
			}
			if all := a.api(t, "GET", path, ""); all.raw != "["+added.raw[:len(added.raw)-1]+"]\n" {
				t.Errorf("list: %s", all.raw)
			}
			again := a.api(t, "POST", path, body)
			if again.status != http.StatusConflict || again.code() != 202 {
				t.Errorf("again: status %d code %d, want 409 and 202", again.status, again.code())
			}
		})
	}
}

func TestApplicationsThatCannotBeAreRefused(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	person := a.addStub(t)
	associate := a.addProfile(t, "INDIVIDUAL_ASSOCIATED", `{"entity_type":"INDIVIDUAL"}`)

	for name, c := range map[string]struct {
		profile, body string
		code          int
	}{
		"no product":           {person, `{}`, 101},
		"null":                 {person, `null`, 101},
		"unknown alias":        {person, `{"product":{"alias":"no-such"}}`, 201},
		"id as alias":          {person, `{"product":{"id":"personal-account"}}`, 201},
		"not for a person":     {person, `{"product":{"alias":"business-account"}}`, 502},
		"role of a customer":   {person, `{"product":{"alias":"personal-account"},"associated_role":"DIRECTOR"}`, 201},
		"associate, no role":   {associate, `{"product":{"alias":"associate-checks"}}`, 201},
		"associate, odd role":  {associate, `{"product":{"alias":"associate-checks"},"associated_role":"CHIEF"}`, 201},
		"product of odd type":  {person, `{"product":"personal-account"}`, 201},
		"alias of a odd type":  {person, `{"product":{"alias":7}}`, 201},
		"role of another type": {person, `{"product":{"alias":"personal-account"},"associated_role":{}}`, 201},
	} {
		r := a.api(t, "POST", "/4.0/profiles/"+c.profile+"/applications", c.body)
		if r.status != http.StatusBadRequest || r.code() != c.code {
			t.Errorf("%s: status %d code %d, want 400 and %d: %s", name, r.status, r.code(), c.code, r.raw)
		}
	}
	for _, path := range []string{"/applications/x", "/applications/x/revert_decision"} {
		if r := a.api(t, "GET", "/4.0/profiles/"+person+path, ""); r.status != http.StatusNotFound {
			t.Errorf("%s: status %d, want 404", path, r.status)
		}
	}
}

func TestAssociateMayBeCreatedWithAnApplicationInARole(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})

	r := a.api(t, "POST", "/4.0/profiles", `{"role":"INDIVIDUAL_ASSOCIATED","collected_data":{"entity_type":"INDIVIDUAL"},
		"applications":[{"product":{"alias":"associate-checks"},"associated_role":"DIRECTOR"}]}`)

	if r.status != http.StatusOK || r.at("applications", 0, "associated_role") != "DIRECTOR" {
		t.Errorf("status %d: %s", r.status, r.raw)
	}
}

func TestRequiredTasksCarryTheIDsOfTheirVariants(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	id := a.addApplicant(t, "personal-account")
	a.advance(t, appears)

	r := a.profile(t, id)

	var want []any
	for _, alias := range []string{"verify-identity", "verify-address"} {
		task, _ := setup.Default().Task(alias)
		want = append(want, map[string]any{"id": task.VariantID(), "alias": alias, "name": task.Name, "task_type": task.Type})
	}
	if diff := cmp.Diff(want, r.at("applications", 0, "required_tasks")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(want, r.each("variant", "tasks")); diff != "" {
		t.Error(diff)
	}
}

func TestTaskIsSharedByTheApplicationsThatRequireIt(t *testing.T) {
	t.Parallel()
	a := openWith(t, func(c *passfort.Config) {
		c.Account = setup.Default()
		c.Account.Products[3].IndividualTasks = []string{"verify-identity"}
	})
	id := a.addApplicant(t, "personal-account")
	a.api(t, "POST", "/4.0/profiles/"+id+"/applications", `{"product":{"alias":"newsletter"}}`)
	a.advance(t, appears)

	if r := a.profile(t, id); len(r.each("id", "tasks")) != 2 || r.at("task_progress", "total_count") != 2.0 {
		t.Errorf("tasks: %v", r.at("tasks"))
	}
	a.completeTasks(t, id)
	if diff := cmp.Diff([]any{"READY_FOR_DECISION", "DECIDED"}, a.profile(t, id).each("flag", "applications")); diff != "" {
		t.Error(diff)
	}
}

func TestProductWithoutTasksIsReadyAtOnce(t *testing.T) {
	t.Parallel()
	a := openWith(t, func(c *passfort.Config) {
		c.Account = setup.Default()
		c.Account.Products[3].IndividualTasks = []string{}
	})
	id := a.addApplicant(t, "newsletter")
	a.advance(t, appears)

	if r := a.profile(t, id); r.at("applications", 0, "status") != "APPROVED" || r.at("category") != "CUSTOMER" {
		t.Errorf("answer: %s", r.raw)
	}
}
