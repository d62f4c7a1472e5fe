package onboarding

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"
)

// The greatest numbers and lengths of what is entered of an associate, beside those of facts.
const (
	maxShareholdings = 10
	maxShareClass    = 100
	oldestAge        = 130 // years
)

// wrongDetail is the error of one thing that was entered: its field, and the key of the message for who entered it.
func wrongDetail(field, key string) error {
	return &Error{Kind: Invalid, Field: field, Key: key, Err: errors.New(field)}
}

// Check says what is wrong with the details on the day that is now: an Invalid [Error] for each trouble, with its field and
// the key of a message, joined as by [errors.Join]. None of them repeats what was entered. The name and a role are all that
// must be there: who enters an associate need not know everything about them.
func (d Details) Check(now time.Time, directorAge int) error {
	wrong := []error{d.checkTimes(now), d.checkRoles(), d.checkHoldings()}
	switch d.EntityType {
	case Individual:
		wrong = append(wrong, d.checkPerson(now, directorAge))
	case Company:
		wrong = append(wrong, d.checkCompany())
	default:
		wrong = append(wrong, wrongDetail("entity_type", "error.associate_type"))
	}
	return errors.Join(wrong...)
}

func (d Details) checkRoles() error {
	known := !slices.ContainsFunc(d.Roles, func(r AssociatedRole) bool { return !r.known() })
	switch {
	case len(d.Roles) == 0:
		return wrongDetail("roles", "error.associate_roles_missing")
	case !known, len(slices.Compact(slices.Sorted(slices.Values(d.Roles)))) < len(d.Roles):
		return wrongDetail("roles", "error.associate_roles_unknown")
	}
	return d.checkTermRoles()
}

// checkTermRoles refuses terms that no role has a place for: they would be dropped without a word. Who is authorized may do
// with the term of office.
func (d Details) checkTermRoles() error {
	authorized := slices.Contains(d.Roles, AuthorizedPerson)
	officer := authorized || slices.ContainsFunc(d.Roles, AssociatedRole.Officer)
	var wrong []error
	for _, t := range []struct {
		field, key string
		day        Date
		placed     bool
	}{
		{"appointed_on", "error.associate_office_role", d.AppointedOn, officer},
		{"resigned_on", "error.associate_office_role", d.ResignedOn, officer},
		{"authorized_from", "error.associate_tenure_role", d.AuthorizedFrom, authorized},
		{"authorized_to", "error.associate_tenure_role", d.AuthorizedTo, authorized},
	} {
		if !t.day.IsZero() && !t.placed {
			wrong = append(wrong, wrongDetail(t.field, t.key))
		}
	}
	return errors.Join(wrong...)
}

func (d Details) checkPerson(now time.Time, directorAge int) error {
	wrong := []error{d.checkNames(), d.checkBirth(now, directorAge)}
	if checkEmail(d.Email) != nil {
		wrong = append(wrong, wrongDetail("email", "error.associate_email"))
	}
	if !isNationality(d.Nationality) {
		wrong = append(wrong, wrongDetail("nationality", "error.associate_nationality"))
	}
	if d.Name != "" || d.Number != "" || d.Country != "" {
		wrong = append(wrong, wrongDetail("entity_type", "error.associate_type"))
	}
	return errors.Join(wrong...)
}

func (d Details) checkNames() error {
	var wrong []error
	if d.FamilyName == "" {
		wrong = append(wrong, wrongDetail("family_name", "error.associate_family_name"))
	} else if checkText("", d.FamilyName, maxPersonName) != nil {
		wrong = append(wrong, wrongDetail("family_name", "error.associate_text"))
	}
	if (Facts{GivenNames: d.GivenNames}).checkGivenNames() != nil {
		wrong = append(wrong, wrongDetail("given_names", "error.associate_text"))
	}
	return errors.Join(wrong...)
}

func (d Details) checkBirth(now time.Time, directorAge int) error {
	born, err := d.DateOfBirth.day()
	switch {
	case d.DateOfBirth.IsZero():
		return nil
	case err != nil:
		return wrongDetail("date_of_birth", "error.associate_date")
	case born.After(now), born.AddDate(oldestAge, 0, 0).Before(now):
		return wrongDetail("date_of_birth", "error.associate_birth")
	case slices.Contains(d.Roles, Director) && born.AddDate(directorAge, 0, 0).After(now):
		return wrongDetail("date_of_birth", "error.associate_director_age")
	}
	return nil
}

func (d Details) checkCompany() error {
	var wrong []error
	if d.Name == "" {
		wrong = append(wrong, wrongDetail("name", "error.associate_name"))
	} else if checkText("", d.Name, maxName) != nil {
		wrong = append(wrong, wrongDetail("name", "error.associate_text"))
	}
	if checkText("", d.Number, maxNumber) != nil {
		wrong = append(wrong, wrongDetail("number", "error.associate_text"))
	}
	if checkCountry(d.Country) != nil {
		wrong = append(wrong, wrongDetail("country_of_incorporation", "error.associate_country"))
	}
	if len(d.GivenNames) > 0 || d.FamilyName != "" || d.DateOfBirth != "" || d.Email != "" || d.Nationality != "" {
		wrong = append(wrong, wrongDetail("entity_type", "error.associate_type"))
	}
	return errors.Join(wrong...)
}

// checkTimes looks at the days of office and of tenure.
func (d Details) checkTimes(now time.Time) error {
	return errors.Join(
		checkTerm("appointed_on", d.AppointedOn, "resigned_on", d.ResignedOn, now),
		checkTerm("authorized_from", d.AuthorizedFrom, "authorized_to", d.AuthorizedTo, now),
	)
}

