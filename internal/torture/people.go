package torture

import (
	"fmt"

	"portal/internal/onboarding"
)

// names are of the people and companies that are entered: few, so that the same one is entered again.
var names = map[onboarding.EntityType][]string{
	onboarding.Individual: {"Quellenberg", "Yamashiro", "Oyelaran", "Brzezicka"},
	onboarding.Company:    {"Nordwind Holding", "Zephyr Trust", "Out of Place Limited"},
}

var roleSets = [][]onboarding.AssociatedRole{
	{onboarding.Director},
	{onboarding.Director, onboarding.Shareholder},
	{onboarding.Shareholder},
	{onboarding.BeneficialOwner, onboarding.AuthorizedPerson},
	{onboarding.ControllingShareholder, onboarding.GlobalUltimateOwner, onboarding.Trustee},
	{onboarding.CompanySecretary, onboarding.Partner, onboarding.OtherOfficer, onboarding.ResignedOfficer},
}

// somebody makes up an associate: mostly one that can be taken, sometimes a director under age, or one with whom all hold
// more than the whole. Its mark tells it from every other entry.
func (r *run) somebody(mark string) onboarding.Details {
	kind := []onboarding.EntityType{onboarding.Individual, onboarding.Company}[r.choose(2, "kind of associate")]
	name := names[kind][r.choose(len(names[kind]), "name")]
	d := onboarding.Details{EntityType: kind, Roles: roleSets[r.choose(len(roleSets), "roles")]}
	if d.Roles[len(d.Roles)-1].Owns() {
		if part := r.choose(6, "share"); part > 0 {
			d.Shareholdings = []onboarding.Shareholding{{Class: "ordinary", Percentage: fmt.Sprint(10 * part)}}
		}
	}
	if kind == onboarding.Company {
		d.Name = name
		if r.choose(2, "number") == 1 {
			d.Number, d.Country = mark, "GBR"
		}
		return d
	}
	d.GivenNames, d.FamilyName, d.Email = []string{"Kim"}, name, mark+"@associates.example"
	d.DateOfBirth = []onboarding.Date{"", "1980-02-29", "2010-12-24"}[r.choose(3, "birth")]
	return d
}

// marked is the mark in details, if they have one.
func marked(d onboarding.Details) string { return d.Email + d.Number }
