package passfort

import (
	"encoding/json"
	"errors"
	"strings"

	"portal/internal/onboarding"
)

// newAssociated is an entry of a list of associates, as it is written. What is not known is left out.
type newAssociated struct {
	EntityType  onboarding.EntityType `json:"entity_type"`
	Linked      newLink               `json:"linked_profile"`
	AppointedOn onboarding.Date       `json:"appointed_on,omitzero"`
	ResignedOn  onboarding.Date       `json:"resigned_on,omitzero"`
	Percentage  json.Number           `json:"total_percentage,omitempty"`
	Holdings    []newHolding          `json:"shareholdings,omitempty"`
	Variants    []string              `json:"task_variant_ids,omitempty"`
}

type newLink struct {
	ID onboarding.ProfileID `json:"id"`
}

type newHolding struct {
	Class      string      `json:"share_class"`
	Amount     json.Number `json:"amount,omitempty"`
	Percentage json.Number `json:"percentage,omitempty"`
}

var errNoNumber = errors.New("a shareholding is no number")

// newEntry is the entry of an associate in the list of a role.
func newEntry(role onboarding.AssociatedRole, p onboarding.Placement) ([]byte, error) {
	d := p.Details
	entry := newAssociated{EntityType: d.EntityType, Linked: newLink{p.Profile}, Variants: p.Lists[role]}
	entry.AppointedOn, entry.ResignedOn = term(role, d)
	if role.Owns() {
		entry.Percentage = number(d.Percentage())
		for _, h := range d.Shareholdings {
			entry.Holdings = append(entry.Holdings, newHolding{h.Class, number(h.Amount), number(h.Percentage)})
		}
	}
	text, err := json.Marshal(entry)
	if err != nil {
		return nil, &onboarding.Error{Kind: onboarding.Invalid, Err: errNoNumber}
	}
	return text, nil
}

// term is from when to when an associate is something to the company. How API 4.0 writes the tenure of authorized persons is
// not documented: the members of officers are taken, which its schema has in every entry. Only who gave no tenure at all is
// taken to be authorized for as long as they hold office.
func term(role onboarding.AssociatedRole, d onboarding.Details) (from, to onboarding.Date) {
	switch {
	case role == onboarding.AuthorizedPerson && (d.AuthorizedFrom != "" || d.AuthorizedTo != ""):
		return d.AuthorizedFrom, d.AuthorizedTo
	case role == onboarding.AuthorizedPerson, role.Officer():
		return d.AppointedOn, d.ResignedOn
	default:
		return "", ""
	}
}

// number is a decimal number as JSON writes it, without zeros in front.
func number(decimal string) json.Number {
	digits := strings.TrimLeft(decimal, "0")
	if decimal != "" && (digits == "" || digits[0] == '.') {
		digits = "0" + digits
	}
	return json.Number(digits)
}
