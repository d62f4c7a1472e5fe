package passfort_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox/passfort"
)

func TestCreateProfileAnswersTheWholeResource(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})

	r := a.api(t, "POST", "/4.0/profiles", `{
		"role": "INDIVIDUAL_CUSTOMER",
		"applications": [{"product": {"alias": "personal-account"}}],
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
		"product":        "personal-account",
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
		"unknown product": {
			`{"role":"COMPANY_CUSTOMER","collected_data":{"entity_type":"COMPANY"},"applications":[{"product":{"alias":"no-such"}}]}`, 400, 201,
		},
		"product of another kind": {
			`{"role":"COMPANY_CUSTOMER","collected_data":{"entity_type":"COMPANY"},"applications":[{"product":{"alias":"newsletter"}}]}`, 400, 502,
		},
		"product twice": {
			`{"role":"COMPANY_CUSTOMER","collected_data":{"entity_type":"COMPANY"},
			"applications":[{"product":{"alias":"business-account"}},{"product":{"alias":"business-account"}}]}`, 400, 201,
		},
		"application null": {
			`{"role":"COMPANY_CUSTOMER","collected_data":{"entity_type":"COMPANY"},"applications":[null]}`, 400, 101,
		},
		"applications as an object": {
			`{"role":"COMPANY_CUSTOMER","collected_data":{"entity_type":"COMPANY"},"applications":{}}`, 400, 201,
		},
		"thirtieth of February": {
			`{"role":"INDIVIDUAL_CUSTOMER","collected_data":{"entity_type":"INDIVIDUAL","personal_details":{"dob":"1990-02-30"}}}`, 400, 201,
		},
		"odd gender": {
			`{"role":"INDIVIDUAL_CUSTOMER","collected_data":{"entity_type":"INDIVIDUAL","personal_details":{"gender":"X"}}}`, 400, 201,
		},
		"odd nationality": {
			`{"role":"INDIVIDUAL_CUSTOMER","collected_data":{"entity_type":"INDIVIDUAL","personal_details":{"nationality":"UK"}}}`, 400, 201,
		},
		"odd country": {
			`{"role":"COMPANY_CUSTOMER","collected_data":{"entity_type":"COMPANY","metadata":{"country_of_incorporation":"GB"}}}`, 400, 201,
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

func TestProfileHasOneOfFourRoles(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})

	for role, entityType := range map[string]string{
		"INDIVIDUAL_CUSTOMER": "INDIVIDUAL", "INDIVIDUAL_ASSOCIATED": "INDIVIDUAL",
		"COMPANY_CUSTOMER": "COMPANY", "COMPANY_ASSOCIATED": "COMPANY",
	} {
		id := a.addProfile(t, role, `{"entity_type":"`+entityType+`"}`)
		r := a.profile(t, id)
		want := map[string]any{
			"id": id, "role": role, "category": "INACTIVE_APPLICANT", "status": "NORMAL", "display_name": "",
			"creation_date": "2026-03-01 12:00:00", "last_modified_date": "2026-03-01 12:00:00", "root_id": r.at("root_id"),
			"collected_data": map[string]any{"entity_type": entityType}, "risk": map[string]any{},
			"applications": []any{}, "tasks": []any{}, "task_types": []any{}, "checks": []any{}, "collection_steps": []any{},
			"document_images": []any{}, "events": []any{}, "unresolved_event_types": []any{}, "tags": []any{}, "linked_to": []any{},
			"task_progress":  map[string]any{"completed_count": 0.0, "total_count": 0.0},
			"has_associates": false, "has_collection_steps": false,
		}
		if diff := cmp.Diff(want, r.at()); diff != "" || r.at("root_id") == "" {
			t.Errorf("%s: %s", role, diff)
		}
	}
}

func TestDisplayNameIsTheNameInCollectedData(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})

	for data, want := range map[string]string{
		`{"entity_type":"INDIVIDUAL","personal_details":{"name":{"given_names":["Alex","D"],"family_name":"Wheeler"}}}`: "Alex D Wheeler",
		`{"entity_type":"INDIVIDUAL","personal_details":{"name":{"given_names":["Alex"]}}}`:                             "Alex",
		`{"entity_type":"INDIVIDUAL","personal_details":{"name":{"family_name":"Wheeler"}}}`:                            "Wheeler",
		`{"entity_type":"INDIVIDUAL","personal_details":{"name":null}}`:                                                 "",
		`{"entity_type":"INDIVIDUAL","metadata":{"name":"Acme"}}`:                                                       "",
		`{"entity_type":"COMPANY","metadata":{"name":"PassFort Limited"}}`:                                              "PassFort Limited",
		`{"entity_type":"COMPANY","personal_details":{"name":{"family_name":"Wheeler"}}}`:                               "",
		`{"entity_type":"COMPANY","metadata":null}`:                                                                     "",
	} {
		role := "INDIVIDUAL_CUSTOMER"
		if strings.Contains(data, `"COMPANY"`) {
			role = "COMPANY_CUSTOMER"
		}
		if got := a.profile(t, a.addProfile(t, role, data)).text("display_name"); got != want {
			t.Errorf("%s: %q, want %q", data, got, want)
		}
	}
}

func TestModificationDateFollowsTheData(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	id := a.addStub(t)
	a.advance(t, time.Hour)
	a.mustReplace(t, id, `{"entity_type":"INDIVIDUAL"}`)

	if r := a.profile(t, id); r.at("last_modified_date") != "2026-03-01 13:00:00" || r.at("creation_date") != "2026-03-01 12:00:00" {
		t.Errorf("answer: %s", r.raw)
	}
}
