package torture

import (
	"slices"

	"portal/internal/onboarding"
)

// names are of the people and companies that are entered: few, so that the same one is entered again.
var names = map[onboarding.EntityType][]string{
	onboarding.Individual: {"Quellenberg", "Yamashiro", "Oyelaran", "Brzezicka"},
	onboarding.Company:    {"Nordwind Holding", "Zephyr Trust", "Out of Place Limited"},
}

var givenNames = [][]string{{"Kim"}, {"Kim"}, {"Kim", "Ngozichukwuka"}, nil}

var roleSets = [][]onboarding.AssociatedRole{
	{onboarding.Director},
	{onboarding.Director, onboarding.Shareholder},
	{onboarding.Shareholder},
	{onboarding.BeneficialOwner, onboarding.AuthorizedPerson},
	{onboarding.ControllingShareholder, onboarding.GlobalUltimateOwner, onboarding.Trustee},
	{onboarding.CompanySecretary, onboarding.Partner, onboarding.OtherOfficer, onboarding.ResignedOfficer},
}

// What may be known of an associate; mostly, something is.
var (
	births        = []onboarding.Date{"", "1980-02-29", "1949-11-30", "2010-12-24"}
	nationalities = []string{"", "GRC", "XXA", "XKX"}
	countries     = []string{"", "GBR", "XKX"}
	shareClasses  = []string{"ordinary", "preference", "founders' \"B\""}
	amounts       = []string{"", "1000", "007"}
	percentages   = []string{"0.0001", "12.5", "020", "5"}
	appointments  = []onboarding.Date{"", "", "2019-05-31", "2025-12-31"}
	resignations  = []onboarding.Date{"", "", "2025-12-31", "2031-06-30"}
	tenuresFrom   = []onboarding.Date{"", "2020-02-29"}
	tenuresTo     = []onboarding.Date{"", "2024-06-30", "2040-01-01"}
)

// one chooses one of a list.
func one[T any](r *run, list []T, what string) T { return list[r.choose(len(list), what)] }

// somebody makes up an associate: mostly one that can be taken, sometimes a director under age, or one with whom all hold
// more than the whole. Its mark tells it from every other entry.
func (r *run) somebody(mark string) onboarding.Details {
	kind := one(r, []onboarding.EntityType{onboarding.Individual, onboarding.Company}, "kind of associate")
	d := onboarding.Details{EntityType: kind, Roles: one(r, roleSets, "roles")}
	if holds(d.Roles) {
		d.Shareholdings = r.holdings()
	}
	r.appoint(&d)
	name := one(r, names[kind], "name")
	if kind == onboarding.Company {
		d.Name, d.Country = name, one(r, countries, "country")
		if r.choose(2, "number") == 1 {
			d.Number = mark
		}
		return d
	}
	d.GivenNames, d.FamilyName, d.Email = one(r, givenNames, "given names"), name, mark+"@associates.example"
	d.DateOfBirth, d.Nationality = one(r, births, "birth"), one(r, nationalities, "nationality")
	return d
}

// holdings makes up what somebody holds: nothing, or some of one or two classes of shares.
func (r *run) holdings() (list []onboarding.Shareholding) {
	first := r.choose(len(shareClasses), "class")
	for i := range r.choose(3, "classes held") {
		h := onboarding.Shareholding{Class: shareClasses[(first+i)%len(shareClasses)], Amount: one(r, amounts, "amount")}
		if h.Amount == "" || r.choose(2, "percentage known") == 1 {
			h.Percentage = one(r, percentages, "percentage")
		}
		list = append(list, h)
	}
	return list
}

// appoint makes up days for the roles that have any.
func (r *run) appoint(d *onboarding.Details) {
	authorized := slices.Contains(d.Roles, onboarding.AuthorizedPerson)
	if authorized || slices.ContainsFunc(d.Roles, func(role onboarding.AssociatedRole) bool { return arrays[role][0] == "officers" }) {
		d.AppointedOn, d.ResignedOn = one(r, appointments, "appointed"), one(r, resignations, "resigned")
	}
	if authorized {
		d.AuthorizedFrom, d.AuthorizedTo = one(r, tenuresFrom, "authorized from"), one(r, tenuresTo, "authorized to")
	}
}

// more makes up what is told later of somebody who is there: roles, days, classes of shares, and, as long as they are not
// sent, what of themselves was not known. Now and then it contradicts what is known.
func (r *run) more(of *entered) onboarding.Details {
	m, d := r.somebody(r.mark()), of.Details
	if holds(d.Roles) && len(m.Shareholdings) == 0 {
		m.Roles, m.Shareholdings = both(m.Roles, d.Roles), r.holdings()
	}
	if of.submitted || m.EntityType != d.EntityType {
		m = onboarding.Details{
			Roles: m.Roles, Shareholdings: m.Shareholdings, AppointedOn: m.AppointedOn, ResignedOn: m.ResignedOn,
			AuthorizedFrom: m.AuthorizedFrom, AuthorizedTo: m.AuthorizedTo,
		}
	}
	m.EntityType, m.GivenNames, m.FamilyName, m.Name = d.EntityType, d.GivenNames, d.FamilyName, d.Name
	if r.choose(8, "contradiction") == 7 {
		return m
	}
	known := facts(&d)
	for i, field := range facts(&m) {
		if *known[i] != "" {
			*field = ""
		}
	}
	days := terms(&d)
	for i, day := range terms(&m) {
		if *days[i] != "" {
			*day = ""
		}
	}
	m.Shareholdings = slices.DeleteFunc(m.Shareholdings, func(h onboarding.Shareholding) bool { return held(d, h.Class) })
	return m
}

// facts are what an associate's profile alone tells of them, beside their name.
func facts(d *onboarding.Details) []*string {
	return []*string{(*string)(&d.DateOfBirth), &d.Email, &d.Nationality, &d.Number, &d.Country}
}

func terms(d *onboarding.Details) []*onboarding.Date {
	return []*onboarding.Date{&d.AppointedOn, &d.ResignedOn, &d.AuthorizedFrom, &d.AuthorizedTo}
}

// held says whether somebody holds shares of a class.
func held(d onboarding.Details, class string) bool {
	return slices.ContainsFunc(d.Shareholdings, func(h onboarding.Shareholding) bool { return h.Class == class })
}

// holds says whether shares can be held in one of the roles.
func holds(roles []onboarding.AssociatedRole) bool {
	return slices.ContainsFunc(roles, func(role onboarding.AssociatedRole) bool { return arrays[role][0] == "ownership_structure" })
}