// checkTerm wants a term that has begun and does not end before it begins. Its end may be known beforehand.
func checkTerm(fromField string, from Date, toField string, to Date, now time.Time) error {
	var wrong []error
	begins, err := from.day()
	switch {
	case !from.IsZero() && err != nil:
		wrong = append(wrong, wrongDetail(fromField, "error.associate_date"))
	case begins.After(now):
		wrong = append(wrong, wrongDetail(fromField, "error.associate_future"))
	}
	ends, err := to.day()
	switch {
	case !to.IsZero() && err != nil:
		wrong = append(wrong, wrongDetail(toField, "error.associate_date"))
	case !to.IsZero() && ends.Before(begins):
		wrong = append(wrong, wrongDetail(toField, "error.associate_term"))
	}
	return errors.Join(wrong...)
}

// checkHoldings looks at the shareholdings by themselves; what all of them add up to is the structure's to see.
func (d Details) checkHoldings() error {
	if len(d.Shareholdings) == 0 {
		return nil
	}
	if !slices.ContainsFunc(d.Roles, AssociatedRole.Owns) && len(d.Roles) > 0 {
		return wrongDetail("shareholdings", "error.associate_holdings_role")
	}
	if len(d.Shareholdings) > maxShareholdings {
		return wrongDetail("shareholdings", "error.associate_holdings_many")
	}
	var wrong []error
	seen := map[string]bool{}
	for i, h := range d.Shareholdings {
		at := fmt.Sprintf("shareholdings/%d/", i)
		wrong = append(wrong, h.check(at))
		if class := folded(h.Class); class != "" && seen[class] {
			wrong = append(wrong, wrongDetail(at+"share_class", "error.associate_class_twice"))
		}
		seen[folded(h.Class)] = true
	}
	if len(seen) > 0 && errors.Join(wrong...) == nil && d.holds() > whole {
		wrong = append(wrong, wrongDetail("shareholdings/0/percentage", "error.associate_total"))
	}
	return errors.Join(wrong...)
}

func (h Shareholding) check(at string) error {
	var wrong []error
	if h.Class == "" {
		wrong = append(wrong, wrongDetail(at+"share_class", "error.associate_class"))
	} else if checkText("", h.Class, maxShareClass) != nil {
		wrong = append(wrong, wrongDetail(at+"share_class", "error.associate_text"))
	}
	if h.Amount != "" && !amountForm.MatchString(h.Amount) {
		wrong = append(wrong, wrongDetail(at+"amount", "error.associate_amount"))
	}
	if _, ok := h.portion(); h.Percentage != "" && !ok {
		wrong = append(wrong, wrongDetail(at+"percentage", "error.associate_percentage"))
	}
	if h.Amount == "" && h.Percentage == "" {
		wrong = append(wrong, wrongDetail(at+"percentage", "error.associate_holding_empty"))
	}
	return errors.Join(wrong...)
}

// whole is all of a company, in the unit in which portions are reckoned: the fourth decimal of a per cent.
const whole = 100 * 10_000

var amountForm = regexp.MustCompile(`^[0-9]{1,15}$`)

// portion is the percentage in units of [whole]; not ok where it is none.
func (h Shareholding) portion() (n int, ok bool) {
	units, decimals, point := strings.Cut(h.Percentage, ".")
	if len(units) < 1 || len(units) > 3 || len(decimals) > 4 || point && decimals == "" {
		return 0, false
	}
	for _, digit := range units + (decimals + "0000")[:4] {
		if digit < '0' || digit > '9' {
			return 0, false
		}
		n = 10*n + int(digit-'0')
	}
	if n > whole {
		return 0, false
	}
	return n, true
}

// holds is what the associate holds of the company, in units of [whole].
func (d Details) holds() (sum int) {
	for _, h := range d.Shareholdings {
		n, _ := h.portion()
		sum += n
	}
	return sum
}

// Percentage is what the associate holds of the company in all, with a decimal point; empty where no percentage is known.
func (d Details) Percentage() string {
	if !slices.ContainsFunc(d.Shareholdings, func(h Shareholding) bool { return h.Percentage != "" }) {
		return ""
	}
	text := fmt.Sprintf("%d.%04d", d.holds()/10_000, d.holds()%10_000)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

// IsZero says whether no date was given.
func (d Date) IsZero() bool { return d == "" }

// day is the date's beginning, in UTC.
func (d Date) day() (time.Time, error) {
	at, err := time.Parse(time.DateOnly, string(d))
	if err == nil && at.Year() < 1800 { // years are often typed with too few digits
		err = errors.New("too long ago")
	}
	return at, err
}

// specialNationalities are those of ICAO Doc 9303 that no country has: of British nationals without citizenship, of
// organizations, of stateless persons and of refugees.
var specialNationalities = []string{
	"GBD", "GBN", "GBO", "GBP", "GBS", "EUE", "UNO", "UNA", "UNK", "XOM", "XPO", "XXA", "XXB", "XXC", "XXX",
}

func isNationality(code string) bool {
	return checkCountry(code) == nil || slices.Contains(specialNationalities, code)
}

// folded is a text without what people and their machines write differently each time: case, blanks, and how letters are
// composed.
func folded(text string) string {
	return strings.ToLower(strings.Join(strings.Fields(norm.NFKC.String(text)), " "))
}
