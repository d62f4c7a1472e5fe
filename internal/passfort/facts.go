package passfort

import "portal/internal/onboarding"

// The places of facts in collected data. What is empty is left out, with whatever would hold nothing else.
type (
	newPerson struct {
		Name        newName         `json:"name,omitzero"`
		DateOfBirth onboarding.Date `json:"dob,omitzero"`
		Nationality string          `json:"nationality,omitzero"`
	}
	newName struct {
		GivenNames []string `json:"given_names,omitzero"`
		FamilyName string   `json:"family_name,omitzero"`
	}
	newContact struct {
		Email string `json:"email,omitzero"`
	}
	newMetadata struct {
		Name    string     `json:"name,omitzero"`
		Number  string     `json:"number,omitzero"`
		Country string     `json:"country_of_incorporation,omitzero"`
		Contact newContact `json:"contact_details,omitzero"`
	}
)

// dataOf is the collected data of a new profile.
func dataOf(p onboarding.StubProfile) newData {
	data := newData{EntityType: entityTypes[p.Role], CustomerRef: p.CustomerRef}
	facts, contact := p.Facts.For(p.Role), newContact{p.Facts.Email}
	switch p.Role {
	case onboarding.IndividualCustomer:
		data.Person.Name, data.Contact = newName{nilIfEmpty(facts.GivenNames), facts.FamilyName}, contact
	case onboarding.CompanyCustomer:
		data.Company = newMetadata{facts.Name, facts.Number, spelled(facts.Country), contact}
	}
	return data
}

func nilIfEmpty(names []string) []string {
	if len(names) == 0 {
		return nil
	}
	return names
}
