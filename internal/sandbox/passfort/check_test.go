package passfort_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox/passfort"
	setup "portal/internal/sandbox/passfort/account"
)

// checkTakes is how long a check takes.
const checkTakes = 500 * time.Millisecond

const aerialTraders = `{"entity_type":"COMPANY","metadata":{"name":"Aerial Traders","number":"10000001","country_of_incorporation":"GBR"}}`

// runCheck orders a check and returns its id.
func (a *account) runCheck(t *testing.T, profileID, checkType string) string {
	t.Helper()
	r := a.api(t, "POST", "/4.0/profiles/"+profileID+"/checks", `{"check_type":"`+checkType+`"}`)
	if r.status != http.StatusOK || r.text("state") != "RUNNING" || r.text("result") != "" {
		t.Fatalf("running a check: %d %s", r.status, r.raw)
	}
	return r.text("id")
}

func TestCheckRunsForAWhile(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	id := a.addStub(t)
	path := "/4.0/profiles/" + id + "/checks/" + a.runCheck(t, id, "IDENTITY_CHECK")

	a.advance(t, checkTakes-time.Millisecond)
	if r := a.api(t, "GET", path, ""); r.text("state") != "RUNNING" {
		t.Errorf("too early: %s", r.raw)
	}
	a.advance(t, time.Millisecond)
	r := a.api(t, "GET", path, "")
	if r.text("state") != "COMPLETE" || r.text("result") != "2+2" || r.at("instructed_externally") != true {
		t.Errorf("answer: %s", r.raw)
	}
	if diff := cmp.Diff(r.at(), a.profile(t, id).at("checks", 0)); diff != "" {
		t.Error(diff)
	}
	if list := a.api(t, "GET", "/4.0/profiles/"+id+"/checks", ""); list.at(0, "id") != r.text("id") {
		t.Errorf("list: %s", list.raw)
	}
}

func TestCheckMayTakeNoTime(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{CheckDelayMS: -1})

	r := a.api(t, "POST", "/4.0/profiles/"+a.addStub(t)+"/checks", `{"check_type":"IDENTITY_CHECK"}`)

	if r.text("state") != "COMPLETE" {
		t.Errorf("answer: %s", r.raw)
	}
}

func TestRegisterAddsWhatItKnowsToCollectedData(t *testing.T) {
	t.Parallel()
	for _, checkType := range []string{"COMPANY_REGISTRY", "COMPANY_OWNERSHIP"} {
		t.Run(checkType, func(t *testing.T) {
			t.Parallel()
			a := open(t, passfort.Options{})
			id := a.addProfile(t, "COMPANY_CUSTOMER", aerialTraders)
			before := a.api(t, "GET", "/4.0/profiles/"+id+"/collected_data", "").header.Get("Etag")
			a.runCheck(t, id, checkType)
			a.advance(t, checkTakes)

			r := a.profile(t, id)

			if r.at("checks", 0, "result") != "Pass" || r.at("checks", 0, "output_data", "metadata", "is_active") != true {
				t.Errorf("check: %v", r.at("checks"))
			}
			data := r.at("collected_data").(map[string]any)
			if r.at("collected_data", "metadata", "name") != "Aerial Traders" || r.at("collected_data", "metadata", "is_active") != true {
				t.Errorf("metadata: %v", data["metadata"])
			}
			shareholders := r.each("total_percentage", "collected_data", "ownership_structure", "shareholders")
			if diff := cmp.Diff([]any{60.0, 40.0}, shareholders); diff != "" {
				t.Error(diff)
			}
			if r.at("collected_data", "officers", "directors", 0, "resolver_id") == nil || r.at("has_associates") != true {
				t.Errorf("officers: %v", data["officers"])
			}
			if after := a.api(t, "GET", "/4.0/profiles/"+id+"/collected_data", "").header.Get("Etag"); after == before {
				t.Error("the Etag is the same")
			}
		})
	}
}

func TestRegisterLeavesWhatIsKnownAlone(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	id := a.addProfile(t, "COMPANY_CUSTOMER", `{"entity_type":"COMPANY","customer_ref":"ref-1",
		"metadata":{"name":"Ours","number":"10000001","country_of_incorporation":"GBR","is_active":false},
		"ownership_structure":{"shareholders":[{"entity_type":"COMPANY","immediate_data":{"entity_type":"COMPANY"}}]}}`)
	a.runCheck(t, id, "COMPANY_REGISTRY")
	a.advance(t, checkTakes)

	r := a.profile(t, id)

	if r.at("collected_data", "metadata", "name") != "Ours" || r.at("collected_data", "metadata", "is_active") != false ||
		len(r.each("entity_type", "collected_data", "ownership_structure", "shareholders")) != 1 ||
		r.at("collected_data", "customer_ref") != "ref-1" {
		t.Errorf("answer: %s", r.raw)
	}
}

