package passfort_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox/passfort"
)

// lists are where collected data has the associates of each role.
var lists = map[string]string{
	"DIRECTOR":                "officers.directors",
	"COMPANY_SECRETARY":       "officers.secretaries",
	"PARTNER":                 "officers.partners",
	"OTHER":                   "officers.other",
	"RESIGNED_OFFICER":        "officers.resigned",
	"TRUSTEE":                 "officers.trustees",
	"BENEFICIAL_OWNER":        "ownership_structure.beneficial_owners",
	"SHAREHOLDER":             "ownership_structure.shareholders",
	"CONTROLLING_SHAREHOLDER": "ownership_structure.controlling_shareholders",
	"GLOBAL_ULTIMATE_OWNER":   "ownership_structure.global_ultimate_owners",
	"AUTHORIZED_PERSON":       "authorized_persons",
	"UNAUTHORIZED_PERSON":     "unauthorized_persons",
}

// addAssociate creates an associate, a person or a company.
func (a *account) addAssociate(t *testing.T, entityType string) string {
	t.Helper()
	return a.addProfile(t, entityType+"_ASSOCIATED", `{"entity_type":"`+entityType+`"}`)
}

// linked is an entry for a profile, with further members.
func linked(entityType, id, more string) string {
	return `{"entity_type":"` + entityType + `","linked_profile":{"id":"` + id + `"}` + more + `}`
}

// companyWith is a company's collected data with entries in a list.
func companyWith(list string, entries ...string) string {
	group, name, nested := strings.Cut(list, ".")
	entry := "[" + strings.Join(entries, ",") + "]"
	if nested {
		entry = `{"` + name + `":` + entry + `}`
	}
	return `{"entity_type":"COMPANY","` + group + `":` + entry + `}`
}

// replace posts collected data.
func (a *account) replace(t *testing.T, id, data string, headers ...string) reply {
	t.Helper()
	return a.api(t, "POST", "/4.0/profiles/"+id+"/collected_data", data, headers...)
}

// mustReplace posts collected data that is accepted.
func (a *account) mustReplace(t *testing.T, id, data string) reply {
	t.Helper()
	r := a.replace(t, id, data)
	if r.status != http.StatusOK {
		t.Fatalf("replacing collected data: %d %s", r.status, r.raw)
	}
	return r
}

// steps is a list's path for reply.at.
func steps(list string, more ...any) []any {
	path := []any{}
	for step := range strings.SplitSeq(list, ".") {
		path = append(path, step)
	}
	return append(path, more...)
}

func TestAssociateIsLinkedInEveryRole(t *testing.T) {
	t.Parallel()
	for role, list := range lists {
		t.Run(role, func(t *testing.T) {
			t.Parallel()
			a := open(t, passfort.Options{})
			company, person := a.addProfile(t, "COMPANY_CUSTOMER", `{"entity_type":"COMPANY"}`), a.addAssociate(t, "INDIVIDUAL")

			r := a.mustReplace(t, company, companyWith(list, linked("INDIVIDUAL", person, "")))

			if r.at(steps(list, 0, "linked_profile", "id")...) != person || r.at(steps(list, 0, "linked_profile", "role")...) != "INDIVIDUAL_ASSOCIATED" {
				t.Errorf("answer: %s", r.raw)
			}
			link := a.profile(t, person).at("linked_to", 0)
			want := map[string]any{"profile": map[string]any{"id": company, "role": "COMPANY_CUSTOMER", "display_name": ""}, "roles": []any{role}}
			if diff := cmp.Diff(want, link); diff != "" {
				t.Error(diff)
			}
			if a.profile(t, company).at("has_associates") != true {
				t.Error("has_associates is false")
			}
		})
	}
}

func TestNamesOfTwoListsAreUnknowns(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{ControllersKey: "controllers", UltimatesKey: "ultimates"})
	company, person := a.addProfile(t, "COMPANY_CUSTOMER", `{"entity_type":"COMPANY"}`), a.addAssociate(t, "INDIVIDUAL")
	entry := "[" + linked("INDIVIDUAL", person, "") + "]"

	a.mustReplace(t, company, `{"entity_type":"COMPANY","ownership_structure":{"controllers":`+entry+`,"ultimates":`+entry+`}}`)

	if diff := cmp.Diff([]any{"CONTROLLING_SHAREHOLDER", "GLOBAL_ULTIMATE_OWNER"}, a.profile(t, person).at("linked_to", 0, "roles")); diff != "" {
		t.Error(diff)
	}
	usual := a.mustReplace(t, company, companyWith("ownership_structure.controlling_shareholders", `{"anything":1}`))
	if usual.at("ownership_structure", "controlling_shareholders", 0, "anything") != 1.0 {
		t.Errorf("an unknown member was not kept: %s", usual.raw)
	}
}

func TestEveryEntryHasAResolverOfItsOwn(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	person := a.addAssociate(t, "INDIVIDUAL")
	entry := linked("INDIVIDUAL", person, "")
	id := a.addProfile(t, "COMPANY_CUSTOMER", `{"entity_type":"COMPANY","officers":{"directors":[`+entry+`]},"authorized_persons":[`+entry+`]}`)

	r := a.api(t, "GET", "/4.0/profiles/"+id+"/collected_data", "")

	one, other := r.at("officers", "directors", 0, "resolver_id"), r.at("authorized_persons", 0, "resolver_id")
	if one == nil || other == nil || one == other {
		t.Errorf("resolvers %v and %v", one, other)
	}
	if back := a.mustReplace(t, id, r.raw); back.at("officers", "directors", 0, "resolver_id") != one {
		t.Errorf("the resolver has changed: %s", back.raw)
	}
	given := a.mustReplace(t, id, companyWith("officers.directors", linked("INDIVIDUAL", person, `,"resolver_id":"mine","merged_resolver_ids":["yours"]`)))
	if given.at("officers", "directors", 0, "resolver_id") != "mine" || given.at("officers", "directors", 0, "merged_resolver_ids", 0) != "yours" {
		t.Errorf("given: %s", given.raw)
	}
}
