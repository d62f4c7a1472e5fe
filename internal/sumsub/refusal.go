package sumsub

import (
	"fmt"
	"net/http"
	"strings"
	"unicode"
)

// refusal is the error that Sumsub has answered.
type refusal struct {
	status      int
	code        int    // zero where there is none
	name        string // of the code
	correlation string // by which Sumsub's support finds the call
	description string // as it was sent: never to be repeated as it is
	quoted      string // of the description, what operators may see
}

// Error says what operators may see.
func (r *refusal) Error() string {
	text := fmt.Sprintf("HTTP %d", r.status)
	if r.code != 0 || r.name != "" {
		text += fmt.Sprintf(", error %d %s", r.code, r.name)
	}
	if r.correlation != "" {
		text += ", correlation " + r.correlation
	}
	if r.quoted != "" {
		text += ": " + r.quoted
	}
	return text
}

// withheld takes the place of a description that may repeat personal data.
const withheld = "(its description may repeat what was sent)"

// refusalIn reads an error. A description may repeat what was sent, or what it was signed with.
func (c *Client) refusalIn(k call, answer reply) *refusal {
	var body struct {
		Code        count `json:"errorCode"`
		Name        text  `json:"errorName"`
		Correlation text  `json:"correlationId"`
		Description text  `json:"description"`
	}
	r := &refusal{status: answer.status}
	if answer.status == http.StatusNotModified || decodeObject(answer.body, &body) != nil {
		return r
	}
	r.code, r.name, r.correlation, r.description = int(body.Code), word(body.Name), word(body.Correlation), string(body.Description)
	r.quoted = c.quote(r.description)
	if k.body != nil && r.quoted != "" {
		r.quoted = withheld
	}
	return r
}

// quote repeats a description, for operators.
func (c *Client) quote(description string) string {
	for _, s := range []Secret{c.token, c.secret} {
		if s != "" {
			description = strings.ReplaceAll(description, s.Reveal(), redacted)
		}
	}
	return oneLine(description)
}

const maxQuoted = 200

// oneLine makes a text of somebody else's fit for a log.
func oneLine(text string) string {
	printable := strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, text)
	if runes := []rune(printable); len(runes) > maxQuoted {
		return string(runes[:maxQuoted-1]) + "…"
	}
	return printable
}
