package web

import (
	"cmp"
	"context"
	"strings"

	"portal/internal/i18n"
	"portal/internal/onboarding"
	"portal/templates"
)

// dataLabels are the message keys of what the fields of an applicant's data are called.
var dataLabels = map[string]string{
	onboarding.FieldFirstName:      "documents.field_first_name",
	onboarding.FieldMiddleName:     "documents.field_middle_name",
	onboarding.FieldLastName:       "documents.field_last_name",
	onboarding.FieldLegalName:      "documents.field_legal_name",
	onboarding.FieldGender:         "documents.field_gender",
	onboarding.FieldBirth:          "documents.field_birth",
	onboarding.FieldPlaceOfBirth:   "documents.field_place_of_birth",
	onboarding.FieldCountryOfBirth: "documents.field_country_of_birth",
	onboarding.FieldStateOfBirth:   "documents.field_state_of_birth",
	onboarding.FieldCountry:        "documents.field_country",
	onboarding.FieldNationality:    "documents.field_nationality",
	onboarding.FieldTaxNumber:      "documents.field_tax_number",
	onboarding.FieldEmail:          "documents.field_email",
	onboarding.FieldPhone:          "documents.field_phone",
	onboarding.FieldStreet:         "documents.field_street",
	onboarding.FieldSubStreet:      "documents.field_sub_street",
	onboarding.FieldBuilding:       "documents.field_building",
	onboarding.FieldBuildingName:   "documents.field_building_name",
	onboarding.FieldFlat:           "documents.field_flat",
	onboarding.FieldTown:           "documents.field_town",
	onboarding.FieldState:          "documents.field_state",
	onboarding.FieldPostCode:       "documents.field_post_code",
	onboarding.FieldAddressCountry: "documents.field_address_country",
}

// dataHints are the message keys of how to fill them in, where that is not plain.
var dataHints = map[string]string{
	onboarding.FieldFirstName: "documents.hint_first_name",
	onboarding.FieldLastName:  "documents.hint_last_name",
	onboarding.FieldPhone:     "documents.hint_phone",
}

// autofill are what browsers call the fields, so that people need not type what their browser knows.
var autofill = map[string]string{
	onboarding.FieldFirstName: "given-name", onboarding.FieldMiddleName: "additional-name", onboarding.FieldLastName: "family-name",
	onboarding.FieldBirth: "bday", onboarding.FieldEmail: "email", onboarding.FieldPhone: "tel",
	onboarding.FieldTown: "address-level2", onboarding.FieldState: "address-level1", onboarding.FieldPostCode: "postal-code",
}

// genders are the message keys of what documents say of it.
var genders = map[string]string{"F": "documents.gender_f", "M": "documents.gender_m", "X": "documents.gender_x"}

// dataFields are fields with what was typed into them.
func dataFields(ctx context.Context, fields []onboarding.DataField, typed onboarding.ApplicantData) []templates.DataField {
	list := make([]templates.DataField, len(fields))
	for i, f := range fields {
		list[i] = templates.DataField{
			Name: f.Name, ID: strings.ReplaceAll(f.Name, ".", "-"), Kind: "text", Value: typed[f.Name], Optional: !f.Required,
			Label: dataLabels[f.Name], Hint: dataHints[f.Name], Autocomplete: autofill[f.Name],
		}
		if !f.Required {
			list[i].Hint = cmp.Or(list[i].Hint, "documents.optional")
		}
		shape(ctx, &list[i])
	}
	return list
}

// shape makes of a field what its content takes.
func shape(ctx context.Context, f *templates.DataField) {
	switch {
	case f.Name == onboarding.FieldBirth:
		f.Kind = "date"
	case f.Name == onboarding.FieldEmail:
		f.Kind = "email"
	case f.Name == onboarding.FieldPhone:
		f.Kind = "tel"
	case onboarding.CountryField(f.Name):
		f.Kind, f.Groups = "select", countryGroups(ctx)
	case f.Name == onboarding.FieldGender:
		f.Kind = "choice"
		for _, g := range onboarding.Genders {
			f.Choices = append(f.Choices, templates.Answer{Value: g, Text: i18n.T(ctx, genders[g])})
		}
	}
}
