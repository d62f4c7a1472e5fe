package passfort_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox/passfort"
)

func TestCreateProfileAnswersTheWholeResource(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})

	r := a.api(t, "POST", "/4.0/profiles", `{
		"role": "INDIVIDUAL_CUSTOMER",
		"applications": [{"product": {"alias": "forexo_basic"}}],
		"collected_data": {
			"entity_type": "INDIVIDUAL",
			"personal_details": {"name": {"given_names": ["Alex", "D"], "family_name": "Wheeler"}},
			"of_its_own": {"kept": true}
		}
	}`)

	if r.status != http.StatusOK {
		t.Fatalf("status %d: %s", r.status, r.raw)
	}
	applications := r.body["applications"].([]any)
	application := applications[0].(map[string]any)
	got := map[string]any{
		"role":           r.body["role"],
		"category":       r.body["category"],
		"status":         r.body["status"],
		"display_name":   r.body["display_name"],
		"creation_date":  r.body["creation_date"],
		"tasks":          r.body["tasks"],
		"product":        application["product"].(map[string]any)["alias"],
		"flag":           application["flag"],
		"collected_data": r.body["collected_data"].(map[string]any)["of_its_own"],
	}
	want := map[string]any{
		"role":           "INDIVIDUAL_CUSTOMER",
		"category":       "APPLICANT",
		"status":         "NORMAL",
		"display_name":   "Alex D Wheeler",
		"creation_date":  "2026-03-01 12:00:00",
		"tasks":          []any{},
		"product":        "forexo_basic",
		"flag":           "AUTOMATING",
		"collected_data": map[string]any{"kept": true},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if shown := a.api(t, "GET", "/4.0/profiles/"+r.text("id"), ""); shown.raw != r.raw {
		t.Errorf("the read differs: %s", cmp.Diff(r.raw, shown.raw))
	}
}

func TestStubProfileHasNoNameAndNoApplication(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})

	r := a.api(t, "POST", "/4.0/profiles", `{"role":"COMPANY_CUSTOMER","collected_data":{"entity_type":"COMPANY"}}`)

	if r.text("display_name") != "" || r.text("category") != "INACTIVE_APPLICANT" || len(r.body["applications"].([]any)) != 0 {
		t.Errorf("answer: %s", r.raw)
	}
}

func TestCreateProfileRefusesWhatItCannotUse(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})

	for name, c := range map[string]struct {
		body   string
		status int
		code   int
	}{
		"no JSON":             {`{"role":`, 400, 201},
		"nothing":             {``, 400, 201},
		"two documents":       {`{}{}`, 400, 201},
		"a list":              {`[]`, 400, 201},
		"no role":             {`{"collected_data":{"entity_type":"COMPANY"}}`, 400, 101},
		"unknown role":        {`{"role":"INDIVIDIUAL_CUSTOMER","collected_data":{"entity_type":"INDIVIDUAL"}}`, 400, 201},
		"role of wrong type":  {`{"role":7,"collected_data":{"entity_type":"COMPANY"}}`, 400, 201},
		"no data":             {`{"role":"COMPANY_CUSTOMER"}`, 400, 101},
		"null data":           {`{"role":"COMPANY_CUSTOMER","collected_data":null}`, 400, 101},
		"list as data":        {`{"role":"COMPANY_CUSTOMER","collected_data":[]}`, 400, 201},
		"no entity type":      {`{"role":"COMPANY_CUSTOMER","collected_data":{}}`, 400, 101},
		"unknown entity type": {`{"role":"COMPANY_CUSTOMER","collected_data":{"entity_type":"TRUST"}}`, 400, 201},
		"entity of a number":  {`{"role":"COMPANY_CUSTOMER","collected_data":{"entity_type":1}}`, 400, 201},
		"entity mismatch":     {`{"role":"COMPANY_CUSTOMER","collected_data":{"entity_type":"INDIVIDUAL"}}`, 400, 201},
		"reference of wrong type": {
			`{"role":"COMPANY_CUSTOMER","collected_data":{"entity_type":"COMPANY","customer_ref":1}}`, 400, 201,
		},
		"given names as text": {
			`{"role":"INDIVIDUAL_CUSTOMER","collected_data":{"entity_type":"INDIVIDUAL","personal_details":{"name":{"given_names":"Al"}}}}`, 400, 201,
		},
		"impossible birthday": {
			`{"role":"INDIVIDUAL_CUSTOMER","collected_data":{"entity_type":"INDIVIDUAL","personal_details":{"dob":"27.3.1990"}}}`, 400, 201,
		},
		"product without alias": {
			`{"role":"COMPANY_CUSTOMER","collected_data":{"entity_type":"COMPANY"},"applications":[{"product":{}}]}`, 400, 101,
		},
		"too large": {`{"role":"` + strings.Repeat("x", 2<<20) + `"}`, 413, 201},
		"too deep":  {strings.Repeat(`[`, 20000), 400, 201},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := a.api(t, "POST", "/4.0/profiles", c.body)
			if r.status != c.status || r.code() != c.code {
				t.Errorf("status %d code %d, want %d and %d: %s", r.status, r.code(), c.status, c.code, r.raw)
			}
		})
	}
	t.Cleanup(func() {
		if got := a.kinds(); len(got) != 0 {
			t.Errorf("refused calls took effect: %v", got)
		}
	})
}