func TestUnknownCompanyFailsItsCheck(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	id := a.addProfile(t, "COMPANY_CUSTOMER", `{"entity_type":"COMPANY"}`)
	a.runCheck(t, id, "COMPANY_REGISTRY")
	a.advance(t, checkTakes)

	if r := a.profile(t, id); r.at("checks", 0, "result") != "Fail" || r.at("checks", 0, "output_data") != nil {
		t.Errorf("answer: %s", r.raw)
	}
}

func TestDocumentVerificationNeedsAPicture(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	id := a.addApplicant(t, "personal-account")
	a.advance(t, appears)
	a.runCheck(t, id, "DOCUMENT_VERIFICATION")
	a.advance(t, checkTakes)

	r := a.profile(t, id)

	if r.at("checks", 0, "result") != "Fail" || r.at("tasks", 0, "state") != "INCOMPLETE" {
		t.Errorf("answer: %s", r.raw)
	}
	if diff := cmp.Diff(r.each("id", "checks"), r.at("tasks", 0, "check_ids")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]any{r.at("tasks", 0, "id")}, r.at("checks", 0, "task_ids")); diff != "" {
		t.Error(diff)
	}
}

// withIdentityCheck makes the form that staff request on a task one that runs a check which passes.
func withIdentityCheck(c *passfort.Config) {
	c.Account = setup.Default()
	for i, f := range c.Account.Forms {
		if f.Alias == "identity-document" {
			c.Account.Forms[i].Check = setup.IdentityCheck
		}
	}
}

func TestPassedCheckCompletesItsTasks(t *testing.T) {
	t.Parallel()
	a := openWith(t, withIdentityCheck)
	id := a.automated(t)
	a.runCheck(t, id, "IDENTITY_CHECK")
	a.advance(t, checkTakes)

	if diff := cmp.Diff([]any{"COMPLETED_PASS", "INCOMPLETE"}, a.profile(t, id).each("state", "tasks")); diff != "" {
		t.Error(diff)
	}
}

func TestCheckDoesNotOverruleStaff(t *testing.T) {
	t.Parallel()
	a := openWith(t, withIdentityCheck)
	id := a.automated(t)
	a.runCheck(t, id, "IDENTITY_CHECK")
	task, _ := a.profile(t, id).at("tasks", 0, "id").(string)
	must(t, a.SetTaskState(task, "COMPLETED_FAIL"))
	a.advance(t, checkTakes)

	if r := a.profile(t, id); r.at("tasks", 0, "state") != "COMPLETED_FAIL" || r.at("checks", 0, "result") != "2+2" {
		t.Errorf("answer: %s", r.raw)
	}
}

func TestChecksThatCannotBeAreRefused(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	path := "/4.0/profiles/" + a.addStub(t) + "/checks"

	for body, code := range map[string]int{
		`{}`:                                101,
		`{"check_type":"MAGIC"}`:            502,
		`{"check_type":"COMPANY_REGISTRY"}`: 201,
		`{"check_type":7}`:                  201,
		`[`:                                 201,
	} {
		if r := a.api(t, "POST", path, body); r.status != http.StatusBadRequest || r.code() != code {
			t.Errorf("%s: status %d code %d, want 400 and %d", body, r.status, r.code(), code)
		}
	}
	if r := a.api(t, "GET", path+"/x", ""); r.status != http.StatusNotFound {
		t.Errorf("unknown check: status %d, want 404", r.status)
	}
}

func TestCompaniesAreFoundByNameAndNumber(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})

	for query, want := range map[string][]any{
		"country=GBR&query=aerial":   {"10000001"},
		"country=GBR&query=LTD":      {"10000001", "10000002", "10000003"},
		"country=GBR&query=10000002": {"10000002"},
		"country=GBR&query=1000000":  {},
		"country=FRA&query=aerial":   {},
	} {
		r := a.api(t, "GET", "/4.0/search/companies?"+query, "")
		if diff := cmp.Diff(want, r.each("number", "companies")); diff != "" {
			t.Errorf("%s: %s", query, diff)
		}
	}
	for query, code := range map[string]int{"query=aerial": 101, "country=GBR": 101, "country=Britain&query=aerial": 201} {
		if r := a.api(t, "GET", "/4.0/search/companies?"+query, ""); r.status != http.StatusBadRequest || r.code() != code {
			t.Errorf("%s: status %d code %d, want 400 and %d", query, r.status, r.code(), code)
		}
	}
}
