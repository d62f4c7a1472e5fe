package passfort

import (
	"encoding/json"
	"net/mail"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"portal/internal/sandbox/passfort/account"
)

// The longest answers taken, in bytes.
const (
	maxAnswer     = 200
	maxLongAnswer = 4000
)

// fieldError is a question's complaint about its answer.
type fieldError struct {
	Field   string `json:"field"`
	Message string `json:"message"`
}

// phoneNumber is anything that people write as one.
var phoneNumber = regexp.MustCompile(`^\+?[0-9 ()./-]{5,30}$`)

// wholeNumber is a number of things.
var wholeNumber = regexp.MustCompile(`^[0-9]{1,15}$`)

// check says what is wrong with an answer; empty if nothing is.
func (q asked) check(answer string, now time.Time) string {
	switch {
	case answer == "" && q.Required:
		if q.Missing != "" {
			return q.Missing
		}
		return "Answer the question: " + q.Label
	case answer == "":
		return ""
	case len(answer) > q.longest():
		return q.Label + " is too long."
	}
	return q.checkType(answer, now)
}

func (q asked) longest() int {
	if q.Type == account.LongText {
		return maxLongAnswer
	}
	return maxAnswer
}

// checkType says whether an answer is of the type that the question wants.
func (q asked) checkType(answer string, now time.Time) string {
	switch q.Type {
	case account.EmailAddress:
		if address, err := mail.ParseAddress(answer); err != nil || address.Address != answer {
			return "Enter an e-mail address like name@example.com."
		}
	case account.Date, account.Birthday:
		return checkDate(answer, now, q.Type == account.Birthday)
	case account.Country:
		if !isCountry(answer) {
			return "Choose a country from the list."
		}
	case account.Phone:
		if !phoneNumber.MatchString(answer) {
			return "Enter a phone number like +44 20 7946 0018."
		}
	case account.Number:
		if !wholeNumber.MatchString(answer) {
			return "Enter a number, in digits."
		}
	case account.Choice:
		if !slices.ContainsFunc(q.Options, func(o account.Option) bool { return o.Value == answer }) {
			return "Choose one of the answers."
		}
	case account.YesNo:
		if answer != "yes" && answer != "no" {
			return "Choose yes or no."
		}
	}
	return ""
}

func checkDate(answer string, now time.Time, past bool) string {
	day, err := time.Parse(time.DateOnly, answer)
	switch {
	case err != nil:
		return "Enter a date as year-month-day, for example 1990-03-27."
	case past && day.After(now):
		return "The date must be in the past."
	default:
		return ""
	}
}

// asValue turns an answer that was checked into what the collected data holds.
func asValue(t account.QuestionType, answer string) any {
	switch t {
	case account.GivenNames:
		return toList(strings.Fields(answer))
	case account.FullName:
		given, family := splitName(answer)
		return map[string]any{"given_names": toList(given), "family_name": family}
	case account.Number:
		if !wholeNumber.MatchString(answer) { // from a saved state, which was not checked like an answer
			return answer
		}
		return json.Number(strings.TrimLeft(answer[:len(answer)-1], "0") + answer[len(answer)-1:])
	case account.YesNo:
		return answer == "yes"
	default:
		return answer
	}
}

// asText is the opposite of asValue. What was stored in another shape is no answer.
func asText(t account.QuestionType, value any) string {
	switch v := value.(type) {
	case string:
		return v
	case bool:
		return map[bool]string{true: "yes", false: "no"}[v]
	case json.Number:
		return v.String()
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case []any:
		return strings.Join(entityData{"list": v}.texts("list"), " ")
	case map[string]any:
		if t == account.FullName {
			return fullName(v)
		}
	}
	return ""
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
