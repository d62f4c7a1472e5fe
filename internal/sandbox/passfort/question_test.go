package passfort_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox/passfort"
	accounts "portal/internal/sandbox/passfort/account"
)

// openAsked opens a form that asks these sections.
func openAsked(t *testing.T, sections ...accounts.Section) frame {
	t.Helper()
	return openPerson(t, openWith(t, func(c *passfort.Config) { c.Account = askPersons(sections...) }))
}

// refusedFields are the questions whose answers are refused, each with a message.
func refusedFields(t *testing.T, r reply) []string {
	t.Helper()
	names := []string{}
	list, _ := r.body["errors"].([]any)
	for i := range list {
		if at(list, i, "message") == "" {
			t.Errorf("a problem without a message: %s", r.raw)
		}
		names = append(names, at(list, i, "field").(string))
	}
	return names
}

func TestEveryTypeOfQuestionChecksItsAnswer(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é", 101) // 202 bytes
	for kind, c := range map[accounts.QuestionType]struct{ good, bad []string }{
		accounts.Text:         {[]string{"anything", "1"}, []string{long}},
		accounts.LongText:     {[]string{long, "two\nlines"}, []string{strings.Repeat("x", 4001)}},
		accounts.EmailAddress: {[]string{"jo@example.com"}, []string{"a@", "jo", "Jo <jo@example.com>"}},
		accounts.Phone:        {[]string{"+44 20 7946 0018", "(030) 123-45"}, []string{"call me", "12", "++44 20 7946"}},
		accounts.Number:       {[]string{"0", "0012", "123456789012345"}, []string{"-1", "1.5", "1e3", "1234567890123456"}},
		accounts.Date:         {[]string{"1990-03-27", "2199-01-01"}, []string{"27.3.1990", "1990-02-30", "1990"}},
		accounts.Birthday:     {[]string{"1990-03-27", "2026-03-01"}, []string{"2026-03-02", "1990-13-01"}},
		accounts.Country:      {[]string{"GBR", "RKS"}, []string{"GB", "XYZ", "gbr"}},
		accounts.Choice:       {[]string{"red"}, []string{"blue", "RED"}},
		accounts.YesNo:        {[]string{"yes", "no"}, []string{"true", "Yes"}},
		accounts.GivenNames:   {[]string{"Ines Maria"}, []string{long}},
		accounts.FullName:     {[]string{"Ines Falk", "Cher"}, []string{long}},
	} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			f := openAsked(t, accounts.Section{Questions: []question{
				{Name: "it", Label: "It", Type: kind, Options: []accounts.Option{{Value: "red", Label: "Red"}}},
			}})
			for _, answer := range c.good {
				if r := f.try(t, yourDetails, answers{"it": answer}); r.status != http.StatusOK {
					t.Errorf("%q: status %d: %s", answer, r.status, r.raw)
				}
			}
			for _, answer := range c.bad {
				r := f.try(t, yourDetails, answers{"it": answer})
				if diff := cmp.Diff([]string{"it"}, refusedFields(t, r)); r.status != http.StatusUnprocessableEntity || diff != "" {
					t.Errorf("%.20q: status %d: %s", answer, r.status, diff)
				}
			}
			f.submit(t, yourDetails, nil) // it is optional
		})
	}
}

func TestEveryTypeOfAnswerComesBackAsItWasTyped(t *testing.T) {
	t.Parallel()
	f := openAsked(t, accounts.Section{Questions: []question{
		{Name: "number", Label: "Number", Type: accounts.Number},
		{Name: "agreed", Label: "Agreed", Type: accounts.YesNo},
		{Name: "refused", Label: "Refused", Type: accounts.YesNo},
		{Name: "first", Label: "First", Type: accounts.GivenNames},
		{Name: "whole", Label: "Whole", Type: accounts.FullName},
	}})
	given := answers{"number": "100200300400500", "agreed": "yes", "refused": "no", "first": "Ines Maria", "whole": "Ines Maria Falk"}

	f.submit(t, yourDetails, given)

	if diff := cmp.Diff(given, f.form(t, yourDetails).answers()); diff != "" {
		t.Error(diff)
	}
	want := map[string]any{
		"number": 100200300400500.0, "agreed": true, "refused": false, "first": []any{"Ines", "Maria"},
		"whole": map[string]any{"given_names": []any{"Ines", "Maria"}, "family_name": "Falk"},
	}
	if diff := cmp.Diff(want, f.data(t)["custom_fields"]); diff != "" {
		t.Error(diff)
	}
}

