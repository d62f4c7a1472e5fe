package onboarding

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
)

// Details are what was entered of an associate, as it was typed once blanks around it are gone; [Details.Check] says
// whether it can be right. They are personal data and print as "[details]" everywhere; only [Details.Encode] gives them
// away.
type Details struct {
	EntityType EntityType
	Roles      []AssociatedRole

	GivenNames  []string // of a person
	FamilyName  string
	DateOfBirth Date
	Email       string
	Nationality string // as the provider writes it: ISO 3166 alpha-3, or a code of ICAO's for those who have no such nationality

	Name    string // of a company, as those below
	Number  string // under which its country registers it
	Country string // of incorporation, as ISO 3166 alpha-3

	Shareholdings  []Shareholding // of an owner
	AppointedOn    Date           // in its office
	ResignedOn     Date           // from its office
	AuthorizedFrom Date           // the tenure of an authorized person
	AuthorizedTo   Date
}

// Date is a day as YYYY-MM-DD, or what was typed in its place; empty where it is not known.
type Date string

// Shareholding is what an associate holds of one class of shares.
type Shareholding struct {
	Class      string `json:"share_class"`
	Amount     string `json:"amount,omitempty"`     // the number of shares, in digits
	Percentage string `json:"percentage,omitempty"` // of the company, with a decimal point
}

const hiddenDetails = "[details]"

// Format keeps the details out of everything fmt prints.
func (d Details) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, hiddenDetails) }

// LogValue keeps the details out of logs.
func (d Details) LogValue() slog.Value { return slog.StringValue(hiddenDetails) }

// MarshalText keeps the details out of JSON and other encodings.
func (d Details) MarshalText() ([]byte, error) { return []byte(hiddenDetails), nil }

// DisplayName is what to call the associate: given names and family name, or the company's name.
func (d Details) DisplayName() string {
	if d.EntityType == Company {
		return d.Name
	}
	return strings.Join(append(append([]string{}, d.GivenNames...), d.FamilyName), " ")
}

// Tidied is the details without blanks around what was typed, with the roles in the order in which they are offered.
func (d Details) Tidied() Details {
	for _, field := range []*string{&d.FamilyName, &d.Email, &d.Nationality, &d.Name, &d.Number, &d.Country} {
		*field = strings.TrimSpace(*field)
	}
	for _, field := range []*Date{&d.DateOfBirth, &d.AppointedOn, &d.ResignedOn, &d.AuthorizedFrom, &d.AuthorizedTo} {
		*field = Date(strings.TrimSpace(string(*field)))
	}
	d.GivenNames = slices.Clone(d.GivenNames)
	for i, name := range d.GivenNames {
		d.GivenNames[i] = strings.TrimSpace(name)
	}
	d.Shareholdings = slices.Clone(d.Shareholdings)
	for i, h := range d.Shareholdings {
		d.Shareholdings[i] = Shareholding{strings.TrimSpace(h.Class), strings.TrimSpace(h.Amount), strings.TrimSpace(h.Percentage)}
	}
	d.Roles = slices.SortedStableFunc(slices.Values(d.Roles), func(a, b AssociatedRole) int {
		return slices.Index(AssociatedRoles, a) - slices.Index(AssociatedRoles, b)
	})
	return d
}

// openDetails are details as they are written down before they are sealed. Type and roles stand beside them.
type openDetails struct {
	GivenNames     []string       `json:"given_names,omitempty"`
	FamilyName     string         `json:"family_name,omitempty"`
	DateOfBirth    Date           `json:"date_of_birth,omitempty"`
	Email          string         `json:"email,omitempty"`
	Nationality    string         `json:"nationality,omitempty"`
	Name           string         `json:"name,omitempty"`
	Number         string         `json:"number,omitempty"`
	Country        string         `json:"country_of_incorporation,omitempty"`
	Shareholdings  []Shareholding `json:"shareholdings,omitempty"`
	AppointedOn    Date           `json:"appointed_on,omitempty"`
	ResignedOn     Date           `json:"resigned_on,omitempty"`
	AuthorizedFrom Date           `json:"authorized_from,omitempty"`
	AuthorizedTo   Date           `json:"authorized_to,omitempty"`
}

// Encode writes the details down in clear text, to be sealed for storage; all but type and roles, which are stored
// beside them.
func (d Details) Encode() string {
	text, err := json.Marshal(openDetails{
		d.GivenNames, d.FamilyName, d.DateOfBirth, d.Email, d.Nationality, d.Name, d.Number, d.Country,
		d.Shareholdings, d.AppointedOn, d.ResignedOn, d.AuthorizedFrom, d.AuthorizedTo,
	})
	if err != nil {
		panic(err) // of strings
	}
	return string(text)
}

// DecodeDetails reads what [Details.Encode] has written. Its errors do not repeat the text.
func DecodeDetails(t EntityType, roles []AssociatedRole, text string) (Details, error) {
	d := Details{EntityType: t, Roles: roles}
	var o openDetails
	if json.Unmarshal([]byte(text), &o) != nil {
		return d, errors.New("these are no details")
	}
	d.GivenNames, d.FamilyName, d.DateOfBirth, d.Email, d.Nationality = o.GivenNames, o.FamilyName, o.DateOfBirth, o.Email, o.Nationality
	d.Name, d.Number, d.Country, d.Shareholdings = o.Name, o.Number, o.Country, o.Shareholdings
	d.AppointedOn, d.ResignedOn, d.AuthorizedFrom, d.AuthorizedTo = o.AppointedOn, o.ResignedOn, o.AuthorizedFrom, o.AuthorizedTo
	return d, nil
}
