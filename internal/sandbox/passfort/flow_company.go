package passfort

import "strings"

// companyOnboarding asks for the company, then for the person who fills the forms in.
func companyOnboarding() *flow {
	return &flow{
		alias:      "company-onboarding",
		title:      "Company registration",
		entityType: company,
		sections: []section{
			{
				id:    "company",
				title: "Company details",
				intro: "Give the company's details as they are registered.",
				fields: []field{
					{Name: "name", Label: "Company name", Type: "text", Autocomplete: "organization", missing: "Enter the company name."},
					{Name: "number", Label: "Company number", Type: "text", missing: "Enter the company number."},
					{Name: "country", Label: "Country", Type: "country", Autocomplete: "off", Options: countries, missing: "Choose the country."},
				},
				read:  readCompany,
				write: writeCompany,
			},
			{
				id:    "person",
				title: "About you",
				intro: "Tell us who is answering for the company.",
				fields: []field{
					{Name: "name", Label: "Your name", Type: "text", Autocomplete: "name", missing: "Enter your name."},
					{Name: "email", Label: "Your e-mail", Type: "email", Autocomplete: "email", missing: "Enter your e-mail address."},
					{Name: "position", Label: "Your position", Type: "text", Autocomplete: "organization-title", Hint: "For example director or company secretary", missing: "Enter your position."},
				},
				read:  readRepresentative,
				write: writeRepresentative,
			},
		},
	}
}

func readCompany(data entityData, _ *request) map[string]string {
	return map[string]string{
		"name":    data.text("metadata", "name"),
		"number":  data.text("metadata", "number"),
		"country": data.text("metadata", "country_of_incorporation"),
	}
}

func writeCompany(data entityData, _ *request, answers map[string]string) {
	data.set(answers["name"], "metadata", "name")
	data.set(answers["number"], "metadata", "number")
	data.set(answers["country"], "metadata", "country_of_incorporation")
}

func readRepresentative(data entityData, req *request) map[string]string {
	people := data.list("authorized_persons")
	i := representative(people, req)
	if i < 0 {
		return map[string]string{}
	}
	entry, _ := people[i].(map[string]any)
	person := entityData(entry)
	names := append(person.texts("immediate_data", "personal_details", "name", "given_names"),
		person.text("immediate_data", "personal_details", "name", "family_name"))
	return map[string]string{
		"name":     strings.TrimSpace(strings.Join(names, " ")),
		"email":    person.text("immediate_data", "contact_details", "email"),
		"position": person.text("relationship"),
	}
}

// writeRepresentative enters the person among the company's authorized persons, once per request.
func writeRepresentative(data entityData, req *request, answers map[string]string) {
	given, family := splitName(answers["name"])
	person := map[string]any{
		"entity_type":  individual,
		"resolver_id":  req.id,
		"relationship": answers["position"],
		"immediate_data": map[string]any{
			"entity_type":      individual,
			"personal_details": map[string]any{"name": map[string]any{"given_names": toList(given), "family_name": family}},
			"contact_details":  map[string]any{"email": answers["email"]},
		},
	}
	people := data.list("authorized_persons")
	if i := representative(people, req); i >= 0 {
		people[i] = person
		return
	}
	data.set(append(people, person), "authorized_persons")
}

// representative finds the entry that an earlier submission of this request made; -1 if there is none.
func representative(people []any, req *request) int {
	for i, entry := range people {
		if person, ok := entry.(map[string]any); ok && person["resolver_id"] == req.id {
			return i
		}
	}
	return -1
}
