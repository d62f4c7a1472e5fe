package passfort_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox/passfort"
)

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

func TestListIsNarrowedToCategories(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	stub := a.addStub(t)
	applicant := a.addApplicant(t, "personal-account")
	customer := a.addApplicant(t, "newsletter")
	previous := a.addApplicant(t, "newsletter")
	a.advance(t, appears)
	for _, id := range []string{customer, previous} {
		a.completeTasks(t, id)
	}
	a.decide(t, previous, "CANCELLED")

	for categories, want := range map[string][]string{
		"CUSTOMER":                     {customer},
		"PREVIOUS_CUSTOMER":            {previous},
		"APPLICANT":                    {applicant},
		"INACTIVE_APPLICANT":           {stub},
		"APPLICANT,INACTIVE_APPLICANT": {applicant, stub},
		"":                             {previous, customer, applicant, stub},
	} {
		r := a.api(t, "GET", "/4.0/profiles?categories="+categories, "")
		if diff := cmp.Diff(want, ids(r)); diff != "" {
			t.Errorf("%s: %s", categories, diff)
		}
		if r.at("count") != float64(len(want)) {
			t.Errorf("%s: count %v", categories, r.at("count"))
		}
	}
	if r := a.api(t, "GET", "/4.0/profiles?categories=FRIEND", ""); r.status != http.StatusBadRequest || r.code() != 201 {
		t.Errorf("unknown category: status %d code %d, want 400 and 201", r.status, r.code())
	}
}

func TestSearchMatchesTags(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	a.addStub(t)
	id := a.addStub(t)
	a.api(t, "POST", "/4.0/profiles/"+id+"/tags", `{"name":"Very Important"}`)

	if diff := cmp.Diff([]string{id}, ids(a.api(t, "GET", "/4.0/profiles?q=important", ""))); diff != "" {
		t.Error(diff)
	}
}

func TestOldestFirstIsAnUnknown(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{OldestFirst: true})
	first, second := a.addStub(t), a.addStub(t)

	if diff := cmp.Diff([]string{first, second}, ids(a.api(t, "GET", "/4.0/profiles", ""))); diff != "" {
		t.Error(diff)
	}
}

func TestListWithCollectedDataIsAnUnknown(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{ListsData: true})
	a.addProfile(t, "COMPANY_CUSTOMER", `{"entity_type":"COMPANY","customer_ref":"ref-1"}`)

	if r := a.api(t, "GET", "/4.0/profiles", ""); r.at("results", 0, "collected_data", "customer_ref") != "ref-1" {
		t.Errorf("answer: %s", r.raw)
	}
}

func TestPagesMeetAndDoNotOverlap(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	var want []string
	for range 7 {
		want = append([]string{a.addStub(t)}, want...)
	}

	var got []string
	for offset := 0; offset < 9; offset += 3 {
		got = append(got, ids(a.api(t, "GET", fmt.Sprintf("/4.0/profiles?limit=3&offset=%d", offset), ""))...)
	}

	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
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
