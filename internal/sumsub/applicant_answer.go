package sumsub

import (
	"encoding/json"
	"slices"

	"portal/internal/onboarding"
)

// applicant is what is read of an applicant.
type applicant struct {
	ID         text                       `json:"id"`
	Inspection text                       `json:"inspectionId"`
	Reference  text                       `json:"externalUserId"`
	Email      text                       `json:"email"`
	Phone      text                       `json:"phone"`
	Language   text                       `json:"lang"`
	Info       map[string]json.RawMessage `json:"fixedInfo"` // what was given, as opposed to what was read off documents
	Required   requirements               `json:"requiredIdDocs"`
	Review     standing                   `json:"review"`
	Deleted    flag                       `json:"deleted"`
	Inactive   flag                       `json:"inactive"`
}

// requirements are what a level asks for.
type requirements struct {
	Included words    `json:"includedCountries"`
	Excluded words    `json:"excludedCountries"`
	Sets     []docSet `json:"docSets"`
}

// docSet is one step of a level.
type docSet struct {
	Set   text  `json:"idDocSetType"`
	Types words `json:"types"`
	Sides words `json:"subTypes"`
	Video text  `json:"videoRequired"`
	Mode  text  `json:"mode"` // "all" where every type is wanted
	Chip  struct {
		Mode text `json:"mode"`
	} `json:"nfcVerificationSettings"`
	Fields []field `json:"fields"`
}

type field struct {
	Name     text `json:"name"`
	Required flag `json:"required"`
}

// decodeApplicant reads an applicant. Without an id it is none.
func decodeApplicant(body []byte) (applicant, error) {
	var a applicant
	if err := decodeObject(body, &a); err != nil {
		return applicant{}, err
	}
	if !idForm.MatchString(string(a.ID)) {
		return applicant{}, errNoID
	}
	return a, nil
}

// steps are what a level asks for, in its order.
func (r requirements) steps() []onboarding.Step {
	var steps []onboarding.Step
	for _, s := range r.Sets {
		if set := word(s.Set); set != "" {
			steps = append(steps, onboarding.Step{
				Set: set, Types: s.Types, Sides: s.Sides, Video: word(s.Video), All: s.Mode == "all", Chip: s.Chip.Mode == "required", Fields: s.fields(),
			})
		}
	}
	return steps
}

// ofAddress are the fields of an address, which levels list like any others (docs.sumsub.com, "Create applicant").
var ofAddress = []string{"street", "subStreet", "town", "state", "postCode", "buildingName", "flatNumber", "buildingNumber"}

// wholeAddress is what is asked for where older levels ask for "addresses".
var wholeAddress = []onboarding.DataField{
	{Name: addressPrefix + "street", Required: true},
	{Name: addressPrefix + "postCode"},
	{Name: addressPrefix + "town", Required: true},
	{Name: addressPrefix + "country", Required: true},
}

// fields are those that a step asks for, by the names under which [Client.SetData] takes them.
func (s docSet) fields() []onboarding.DataField {
	var fields []onboarding.DataField
	for _, f := range s.Fields {
		name := string(f.Name)
		switch {
		case !fieldForm.MatchString(name):
		case name == "addresses":
			fields = append(fields, wholeAddress...)
		case slices.Contains(ofAddress, name):
			fields = append(fields, onboarding.DataField{Name: addressPrefix + name, Required: bool(f.Required)})
		default:
			fields = append(fields, onboarding.DataField{Name: name, Required: bool(f.Required)})
		}
	}
	return fields
}
