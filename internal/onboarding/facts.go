package onboarding

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
)

// Facts are what the company knows of an applicant already, so that the forms need not ask for it again. They are
// personal data and print as "[facts]" everywhere; only [Facts.Encode] gives them away.
type Facts struct {
	GivenNames []string // of the person
	FamilyName string
	Email      string // of the person, or of the company that registers
	Name       string // of the company, as that below
	Number     string // under which its country registers it
	Country    string // of incorporation, as ISO 3166 alpha-3
	Language   string // in which the applicant reads, as BCP 47
}

const hiddenFacts = "[facts]"

// Format keeps the facts out of everything fmt prints.
func (f Facts) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, hiddenFacts) }

// LogValue keeps the facts out of logs.
func (f Facts) LogValue() slog.Value { return slog.StringValue(hiddenFacts) }

// MarshalText keeps the facts out of JSON and other encodings.
func (f Facts) MarshalText() ([]byte, error) { return []byte(hiddenFacts), nil }

// Empty says whether there are no facts at all.
func (f Facts) Empty() bool {
	return len(f.GivenNames) == 0 && f.FamilyName == "" && f.Email == "" && f.Name == "" && f.Number == "" && f.Country == "" && f.Language == ""
}

// For is those of the facts that have a place in a profile of that role; the others are not kept anywhere.
func (f Facts) For(role Role) Facts {
	switch role {
	case IndividualCustomer:
		return Facts{GivenNames: f.GivenNames, FamilyName: f.FamilyName, Email: f.Email, Language: f.Language}
	case CompanyCustomer:
		return Facts{Email: f.Email, Name: f.Name, Number: f.Number, Country: f.Country, Language: f.Language}
	default:
		return Facts{}
	}
}

// openFacts are facts as they are written down before they are sealed.
type openFacts struct {
	GivenNames []string `json:"given_names,omitempty"`
	FamilyName string   `json:"family_name,omitempty"`
	Email      string   `json:"email,omitempty"`
	Name       string   `json:"name,omitempty"`
	Number     string   `json:"number,omitempty"`
	Country    string   `json:"country_of_incorporation,omitempty"`
	Language   string   `json:"language,omitempty"`
}

// Encode writes the facts down in clear text, to be sealed for storage.
func (f Facts) Encode() string {
	text, err := json.Marshal(openFacts(f))
	if err != nil {
		panic(err) // of strings
	}
	return string(text)
}

// DecodeFacts reads what [Facts.Encode] has written. Its errors do not repeat the text.
func DecodeFacts(text string) (Facts, error) {
	var f openFacts
	if json.Unmarshal([]byte(text), &f) != nil {
		return Facts{}, errors.New("these are no facts")
	}
	return Facts(f), nil
}
