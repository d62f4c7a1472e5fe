package onboarding

import (
	"errors"
	"fmt"
	netmail "net/mail"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"
)

// The greatest lengths of facts, in characters. An address has as many bytes as SMTP can carry (RFC 5321, 4.5.3.1.3).
const (
	maxGivenNames = 10
	maxPersonName = 100
	maxName       = 300
	maxNumber     = 50
	maxFactEmail  = 254
)

// What may be wrong with a fact. Applicants are never told: facts come from the company.
var (
	ErrFactTooLong = errors.New("too long, or too many")
	ErrFactText    = errors.New("blank, or no text")
	ErrFactEmail   = errors.New("not an e-mail address")
	ErrFactCountry = errors.New("not a country")
)

// Check says what is wrong with the facts: an Invalid [Error] for each trouble, with its field and one of the errors above,
// joined as by [errors.Join]. None of them repeats a fact. What is empty is right.
func (f Facts) Check() error {
	return errors.Join(
		f.checkGivenNames(),
		checkText("family_name", f.FamilyName, maxPersonName),
		checkEmail(f.Email),
		checkText("name", f.Name, maxName),
		checkText("number", f.Number, maxNumber),
		checkCountry(f.Country),
	)
}

// wrongFact is the error of one fact.
func wrongFact(field string, what error) error {
	return &Error{Kind: Invalid, Field: field, Err: fmt.Errorf("%s: %w", field, what)}
}

func (f Facts) checkGivenNames() error {
	if len(f.GivenNames) > maxGivenNames {
		return wrongFact("given_names", ErrFactTooLong)
	}
	for _, name := range f.GivenNames {
		if name == "" {
			return wrongFact("given_names", ErrFactText)
		}
		if err := checkText("given_names", name, maxPersonName); err != nil {
			return err
		}
	}
	return nil
}

// checkText refuses texts that are too long, blank, or hold what is no text.
func checkText(field, text string, most int) error {
	switch {
	case utf8.RuneCountInString(text) > most:
		return wrongFact(field, ErrFactTooLong)
	case !utf8.ValidString(text), strings.ContainsFunc(text, noText), text != "" && strings.TrimSpace(text) == "":
		return wrongFact(field, ErrFactText)
	default:
		return nil
	}
}

// noText says whether a rune controls how text is shown rather than being part of it. Those that join letters are part of
// names in some scripts.
func noText(r rune) bool {
	return unicode.IsControl(r) || unicode.In(r, unicode.Zl, unicode.Zp, unicode.Bidi_Control) || r == unicode.ReplacementChar
}

func checkEmail(text string) error {
	if text == "" {
		return nil
	}
	a, err := netmail.ParseAddress(text)
	_, domain, _ := strings.Cut(text, "@")
	switch {
	case err != nil, a.Address != text, len(text) > maxFactEmail, strings.ContainsFunc(text, noAddress),
		!strings.Contains(domain, "."), strings.HasPrefix(domain, "["):
		return wrongFact("email", ErrFactEmail)
	default:
		return nil
	}
}

func noAddress(r rune) bool { return unicode.IsSpace(r) || noText(r) }

// kosovo has no code in the standard; this is what the European Union and the World Bank use.
const kosovo = "XKX"

// dissolved are the codes of countries that are no more, which the library still takes for countries.
var dissolved = []string{"ANT", "CSK", "NTZ", "PCI", "SCG", "SUN", "YUG"}

var alpha3 = regexp.MustCompile(`^[A-Z]{3}$`)

func checkCountry(code string) error {
	if code == "" || code == kosovo {
		return nil
	}
	region, err := language.ParseRegion(code)
	known := err == nil && alpha3.MatchString(code) && region.ISO3() == code && region.IsCountry()
	if !known || slices.Contains(dissolved, code) || region.IsPrivateUse() || region.Canonicalize() != region { // the last: one that has become another
		return wrongFact("country_of_incorporation", ErrFactCountry)
	}
	return nil
}
