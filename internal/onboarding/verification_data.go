package onboarding

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// The fields of an applicant's data that the portal knows how to ask for, by Sumsub's names (docs.sumsub.com, "Create
// applicant"). Those of an address have a prefix.
const (
	FieldFirstName      = "firstName"
	FieldMiddleName     = "middleName"
	FieldLastName       = "lastName"
	FieldLegalName      = "legalName"
	FieldGender         = "gender"
	FieldBirth          = "dob"
	FieldPlaceOfBirth   = "placeOfBirth"
	FieldCountryOfBirth = "countryOfBirth"
	FieldStateOfBirth   = "stateOfBirth"
	FieldCountry        = "country"
	FieldNationality    = "nationality"
	FieldTaxNumber      = "tin"
	FieldEmail          = "email"
	FieldPhone          = "phone"
	FieldStreet         = "address.street"
	FieldSubStreet      = "address.subStreet"
	FieldBuilding       = "address.buildingNumber"
	FieldBuildingName   = "address.buildingName"
	FieldFlat           = "address.flatNumber"
	FieldTown           = "address.town"
	FieldState          = "address.state"
	FieldPostCode       = "address.postCode"
	FieldAddressCountry = "address.country"
)

// Genders that documents name, as Sumsub writes them.
var Genders = []string{"F", "M", "X"}

// knownFields are all of them, in the order in which they are asked for.
var knownFields = []string{
	FieldFirstName, FieldMiddleName, FieldLastName, FieldLegalName, FieldBirth, FieldPlaceOfBirth, FieldCountryOfBirth, FieldStateOfBirth,
	FieldGender, FieldNationality, FieldCountry, FieldTaxNumber, FieldEmail, FieldPhone, FieldStreet, FieldBuilding, FieldBuildingName,
	FieldFlat, FieldSubStreet, FieldPostCode, FieldTown, FieldState, FieldAddressCountry,
}

// countryFields hold ISO 3166 alpha-3 codes.
var countryFields = []string{FieldCountryOfBirth, FieldCountry, FieldNationality, FieldAddressCountry}

// CountryField says whether a field holds a country.
func CountryField(name string) bool { return slices.Contains(countryFields, name) }

// KnownField says whether the portal knows how to ask for a field.
func KnownField(name string) bool { return slices.Contains(knownFields, name) }

// DataFields lists what the applicant can say about themselves: what the level asks for, or, where a correction is wanted
// of something it does not ask for, what is known of them.
func (v Verification) DataFields() []DataField {
	if s, ok := v.Step(DataStep); ok {
		return slices.DeleteFunc(slices.Clone(s.Fields), func(f DataField) bool { return !KnownField(f.Name) })
	}
	if !v.WantsData() {
		return nil
	}
	names := map[string]bool{FieldFirstName: true, FieldLastName: true, FieldBirth: true}
	for name := range maps.Keys(v.Data) {
		names[name] = true
	}
	var fields []DataField
	for _, name := range knownFields {
		if names[name] {
			fields = append(fields, DataField{Name: name, Required: name != FieldMiddleName})
		}
	}
	return fields
}

// maxData is the greatest length of a field, in characters.
const maxData = 200

// What may be wrong with a field.
var (
	ErrDataMissing = errors.New("required")
	ErrDataTooLong = errors.New("too long")
	ErrDataText    = errors.New("no text")
	ErrDataDate    = errors.New("not a day in the past")
	ErrDataCountry = errors.New("not a country")
	ErrDataEmail   = errors.New("not an e-mail address")
	ErrDataPhone   = errors.New("not a telephone number")
	ErrDataChoice  = errors.New("none of the choices")
)

// CheckData says what is wrong with data: an Invalid [Error] for each trouble, with its field and one of the errors above,
// joined as by [errors.Join]. None of them repeats what was typed.
func (v Verification) CheckData(d ApplicantData, now time.Time) error {
	fields := v.DataFields()
	wrong := []error{}
	for _, f := range fields {
		value := strings.TrimSpace(d[f.Name])
		if value == "" && !f.Required {
			continue
		}
		if err := checkData(f.Name, value, now); err != nil {
			wrong = append(wrong, &Error{Kind: Invalid, Field: f.Name, Err: fmt.Errorf("%s: %w", f.Name, err)})
		}
	}
	for name := range d {
		if !slices.ContainsFunc(fields, func(f DataField) bool { return f.Name == name }) {
			wrong = append(wrong, &Error{Kind: Invalid, Err: errors.New("a field that is not asked for")})
		}
	}
	return errors.Join(wrong...)
}

func checkData(name, value string, now time.Time) error {
	switch {
	case value == "":
		return ErrDataMissing
	case utf8.RuneCountInString(value) > maxData:
		return ErrDataTooLong
	case !utf8.ValidString(value) || strings.ContainsFunc(value, unicode.IsControl):
		return ErrDataText
	case name == FieldBirth:
		return checkBirth(value, now)
	case CountryField(name):
		if checkCountry(value) != nil {
			return ErrDataCountry
		}
	case name == FieldEmail:
		if checkEmail(value) != nil {
			return ErrDataEmail
		}
	case name == FieldPhone:
		return checkPhone(value)
	case name == FieldGender && !slices.Contains(Genders, value):
		return ErrDataChoice
	}
	return nil
}

// oldest is above the age of anybody alive, in years.
const oldest = 130

func checkBirth(value string, now time.Time) error {
	day, err := time.Parse(time.DateOnly, value)
	if err != nil || !day.Before(now) || day.Before(now.AddDate(-oldest, 0, 0)) {
		return ErrDataDate
	}
	return nil
}

// checkPhone wants a number with its country's code, as it is dialled from anywhere (ITU-T E.164), with the spaces and signs
// that people write.
func checkPhone(value string) error {
	digits := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -()./", r) {
			return -1
		}
		return r
	}, value)
	number, plus := strings.CutPrefix(digits, "+")
	if !plus || len(number) < 7 || len(number) > 15 || strings.ContainsFunc(number, func(r rune) bool { return r < '0' || r > '9' }) {
		return ErrDataPhone
	}
	return nil
}

// addressPrefix is what the names of the parts of an address begin with.
const addressPrefix = "address."

// changes are what is to be sent of data that was typed: what is not empty, what is to become empty, and the parts of the address
// that were given before, since an address is stored as a whole.
func (v Verification) changes(typed ApplicantData) ApplicantData {
	sent := ApplicantData{}
	address := false
	for name, value := range typed {
		if value = strings.TrimSpace(value); value != "" || v.Data[name] != "" {
			sent[name] = value
			address = address || strings.HasPrefix(name, addressPrefix)
		}
	}
	for name, value := range v.Data {
		if _, ok := sent[name]; !ok && address && strings.HasPrefix(name, addressPrefix) {
			sent[name] = value
		}
	}
	return sent
}
