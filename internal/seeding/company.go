package seeding

import (
	"strconv"
	"time"

	"github.com/google/uuid"

	"portal/internal/onboarding"
)

var (
	givenNames = []string{
		"Ada", "Bela", "Chidi", "Dana", "Elif", "Femi", "Grace", "Hugo", "Ines", "Jonas", "Katya", "Liam",
		"Mei", "Noor", "Otto", "Priya", "Rosa", "Sven", "Tariq", "Uma", "Vera", "Wim", "Yara", "Zoe",
	}
	familyNames = []string{
		"Abara", "Bauer", "Costa", "Dubois", "Ekström", "Fischer", "Garcia", "Haddad", "Ivanova", "Jansen",
		"Kowalski", "Lindqvist", "Moreau", "Nowak", "Okafor", "Petrov", "Quint", "Rossi", "Santos", "Tanaka", "Usman", "Varga", "Weber", "Young",
	}
)

// given and family draw a name.
func (m *maker) given() string  { return givenNames[m.IntN(len(givenNames))] }
func (m *maker) family() string { return familyNames[m.IntN(len(familyNames))] }

// company makes the people behind the company of a registration. An applicant who is signed in has not sent the last of them
// yet; where the registration has ended, everybody has long been passed on.
func (m *maker) company(l life) {
	total, drafts := 1+m.IntN(4), 0
	if l.visitor {
		total, drafts = 4, 1
	}
	own := onboarding.Details{EntityType: onboarding.Company, Name: m.family() + " & " + m.family() + " Ltd", Number: strconv.Itoa(1e7 + m.IntN(8e7)), Country: "GBR"}
	row := m.rows.add(structures).uuid(uuid.UUID(l.ID)).int(total).int(drafts).maybe(string(l.Profile))
	row.bytes(m.sealed(own.Encode(), "structures.sealed_own/"+l.ID.String())).text("").text("").bool(false)
	row.at(l.readAt).bigint(2).bigint(int64(total)).at(l.CreatedAt)
	for i := range total {
		m.associate(l, l.shown().Add(time.Duration(i+1)*2*time.Minute), i >= total-drafts)
	}
}

// associate makes somebody behind a company.
func (m *maker) associate(l life, at time.Time, draft bool) {
	id, profile := onboarding.AssociateID(m.v7(at)), m.v4()
	status, submitted := onboarding.AssociateLinked, at.Add(10*time.Minute)
	if draft {
		status, submitted, profile = onboarding.AssociateDraft, time.Time{}, ""
	}
	d := onboarding.Details{
		EntityType: onboarding.Individual, Roles: []onboarding.AssociatedRole{onboarding.Director}, GivenNames: []string{m.given()}, FamilyName: m.family(),
		DateOfBirth: onboarding.Date(l.CreatedAt.AddDate(-20-m.IntN(50), 0, -m.IntN(365)).Format(time.DateOnly)), Nationality: "GBR",
	}
	row := m.rows.add(associates).uuid(uuid.UUID(id)).uuid(uuid.UUID(l.ID)).null().text(string(status)).text(onboarding.SourceApplicant)
	row.text(string(d.EntityType)).texts([]string{string(onboarding.Director)}).bytes(m.sealed(d.Encode(), "associates.sealed/"+id.String()))
	row.maybe(profile).bool(!draft).bool(false).int(0).text("").bool(false).bool(false).bool(!draft && l.Status == onboarding.Open)
	row.bigint(3).at(at).at(submitted)
	if profile != "" {
		m.rows.add(associateProfiles).text(profile).uuid(uuid.UUID(id)).at(submitted)
	}
}
