package passfort_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox/passfort"
)

func TestEntryIsWrittenOnceHoweverOftenItIsSubmitted(t *testing.T) {
	t.Parallel()
	f := openCompany(t, open(t, passfort.Options{}))

	for _, position := range []string{"Clerk", "Director", "Director"} {
		corrected := answers{"contact_name": "Jo van Dyk", "contact_email": "jo@example.com", "contact_position": position}
		f.submit(t, aboutYou, corrected)
	}

	want := []any{map[string]any{
		"entity_type":  "INDIVIDUAL",
		"resolver_id":  f.id,
		"relationship": "Director",
		"immediate_data": map[string]any{
			"entity_type":      "INDIVIDUAL",
			"personal_details": map[string]any{"name": map[string]any{"given_names": []any{"Jo", "van"}, "family_name": "Dyk"}},
			"contact_details":  map[string]any{"email": "jo@example.com"},
		},
	}}
	if diff := cmp.Diff(want, f.data(t)["authorized_persons"]); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(jo, f.form(t, aboutYou).answers()); diff != "" {
		t.Error(diff)
	}
}

func TestEntryStandsBesideThoseThatAreThere(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	there := `{"entity_type":"INDIVIDUAL","immediate_data":{"entity_type":"INDIVIDUAL"},"relationship":"Secretary"}`
	profile := a.addProfile(t, "COMPANY_CUSTOMER", `{"entity_type":"COMPANY","authorized_persons":[`+there+`]}`)
	id, key := a.addRequest(t, profile, "company-onboarding")
	f := frame{a, profile, id, key}

	f.submit(t, aboutYou, jo)

	people := f.data(t)["authorized_persons"]
	if at(people, 0, "relationship") != "Secretary" || at(people, 1, "relationship") != "Director" {
		t.Errorf("authorized persons: %v", people)
	}
}

func TestEntryThatSomebodyRemovedIsMadeAgain(t *testing.T) {
	t.Parallel()
	f := openCompany(t, open(t, passfort.Options{}))
	f.submit(t, aboutYou, jo)
	f.account.api(t, "POST", "/4.0/profiles/"+f.profile+"/collected_data", `{"entity_type":"COMPANY"}`)

	if got := f.form(t, aboutYou).answers()["contact_name"]; got != "" {
		t.Errorf("the answer is still shown: %q", got)
	}
	f.submit(t, aboutYou, jo)

	if at(f.data(t), "authorized_persons", 0, "resolver_id") != f.id {
		t.Errorf("data: %v", f.data(t))
	}
}
