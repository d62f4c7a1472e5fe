package passfort

import "strings"

// individualOnboarding asks a person for their details, then for a photo of an identity document.
func individualOnboarding() *flow {
	return &flow{
		alias:      "individual-onboarding",
		title:      "Personal registration",
		entityType: individual,
		sections: []section{
			{
				id:    "details",
				title: "Your details",
				intro: "Give your name as it is written in your identity document.",
				fields: []field{
					{Name: "given_names", Label: "Given names", Type: "text", Autocomplete: "given-name", missing: "Enter your given names."},
					{Name: "family_name", Label: "Family name", Type: "text", Autocomplete: "family-name", missing: "Enter your family name."},
					{Name: "date_of_birth", Label: "Date of birth", Type: "date", Autocomplete: "bday", Hint: "Year-month-day, for example 1990-03-27", missing: "Enter your date of birth."},
				},
				read:  readPerson,
				write: writePerson,
			},
			{
				id:    "document",
				title: "Your document",
				intro: "Add a photo of your passport, identity card or driving licence. You can leave it out and continue.",
				photo: true,
				read:  func(entityData, *request) map[string]string { return map[string]string{} },
				write: func(entityData, *request, map[string]string) {},
			},
		},
	}
}

func readPerson(data entityData, _ *request) map[string]string {
	return map[string]string{
		"given_names":   strings.Join(data.texts("personal_details", "name", "given_names"), " "),
		"family_name":   data.text("personal_details", "name", "family_name"),
		"date_of_birth": data.text("personal_details", "dob"),
	}
}

func writePerson(data entityData, _ *request, answers map[string]string) {
	data.set(toList(strings.Fields(answers["given_names"])), "personal_details", "name", "given_names")
	data.set(answers["family_name"], "personal_details", "name", "family_name")
	data.set(answers["date_of_birth"], "personal_details", "dob")
}