func TestRequiredQuestionsAreNamedAndNothingIsStored(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	f := openPerson(t, a)
	before := a.kinds()

	r := f.try(t, yourDetails, answers{"given_names": "  ", "date_of_birth": "1990-03-27"})

	if diff := cmp.Diff([]string{"given_names", "family_name"}, refusedFields(t, r)); diff != "" {
		t.Error(diff)
	}
	if got := at(r.body, "errors", 0, "message"); r.status != http.StatusUnprocessableEntity || got != "Enter your given names." {
		t.Errorf("status %d: %s", r.status, r.raw)
	}
	if diff := cmp.Diff(before, a.kinds()); diff != "" || f.form(t, yourDetails).Submitted {
		t.Errorf("something was stored: %s", diff)
	}
}

func TestQuestionWithoutAPathIsACustomField(t *testing.T) {
	t.Parallel()
	f := openAsked(t, accounts.Section{Questions: []question{
		{Name: "favourite-colour", Label: "Colour", Type: accounts.Text},
		{Name: "reason", Label: "Reason", Type: accounts.Text},
	}})

	f.submit(t, yourDetails, answers{"favourite-colour": "green", "reason": "it is calm"})
	want := map[string]any{"favourite-colour": "green", "reason": "it is calm"}
	if diff := cmp.Diff(want, f.data(t)["custom_fields"]); diff != "" {
		t.Error(diff)
	}

	f.submit(t, yourDetails, answers{"favourite-colour": "green"})
	if diff := cmp.Diff(map[string]any{"favourite-colour": "green"}, f.data(t)["custom_fields"]); diff != "" {
		t.Errorf("an answer that was taken back is still there: %s", diff)
	}
}

func TestQuestionsAreGroupedInSections(t *testing.T) {
	t.Parallel()
	f := openAsked(t,
		accounts.Section{Title: "Where", Questions: []question{{Name: "town", Label: "Town", Type: accounts.Text}}},
		accounts.Section{Questions: []question{{Name: "why", Label: "Why?", Type: accounts.LongText, Required: true}}},
	)

	want := []shownSection{
		{Title: "Where", Questions: []shownQuestion{{Name: "town", Label: "Town", Type: "text"}}},
		{Questions: []shownQuestion{{Name: "why", Label: "Why?", Type: "long_text", Required: true}}},
	}
	if diff := cmp.Diff(want, f.form(t, yourDetails).Sections); diff != "" {
		t.Error(diff)
	}
}

func TestNumbersOfARegisterCanBeConfirmed(t *testing.T) {
	t.Parallel()
	d := askPersons(accounts.Section{Questions: []question{
		{Name: "employees", Label: "Employees", Type: accounts.Number, Path: "metadata.number_of_employees"},
	}})
	d.FlowTemplates[0].EntityType = "COMPANY"
	d.Companies[0].Data["metadata"] = map[string]any{"number_of_employees": 1e6}
	a := openWith(t, func(c *passfort.Config) { c.Account = d })
	profile := a.addProfile(t, "COMPANY_CUSTOMER", `{"entity_type":"COMPANY","metadata":{"number":"10000001","country_of_incorporation":"GBR"}}`)
	a.api(t, "POST", "/4.0/profiles/"+profile+"/checks", `{"check_type":"COMPANY_REGISTRY"}`)
	a.letChecksEnd(t)
	id, key := a.addRequest(t, profile, "individual-onboarding")
	f := frame{a, profile, id, key}

	known := f.form(t, yourDetails).answers()
	f.submit(t, yourDetails, known)

	if diff := cmp.Diff(answers{"employees": "1000000"}, known); diff != "" {
		t.Error(diff)
	}
}
