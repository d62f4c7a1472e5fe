package web

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"portal/internal/i18n"
	"portal/internal/onboarding"
	"portal/templates"
)

// maxHoldings is how many classes of shares the form has room for.
const maxHoldings = 10

// typedAssociate is an associate as it came with a form: what was typed, which may be anything, and what goes with it.
type typedAssociate struct {
	form    templates.AssociateForm
	id      onboarding.AssociateID
	draft   bool            // it was entered before, and is changed
	asked   map[string]bool // ids that were asked about: they resemble it
	answer  string          // to that question
	related [2]string       // registration and company as they came
	version int64           // of the draft when the form was made; zero where that is not known
}

// typedIn reads the form; path is the id in the address, where there is one. A new associate without an id gets one.
func typedIn(f url.Values, path string) typedAssociate {
	t := typedAssociate{
		form: typedForm(f), draft: path != "", answer: f.Get("answer"), asked: map[string]bool{},
		related: [2]string{idIn(f.Get("registration")), idIn(f.Get("of"))},
	}
	t.version, _ = strconv.ParseInt(f.Get("version"), 10, 64)
	for _, id := range strings.Fields(f.Get("asked")) {
		t.asked[id] = true
	}
	id, err := uuid.Parse(cmp.Or(path, f.Get("id")))
	switch {
	case err == nil && id != uuid.Nil:
		t.id = onboarding.AssociateID(id)
	case !t.draft:
		t.id = newAssociateID()
	}
	return t
}

// typedForm is what was typed, which is a person's where it does not say.
func typedForm(f url.Values) templates.AssociateForm {
	form := templates.AssociateForm{
		Type:       string(onboarding.Individual),
		GivenNames: f.Get("given_names"), FamilyName: f.Get("family_name"), DateOfBirth: f.Get("date_of_birth"),
		Email: f.Get("email"), Nationality: f.Get("nationality"),
		Name: f.Get("name"), Number: f.Get("number"), Country: f.Get("country_of_incorporation"),
		Roles: f["roles"], Holdings: typedHoldings(f),
		AppointedOn: f.Get("appointed_on"), ResignedOn: f.Get("resigned_on"),
		AuthorizedFrom: f.Get("authorized_from"), AuthorizedTo: f.Get("authorized_to"),
	}
	if f.Get("type") == string(onboarding.Company) {
		form.Type = string(onboarding.Company)
	}
	return form
}

// newAssociateID is made with the form, so that sending it twice has no second effect.
func newAssociateID() onboarding.AssociateID { return onboarding.AssociateID(uuid.Must(uuid.NewV7())) }

// idIn is an id as a form repeats it, or nothing.
func idIn(text string) string {
	id, err := uuid.Parse(text)
	if err != nil {
		return ""
	}
	return id.String()
}

// typedHoldings are the rows in which something was typed, so that errors are counted as the rows are.
func typedHoldings(f url.Values) (rows []templates.AssociateHolding) {
	at := func(name string, i int) string {
		if i < len(f[name]) {
			return f[name][i]
		}
		return ""
	}
	for i := range max(len(f["share_class"]), len(f["amount"]), len(f["percentage"])) {
		row := templates.AssociateHolding{Class: at("share_class", i), Amount: at("amount", i), Percentage: at("percentage", i)}
		if strings.TrimSpace(row.Class+row.Amount+row.Percentage) != "" {
			rows = append(rows, row)
		}
	}
	return rows
}

// says tells whether what was typed is what an entry says.
func (t typedAssociate) says(d onboarding.Details) bool {
	typed := t.details().Tidied()
	return typed.EntityType == d.EntityType && slices.Equal(typed.Roles, d.Roles) && typed.Encode() == d.Encode()
}

// details is what the domain is given of what was typed.
func (t typedAssociate) details() onboarding.Details {
	f := t.form
	d := onboarding.Details{
		EntityType:  onboarding.EntityType(f.Type),
		AppointedOn: typedDate(f.AppointedOn), ResignedOn: typedDate(f.ResignedOn),
		AuthorizedFrom: typedDate(f.AuthorizedFrom), AuthorizedTo: typedDate(f.AuthorizedTo),
	}
	for _, r := range f.Roles {
		d.Roles = append(d.Roles, onboarding.AssociatedRole(r))
	}
	for _, h := range f.Holdings {
		d.Shareholdings = append(d.Shareholdings, onboarding.Shareholding{
			Class: h.Class, Amount: typedAmount(h.Amount), Percentage: typedPercentage(h.Percentage),
		})
	}
	if d.EntityType == onboarding.Company {
		d.Name, d.Number, d.Country = f.Name, f.Number, f.Country
		return d
	}
	d.GivenNames, d.FamilyName, d.DateOfBirth = strings.Fields(f.GivenNames), f.FamilyName, typedDate(f.DateOfBirth)
	d.Email, d.Nationality = f.Email, f.Nationality
	return d
}

// formOf is the form filled in with what was entered before.
func formOf(ctx context.Context, d onboarding.Details) templates.AssociateForm {
	f := templates.AssociateForm{
		Type: string(d.EntityType), GivenNames: strings.Join(d.GivenNames, " "), FamilyName: d.FamilyName,
		DateOfBirth: string(d.DateOfBirth), Email: d.Email, Nationality: d.Nationality,
		Name: d.Name, Number: d.Number, Country: d.Country,
		AppointedOn: string(d.AppointedOn), ResignedOn: string(d.ResignedOn),
		AuthorizedFrom: string(d.AuthorizedFrom), AuthorizedTo: string(d.AuthorizedTo),
	}
	for _, r := range d.Roles {
		f.Roles = append(f.Roles, string(r))
	}
	for _, h := range d.Shareholdings {
		percentage := strings.ReplaceAll(h.Percentage, ".", i18n.T(ctx, "associates.decimal"))
		f.Holdings = append(f.Holdings, templates.AssociateHolding{Class: h.Class, Amount: h.Amount, Percentage: percentage})
	}
	return f
}
