package web

import (
	"encoding/json"
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"

	"portal/internal/identity"
	"portal/internal/onboarding"
)

// linkRequest is what a link is asked for with.
type linkRequest struct {
	subject, email, flow, caseName, locale string
	prefill                                onboarding.Facts
}

var errNotJSON = errors.New("not JSON")

// linkRequest reads the body of a request for a link. Members that are not known are faults: a fact under a misspelt name
// would be lost without a word. The error means that it is no JSON.
func (f *faults) linkRequest(body []byte) (q linkRequest, err error) {
	if !utf8.Valid(body) || !json.Valid(body) {
		return q, errNotJSON
	}
	var prefill json.RawMessage
	f.members(body, "", map[string]any{
		"subject": &q.subject, "email": &q.email, "flow": &q.flow, "case": &q.caseName, "locale": &q.locale, "prefill": &prefill,
	})
	if len(prefill) > 0 && !isNull(prefill) {
		f.members(prefill, "/prefill", map[string]any{
			"given_names": &q.prefill.GivenNames, "family_name": &q.prefill.FamilyName, "email": &q.prefill.Email,
			"name": &q.prefill.Name, "number": &q.prefill.Number, "country_of_incorporation": &q.prefill.Country,
		})
	}
	return q, nil
}

// maxSubject is the greatest length of a subject, in characters, as OpenID Connect has it.
const maxSubject = 255

// speakable says whether a text can be what somebody is called.
func speakable(text string) bool {
	strange := func(r rune) bool { return !unicode.IsPrint(r) || r == unicode.ReplacementChar }
	n := utf8.RuneCountInString(text)
	return n >= 1 && n <= maxSubject && utf8.ValidString(text) && !strings.ContainsFunc(text, strange)
}

func (f *faults) email(text string) identity.Email {
	if text == "" {
		return ""
	}
	e, err := identity.ParseEmail(text)
	if err != nil {
		f.add("/email", "is not an e-mail address")
	}
	return e
}

// maxLocale is the length that RFC 5646 (4.4.1) wants systems to have room for.
const maxLocale = 35

func (f *faults) locale(text string) string {
	if text == "" {
		return ""
	}
	tag, err := language.Parse(text)
	if err != nil || len(text) > maxLocale {
		f.add("/locale", "must be a language tag such as de or pt-BR")
		return ""
	}
	return tag.String()
}

// factDetails say in words what is wrong with facts.
var factDetails = map[error]string{
	onboarding.ErrFactTooLong: "is too long, or has too many entries",
	onboarding.ErrFactText:    "is blank, or holds characters that are no text",
	onboarding.ErrFactEmail:   "is not an e-mail address",
	onboarding.ErrFactCountry: "must be the three letters of a country (ISO 3166 alpha-3), such as GBR",
}

// facts notes what the domain says is wrong with facts.
func (f *faults) facts(of onboarding.Facts) {
	joined, ok := of.Check().(interface{ Unwrap() []error })
	if !ok {
		return
	}
	for _, err := range joined.Unwrap() {
		wrong, _ := errors.AsType[*onboarding.Error](err)
		for what, detail := range factDetails {
			if errors.Is(err, what) {
				f.add("/prefill/"+wrong.Field, detail)
			}
		}
	}
}