func TestCreateProfileRecordsItsEffect(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})

	id := a.addProfile(t, "COMPANY_CUSTOMER", `{"entity_type":"COMPANY","customer_ref":"ref-1"}`)

	all := a.effects.All()
	if len(all) != 1 {
		t.Fatalf("effects: %+v", all)
	}
	e := all[0]
	if e.Kind != "profile.create" || e.ID != id || e.ProfileID != id || e.CustomerRef != "ref-1" || e.Provider != "passfort" {
		t.Errorf("effect: %+v", e)
	}
}

func TestCreateStatusIsAnUnknown(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{CreateStatus: http.StatusCreated})

	r := a.api(t, "POST", "/4.0/profiles", `{"role":"COMPANY_CUSTOMER","collected_data":{"entity_type":"COMPANY"}}`)

	if r.status != http.StatusCreated {
		t.Errorf("status %d, want 201", r.status)
	}
}

func TestListIsNewestFirstWithoutCollectedData(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	first, second, third := a.addStub(t), a.addStub(t), a.addStub(t)

	r := a.api(t, "GET", "/4.0/profiles?limit=2", "")

	if diff := cmp.Diff([]string{third, second}, ids(r)); diff != "" {
		t.Error(diff)
	}
	if r.body["count"] != 3.0 || r.body["limit"] != 2.0 || r.body["offset"] != 0.0 || strings.Contains(r.raw, "collected_data") {
		t.Errorf("answer: %s", r.raw)
	}
	rest := a.api(t, "GET", "/4.0/profiles?limit=2&offset=2", "")
	if diff := cmp.Diff([]string{first}, ids(rest)); diff != "" {
		t.Error(diff)
	}
	if past := a.api(t, "GET", "/4.0/profiles?offset=9", ""); len(ids(past)) != 0 {
		t.Errorf("past the end: %v", ids(past))
	}
}

func TestListRefusesImpossiblePages(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})

	for _, query := range []string{"limit=201", "limit=0", "limit=x", "offset=-1"} {
		if r := a.api(t, "GET", "/4.0/profiles?"+query, ""); r.status != http.StatusBadRequest || r.code() != 201 {
			t.Errorf("%s: status %d code %d, want 400 and 201", query, r.status, r.code())
		}
	}
}

func TestSearchMatchesNamesButNotReferences(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	id := a.addProfile(t, "COMPANY_CUSTOMER", `{"entity_type":"COMPANY","customer_ref":"ref-1","metadata":{"name":"PassFort Limited"}}`)
	a.addStub(t)

	if diff := cmp.Diff([]string{id}, ids(a.api(t, "GET", "/4.0/profiles?q=passfort", ""))); diff != "" {
		t.Error(diff)
	}
	if got := ids(a.api(t, "GET", "/4.0/profiles?q=ref-1", "")); len(got) != 0 {
		t.Errorf("found by reference: %v", got)
	}
}

func TestSearchByReferenceIsAnUnknown(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{SearchByCustomerRef: true})
	id := a.addProfile(t, "COMPANY_CUSTOMER", `{"entity_type":"COMPANY","customer_ref":"ref-1"}`)

	if diff := cmp.Diff([]string{id}, ids(a.api(t, "GET", "/4.0/profiles?q=ref-1", ""))); diff != "" {
		t.Error(diff)
	}
}

func TestUnknownProfileIsNotFound(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})

	for _, path := range []string{
		"/4.0/profiles/00000000-0000-0000-0000-000000000000",
		"/4.0/profiles/no-uuid",
		"/4.0/profiles/no-uuid/collected_data",
		"/4.0/forms/profile/no-uuid/customer_request",
	} {
		if r := a.api(t, "GET", path, ""); r.status != http.StatusNotFound || r.code() == 0 {
			t.Errorf("%s: status %d: %s", path, r.status, r.raw)
		}
	}
}

func ids(r reply) []string {
	found := []string{}
	results, _ := r.body["results"].([]any)
	for _, item := range results {
		id, _ := item.(map[string]any)["id"].(string)
		found = append(found, id)
	}
	return found
}
