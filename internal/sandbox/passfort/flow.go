package passfort

import (
	_ "embed"
	"net/mail"
	"strings"
	"time"
)

// flow is a flow template: the sections of forms that a customer request leads through, in order.
type flow struct {
	alias      string
	title      string
	entityType string
	sections   []section
}

// section is one form. Its answers live in the profile's collected data and nowhere else, so whatever is known there
// already is found filled in.
type section struct {
	id     string
	title  string
	intro  string
	photo  bool // asks for a photo of a document, which may be left out
	fields []field
	read   func(data entityData, req *request) map[string]string
	write  func(data entityData, req *request, answers map[string]string)
}

// field is one question, as the frame shows it.
type field struct {
	Name         string   `json:"name"`
	Label        string   `json:"label"`
	Hint         string   `json:"hint,omitempty"`
	Type         string   `json:"type"` // text, email, date or country
	Autocomplete string   `json:"autocomplete,omitempty"`
	Options      []option `json:"options,omitempty"`
	missing      string   // the complaint about no answer
}

type option struct {
	Value string `json:"value"`
	Label string `json:"label"`
}

func (f *flow) section(id string) (section, bool) {
	for _, s := range f.sections {
		if s.id == id {
			return s, true
		}
	}
	return section{}, false
}

// fieldError is a question's complaint about its answer.
type fieldError struct {
	Field   string `json:"field"`
	Message string `json:"message"`
}

// maxAnswer is the longest answer taken, in bytes.
const maxAnswer = 200

// check says which answers are missing or wrong. Every question must be answered.
func (s section) check(answers map[string]string, now time.Time) []fieldError {
	var errs []fieldError
	for _, f := range s.fields {
		if message := f.check(answers[f.Name], now); message != "" {
			errs = append(errs, fieldError{Field: f.Name, Message: message})
		}
	}
	return errs
}

func (f field) check(answer string, now time.Time) string {
	switch {
	case answer == "":
		return f.missing
	case len(answer) > maxAnswer:
		return f.Label + " is too long."
	case f.Type == "date":
		return checkBirthday(answer, now)
	case f.Type == "email":
		if address, err := mail.ParseAddress(answer); err != nil || address.Address != answer {
			return "Enter an e-mail address like name@example.com."
		}
	case f.Type == "country" && !isCountry(answer):
		return "Choose a country from the list."
	}
	return ""
}

func checkBirthday(answer string, now time.Time) string {
	day, err := time.Parse(time.DateOnly, answer)
	switch {
	case err != nil:
		return "Enter a date as year-month-day, for example 1990-03-27."
	case day.After(now):
		return "The date must be in the past."
	default:
		return ""
	}
}

//go:embed countries.txt
var countryList string

// countries are the countries by ISO 3166 alpha-3 code, with the provider's RKS for Kosovo.
var countries = parseCountries(countryList)

func parseCountries(list string) []option {
	var options []option
	for line := range strings.Lines(list) {
		code, name, _ := strings.Cut(strings.TrimSpace(line), " ")
		options = append(options, option{Value: code, Label: name})
	}
	return options
}

func isCountry(code string) bool {
	for _, c := range countries {
		if c.Value == code {
			return true
		}
	}
	return false
}

// splitName divides a full name into given names and family name: its last word.
func splitName(name string) (given []string, family string) {
	words := strings.Fields(name)
	if len(words) == 0 {
		return nil, ""
	}
	return words[:len(words)-1], words[len(words)-1]
}

// toList turns texts into a list as JSON knows it.
func toList(texts []string) []any {
	list := make([]any, len(texts))
	for i, s := range texts {
		list[i] = s
	}
	return list
}
