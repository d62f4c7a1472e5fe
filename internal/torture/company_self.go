package torture

import (
	"encoding/json"

	"portal/internal/onboarding"
)

// profile: what was told of an associate's self stands in their profile, and nothing else does.
func (j *companyVerdict) profile(a onboarding.Associate) {
	e := j.associates.find(a.ID)
	if e == nil {
		return
	}
	data := j.ask("GET", "/profiles/"+string(a.Profile)+"/collected_data", "", nil).body
	if got, want := selfIn(data), selfOf(e); got != want {
		j.say("associate %s: its profile holds %s and should hold %s", a.ID, got, want)
	}
}

// selfIn is what collected data tells of its person or company, without those behind it.
func selfIn(data map[string]any) string {
	self := map[string]any{}
	for _, name := range []string{"entity_type", "customer_ref", "personal_details", "contact_details"} {
		if value, ok := data[name]; ok {
			self[name] = value
		}
	}
	metadata, _ := data["metadata"].(map[string]any)
	for _, name := range []string{"name", "number", "country_of_incorporation"} {
		if value, ok := metadata[name]; ok {
			self[name] = value
		}
	}
	return asJSON(self)
}

// selfOf is the same by what was entered.
func selfOf(e *entered) string {
	d, self := e.Details, map[string]any{}
	person, name := map[string]any{}, map[string]any{}
	set(self, "entity_type", string(d.EntityType))
	set(self, "customer_ref", refPrefix+e.ID.String())
	set(self, "name", d.Name)
	set(self, "number", d.Number)
	set(self, "country_of_incorporation", atProvider(d.Country))
	set(name, "family_name", d.FamilyName)
	set(person, "dob", string(d.DateOfBirth))
	set(person, "nationality", atProvider(d.Nationality))
	if len(d.GivenNames) > 0 {
		name["given_names"] = d.GivenNames
	}
	if d.EntityType == onboarding.Individual {
		person["name"], self["personal_details"] = name, person
	}
	if d.Email != "" {
		self["contact_details"] = map[string]any{"email": d.Email}
	}
	return asJSON(self)
}

func set(in map[string]any, name, value string) {
	if value != "" {
		in[name] = value
	}
}

// atProvider is a country in PassFort's spelling, whose schema has no XKX.
func atProvider(country string) string {
	if country == "XKX" {
		return "RKS"
	}
	return country
}

func asJSON(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err) // it is made of texts, or was read from JSON
	}
	return string(text)
}
