package torture

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"

	"portal/internal/onboarding"
	"portal/internal/sandbox/effects"
)

// prefill is what the company may know of an applicant, and what their profile then holds from the start, besides its kind
// and reference.
type prefill struct {
	facts onboarding.Facts
	data  string // as JSON with sorted members
}

var prefills = []prefill{
	{data: `{}`},
	{
		onboarding.Facts{GivenNames: []string{"Adamantia", "Maria"}, FamilyName: "Papadopoulou-Weiß", Email: "adamantia@facts.example"},
		`{"contact_details":{"email":"adamantia@facts.example"},"personal_details":{"name":{"family_name":"Papadopoulou-Weiß","given_names":["Adamantia","Maria"]}}}`,
	},
	{
		onboarding.Facts{Email: "bartholomew@facts.example", Name: "Out of Place Limited", Number: "0815", Country: "GBR"},
		`{"contact_details":{"email":"bartholomew@facts.example"}}`,
	},
	{onboarding.Facts{FamilyName: "Zyberaj"}, `{"personal_details":{"name":{"family_name":"Zyberaj"}}}`},
}

// companyPrefills are those of a company.
var companyPrefills = []prefill{
	{data: `{}`},
	{
		onboarding.Facts{FamilyName: "Zyberaj", Name: "Out of Place Limited", Number: "0815", Country: "GBR"},
		`{"metadata":{"country_of_incorporation":"GBR","name":"Out of Place Limited","number":"0815"}}`,
	},
}

func prefillsOf(flow string) []prefill {
	if flow == companyFlow {
		return companyPrefills
	}
	return prefills
}

// private are the facts that no log may repeat.
var private = []string{
	"Adamantia", "Papadopoulou", "adamantia@", "bartholomew@", "Zyberaj", "Out of Place",
	"Quellenberg", "Yamashiro", "Oyelaran", "Brzezicka", "Ngozichukwuka", "Nordwind", "Zephyr", "@associates.example",
}

// prefilled are, by registration, what its profiles must hold from the start.
func (r *run) prefilled() map[string]string {
	wanted := map[string]string{}
	for id, p := range r.given {
		wanted[id.String()] = p.data
	}
	return wanted
}

// collected reads what the profiles at the provider hold, besides their kind and reference.
func (r *run) collected() (map[string]string, error) {
	collected := map[string]string{}
	for _, e := range r.sandbox.Effects() {
		if e.Kind != effects.ProfileCreate {
			continue
		}
		answer, question := httptest.NewRecorder(), httptest.NewRequest("GET", "/4.0/profiles/"+e.ID+"/collected_data", nil)
		question.Header.Set("apikey", masterKey)
		r.sandbox.Handler().ServeHTTP(answer, question)
		var data map[string]any
		if err := json.Unmarshal(answer.Body.Bytes(), &data); err != nil {
			return nil, fmt.Errorf("reading the data of a profile: %w", err)
		}
		delete(data, "entity_type")
		delete(data, "customer_ref")
		text, err := json.Marshal(data)
		if err != nil {
			return nil, fmt.Errorf("writing down the data of a profile: %w", err)
		}
		collected[e.ID] = string(text)
	}
	return collected, nil
}
