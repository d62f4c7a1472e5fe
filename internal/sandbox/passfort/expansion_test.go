package passfort_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox/passfort"
)

func TestLinkedProfileIsExpandedInReads(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	person := a.addProfile(t, "INDIVIDUAL_ASSOCIATED",
		`{"entity_type":"INDIVIDUAL","personal_details":{"name":{"given_names":["Nayab"],"family_name":"Ali Khan"}}}`)
	company := a.addBusiness(t)
	a.mustReplace(t, company, companyWith("officers.directors", linked("INDIVIDUAL", person, "")))
	a.advance(t, appears)

	whole, data := a.profile(t, company), a.api(t, "GET", "/4.0/profiles/"+company+"/collected_data", "")

	entry, _ := data.at("officers", "directors", 0).(map[string]any)
	if diff := cmp.Diff(whole.at("collected_data"), data.at()); diff != "" {
		t.Error(diff)
	}
	shown := a.profile(t, person)
	want := map[string]any{}
	for _, name := range []string{
		"applications", "category", "collected_data", "display_name", "has_associates", "has_collection_steps", "id", "role",
		"status", "tags", "task_progress", "tasks", "unresolved_event_types",
	} {
		want[name] = shown.at(name)
	}
	if diff := cmp.Diff(want, entry["linked_profile"]); diff != "" {
		t.Error(diff)
	}
	if want["display_name"] != "Nayab Ali Khan" || len(shown.each("id", "applications")) != 1 {
		t.Errorf("associate: %s", shown.raw)
	}
}

func TestExpandedObjectsAreAcceptedInWrites(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	person, company := a.addAssociate(t, "INDIVIDUAL"), a.addBusiness(t)
	a.mustReplace(t, company, companyWith("officers.directors", linked("INDIVIDUAL", person, `,"of_its_own":{"kept":1}`)))
	a.advance(t, appears)
	path := "/4.0/profiles/" + company + "/collected_data"
	read := a.api(t, "GET", path, "")
	stored := a.stored(t, company)

	written := a.api(t, "POST", path, read.raw, "If-Match", read.header.Get("Etag"))

	if diff := cmp.Diff(read.at(), written.at()); diff != "" {
		t.Error(diff)
	}
	if a.api(t, "GET", path, "").at("officers", "directors", 0, "of_its_own", "kept") != 1.0 {
		t.Errorf("an unknown member was not kept: %s", written.raw)
	}
	// What is kept is the id, and not what the read showed beside it.
	want := map[string]any{"id": person}
	for when, data := range map[string]reply{"before": stored, "after": a.stored(t, company)} {
		if diff := cmp.Diff(want, data.at("officers", "directors", 0, "linked_profile")); diff != "" {
			t.Errorf("%s: %s", when, diff)
		}
	}
}

// stored is the collected data of a profile as webhooks tell it: not expanded.
func (a *account) stored(t *testing.T, id string) reply {
	t.Helper()
	data := a.last(t, "COLLECTED_DATA_CHANGED")
	if data["profile_id"] != id {
		t.Fatalf("the last change is of profile %v", data["profile_id"])
	}
	raw, err := json.Marshal(data["new_data"])
	if err != nil {
		t.Fatal(err)
	}
	return reply{raw: string(raw)}
}

func TestAssociatesOfAssociatesAreExpandedInside(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	chain := []string{a.addProfile(t, "COMPANY_CUSTOMER", `{"entity_type":"COMPANY"}`)}
	for range 10 {
		chain = append(chain, a.addAssociate(t, "COMPANY"))
	}
	for i := range 10 {
		a.mustReplace(t, chain[i], companyWith("officers.partners", linked("COMPANY", chain[i+1], "")))
	}

	r := a.api(t, "GET", "/4.0/profiles/"+chain[0]+"/collected_data", "")

	path := []any{}
	for i := 1; i <= 10; i++ {
		path = append(path, "officers", "partners", 0, "linked_profile")
		if got := r.at(append(path, "id")...); got != chain[i] {
			t.Errorf("level %d is %v, want %s", i, got, chain[i])
		}
		path = append(path, "collected_data")
	}
}

func TestCompanyInManyRolesShowsItsOwnAssociatesOnce(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	top := a.addProfile(t, "COMPANY_CUSTOMER", `{"entity_type":"COMPANY"}`)
	for at, depth := top, 0; depth < 10; depth++ {
		below := a.addAssociate(t, "COMPANY")
		entry := "[" + linked("COMPANY", below, "") + "]"
		a.mustReplace(t, at, `{"entity_type":"COMPANY","officers":{"directors":`+entry+`,"partners":`+entry+`,"other":`+entry+`,"trustees":`+entry+`},
			"ownership_structure":{"shareholders":`+entry+`,"beneficial_owners":`+entry+`},"authorized_persons":`+entry+`}`)
		at = below
	}

	r := a.api(t, "GET", "/4.0/profiles/"+top+"/collected_data", "")

	if len(r.raw) > 1<<20 {
		t.Errorf("the answer has %d bytes", len(r.raw))
	}
	inside := []any{"linked_profile", "collected_data", "officers", "directors", 0, "linked_profile"}
	first := r.at(append([]any{"officers", "directors", 0}, inside...)...).(map[string]any)
	second := r.at(append([]any{"officers", "partners", 0}, inside...)...).(map[string]any)
	if first["role"] != "COMPANY_ASSOCIATED" || second["id"] != first["id"] || len(second) != 1 {
		t.Errorf("first %v, then %v", first["role"], second)
	}
}
