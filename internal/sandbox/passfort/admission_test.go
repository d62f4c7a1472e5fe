package passfort_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"portal/internal/sandbox/passfort"
	setup "portal/internal/sandbox/passfort/account"
)

func TestEntriesThatCannotBeAreRefused(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	company, person := a.addProfile(t, "COMPANY_CUSTOMER", `{"entity_type":"COMPANY"}`), a.addAssociate(t, "INDIVIDUAL")
	customer := a.addStub(t)
	before := a.profile(t, company).raw
	good := linked("INDIVIDUAL", person, "")

	for name, c := range map[string]struct {
		entries string
		code    int
	}{
		"no list":                    {`{}`, 201},
		"a number":                   {`7`, 201},
		"an entry that is a number":  {`[7]`, 201},
		"an entry that is null":      {`[null]`, 201},
		"no entity type":             {`[{"linked_profile":{"id":"` + person + `"}}]`, 101},
		"entity type null":           {`[{"entity_type":null,"linked_profile":{"id":"` + person + `"}}]`, 101},
		"unknown entity type":        {`[{"entity_type":"TRUST","linked_profile":{"id":"` + person + `"}}]`, 201},
		"nobody":                     {`[{"entity_type":"INDIVIDUAL"}]`, 101},
		"linked to null":             {`[{"entity_type":"INDIVIDUAL","linked_profile":null}]`, 101},
		"linked to nothing":          {`[{"entity_type":"INDIVIDUAL","linked_profile":{}}]`, 101},
		"linked to a number":         {`[{"entity_type":"INDIVIDUAL","linked_profile":{"id":5}}]`, 201},
		"linked to a text":           {`[{"entity_type":"INDIVIDUAL","linked_profile":"` + person + `"}]`, 201},
		"linked to nobody":           {`[` + linked("INDIVIDUAL", "x", "") + `]`, 201},
		"linked to a customer":       {`[` + linked("INDIVIDUAL", customer, "") + `]`, 201},
		"linked to another kind":     {`[` + linked("COMPANY", person, "") + `]`, 201},
		"linked twice":               {`[` + good + `,` + good + `]`, 201},
		"unknown variant":            {`[` + linked("INDIVIDUAL", person, `,"task_variant_ids":["x"]`) + `]`, 201},
		"variants as a text":         {`[` + linked("INDIVIDUAL", person, `,"task_variant_ids":"x"`) + `]`, 201},
		"percentage as a text":       {`[` + linked("INDIVIDUAL", person, `,"total_percentage":"half"`) + `]`, 201},
		"huge percentage":            {`[` + linked("INDIVIDUAL", person, `,"total_percentage":1e999`) + `]`, 201},
		"resolver as a number":       {`[` + linked("INDIVIDUAL", person, `,"resolver_id":7`) + `]`, 201},
		"date as a number":           {`[` + linked("INDIVIDUAL", person, `,"appointed_on":2020`) + `]`, 201},
		"shareholdings as an object": {`[` + linked("INDIVIDUAL", person, `,"shareholdings":{}`) + `]`, 201},
		"data without entity type":   {`[{"entity_type":"INDIVIDUAL","immediate_data":{}}]`, 201},
		"data of another kind":       {`[{"entity_type":"INDIVIDUAL","immediate_data":{"entity_type":"COMPANY"}}]`, 201},
		"data of another type":       {`[{"entity_type":"INDIVIDUAL","immediate_data":[]}]`, 201},
		"data with an odd name":      {`[{"entity_type":"INDIVIDUAL","immediate_data":{"entity_type":"INDIVIDUAL","personal_details":{"name":"Al"}}}]`, 201},
	} {
		for _, body := range []string{
			`{"entity_type":"COMPANY","officers":{"directors":` + c.entries + `}}`,
			`{"entity_type":"COMPANY","authorized_persons":` + c.entries + `}`,
			`{"entity_type":"COMPANY","ownership_structure":{"shareholders":` + c.entries + `}}`,
		} {
			if r := a.replace(t, company, body); r.status != http.StatusBadRequest || r.code() != c.code {
				t.Errorf("%s: status %d code %d, want 400 and %d: %s", name, r.status, r.code(), c.code, r.raw)
			}
		}
	}
	if after := a.profile(t, company).raw; after != before {
		t.Error("the profile has changed")
	}
}

func TestCandidateNeedsNoProfile(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	company := a.addProfile(t, "COMPANY_CUSTOMER", companyWith("officers.directors",
		`{"entity_type":"INDIVIDUAL","linked_profile":null,"provider_name":"Register","immediate_data":{"entity_type":"INDIVIDUAL"}}`))

	r := a.profile(t, company)

	if r.at("has_associates") != true || r.at("collected_data", "officers", "directors", 0, "provider_name") != "Register" {
		t.Errorf("answer: %s", r.raw)
	}
}

func TestListsMayBeNull(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	company := a.addProfile(t, "COMPANY_CUSTOMER", `{"entity_type":"COMPANY"}`)

	for _, body := range []string{
		`{"entity_type":"COMPANY","officers":null,"ownership_structure":null,"authorized_persons":null}`,
		`{"entity_type":"COMPANY","officers":{"directors":null},"ownership_structure":{"share_classes":null}}`,
	} {
		if r := a.mustReplace(t, company, body); a.profile(t, company).at("has_associates") != false {
			t.Errorf("%s: %s", body, r.raw)
		}
	}
}

func TestAssociateNeverMovesToAnotherCompany(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	person := a.addAssociate(t, "INDIVIDUAL")
	data := companyWith("officers.directors", linked("INDIVIDUAL", person, ""))
	first := a.addProfile(t, "COMPANY_CUSTOMER", data)
	second := a.addProfile(t, "COMPANY_CUSTOMER", `{"entity_type":"COMPANY"}`)

	refused := func(when string) {
		t.Helper()
		if r := a.replace(t, second, data); r.status != http.StatusConflict || r.code() != 105 {
			t.Errorf("%s: status %d code %d, want 409 and 105", when, r.status, r.code())
		}
		r := a.api(t, "POST", "/4.0/profiles", `{"role":"COMPANY_CUSTOMER","collected_data":`+data+`}`)
		if r.status != http.StatusConflict || r.code() != 105 {
			t.Errorf("%s, a new company: status %d code %d, want 409 and 105", when, r.status, r.code())
		}
	}
	refused("while it is listed")
	a.mustReplace(t, first, `{"entity_type":"COMPANY"}`)
	if links := a.profile(t, person).each("roles", "linked_to"); len(links) != 0 {
		t.Errorf("linked to %v", links)
	}
	refused("when it is not listed any more")
	a.mustReplace(t, first, data)
}

func TestCompanyCannotBeBelowItself(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	top, middle, bottom := a.addAssociate(t, "COMPANY"), a.addAssociate(t, "COMPANY"), a.addAssociate(t, "COMPANY")
	holds := func(id string) string {
		return companyWith("ownership_structure.shareholders", linked("COMPANY", id, ""))
	}
	a.mustReplace(t, top, holds(middle))
	a.mustReplace(t, middle, holds(bottom))

	for _, c := range [][2]string{{top, top}, {middle, top}, {bottom, top}, {bottom, bottom}} {
		if r := a.replace(t, c[0], holds(c[1])); r.status != http.StatusConflict || r.code() != 105 {
			t.Errorf("status %d code %d, want 409 and 105: %s", r.status, r.code(), r.raw)
		}
	}
}

func TestAssociatesAreAtMostTenLevelsDeep(t *testing.T) {
	t.Parallel()
	for name, order := range map[string]func(i int) int{
		"from the top":    func(i int) int { return i },
		"from the bottom": func(i int) int { return 10 - i },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := open(t, passfort.Options{})
			chain := []string{a.addProfile(t, "COMPANY_CUSTOMER", `{"entity_type":"COMPANY"}`)}
			for range 11 {
				chain = append(chain, a.addAssociate(t, "COMPANY"))
			}
			for i := range 11 {
				at := order(i)
				r := a.replace(t, chain[at], companyWith("officers.partners", linked("COMPANY", chain[at+1], "")))
				if i < 10 && r.status != http.StatusOK || i == 10 && (r.status != http.StatusConflict || r.code() != 105) {
					t.Errorf("level %d: status %d code %d: %s", i+1, r.status, r.code(), r.raw)
				}
			}
		})
	}
}

func TestAssociateThatNoProductIsForIsRefused(t *testing.T) {
	t.Parallel()
	a := openWith(t, func(c *passfort.Config) {
		c.Account = setup.Default()
		c.Account.Products[2].IndividualTasks = nil // of associates
	})
	person := `"collected_data":{"entity_type":"INDIVIDUAL"}`

	for name, c := range map[string]struct {
		body         string
		status, code int
	}{
		"a person":             {`{"role":"INDIVIDUAL_ASSOCIATED",` + person + `}`, 400, 502},
		"a person that asks":   {`{"role":"INDIVIDUAL_ASSOCIATED",` + person + `,"applications":[{"product":{"alias":"newsletter"},"associated_role":"DIRECTOR"}]}`, 200, 0},
		"a company":            {`{"role":"COMPANY_ASSOCIATED","collected_data":{"entity_type":"COMPANY"}}`, 200, 0},
		"a person, a customer": {`{"role":"INDIVIDUAL_CUSTOMER",` + person + `}`, 200, 0},
	} {
		if r := a.api(t, "POST", "/4.0/profiles", c.body); r.status != c.status || r.code() != c.code {
			t.Errorf("%s: status %d code %d, want %d and %d", name, r.status, r.code(), c.status, c.code)
		}
	}
	if got := fmt.Sprint(a.kinds()); strings.Count(got, "profile.create") != 3 {
		t.Errorf("effects: %s", got)
	}
}

func TestEntriesThatAnOptionMakesAssociatesLaterAreHeldToTheSameRules(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	one, other, customer := a.addAssociate(t, "COMPANY"), a.addAssociate(t, "COMPANY"), a.addStub(t)
	for _, c := range [][2]string{{one, other}, {other, one}} {
		a.mustReplace(t, c[0], companyWith("ownership_structure.controllers", linked("COMPANY", c[1], ""), linked("INDIVIDUAL", customer, ""), "{}"))
	}
	must(t, a.SetOptions(passfort.Options{ControllersKey: "controllers"}))

	for _, id := range []string{one, other} { // the one write that does not look at the whole document
		r := a.api(t, "POST", "/4.0/profiles/"+id+"/collected_data/documents", `{"category":"SUPPORTING","document_type":"UNKNOWN","images":[]}`)
		if r.status != http.StatusOK {
			t.Errorf("status %d: %s", r.status, r.raw)
		}
	}

	a.api(t, "POST", "/4.0/profiles/"+one+"/tasks", `{"variant":{"alias":"assess-ownership"}}`)
	a.advance(t, appears)
	if got := a.roles(t, customer); len(got) != 0 {
		t.Errorf("the customer applies as %v", got)
	}
	linkedTo := func(id string) int { return len(a.profile(t, id).each("roles", "linked_to")) }
	if linkedTo(other) != 1 || linkedTo(one) != 0 || linkedTo(customer) != 0 {
		t.Errorf("links: %d, %d, %d", linkedTo(other), linkedTo(one), linkedTo(customer))
	}
	if r := a.replace(t, other, companyWith("ownership_structure.controllers", linked("COMPANY", one, ""))); r.code() != 105 {
		t.Errorf("code %d, want 105", r.code())
	}
}

func TestEntriesOfAListAreToldApart(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	entry := `{"entity_type":"INDIVIDUAL","resolver_id":"a52cdc09-c428-3ada-3e20-7a21062e698d","immediate_data":{"entity_type":"INDIVIDUAL"}}`
	id := a.addProfile(t, "COMPANY_CUSTOMER", `{"entity_type":"COMPANY","ownership_structure":{"shareholders":[`+entry+`,`+entry+`]}}`)

	body := a.api(t, "GET", "/4.0/profiles/"+id+"/collected_data", "").body

	owners := body["ownership_structure"].(map[string]any)["shareholders"].([]any)
	first, second := owners[0].(map[string]any)["resolver_id"], owners[1].(map[string]any)["resolver_id"]
	if first != "a52cdc09-c428-3ada-3e20-7a21062e698d" || second == first || second == "" {
		t.Errorf("resolver ids %v and %v", first, second)
	}
}
