package passfort

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode"
)

// refusal is PassFort's error object, the first of those in a body, and the body's id if it has one.
type refusal struct {
	Code    int
	Message string
	ID      any
}

// refusalIn looks for errors in a body: an array of them under "errors", or a single one.
func refusalIn(body []byte) (said refusal, ok bool) {
	var envelope struct {
		ID     any             `json:"id"`
		Errors json.RawMessage `json:"errors"`
	}
	if json.Unmarshal(body, &envelope) != nil {
		return refusal{}, false
	}
	type object struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
	}
	var one object
	var several []object
	switch {
	case json.Unmarshal(envelope.Errors, &several) == nil && len(several) > 0:
		one = several[0]
	case json.Unmarshal(envelope.Errors, &one) == nil && one != object{}:
	default:
		return refusal{}, false
	}
	return refusal{Code: one.Code, Message: one.Message, ID: envelope.ID}, true
}

// quote repeats what PassFort said, for operators.
func (c *Client) quote(status int, said refusal) error {
	if said.Code == 0 && said.Message == "" {
		return fmt.Errorf("HTTP %d", status)
	}
	message := said.Message
	if c.key != "" {
		message = strings.ReplaceAll(message, string(c.key), redacted)
	}
	return fmt.Errorf("HTTP %d, code %d: %s", status, said.Code, oneLine(message))
}

const maxMessage = 200

// withheld takes the place of a message that may repeat personal data.
const withheld = "(its message may repeat what was sent)"

// oneLine makes a text of somebody else's fit for a log.
func oneLine(text string) string {
	printable := strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, text)
	if runes := []rune(printable); len(runes) > maxMessage {
		return string(runes[:maxMessage-1]) + "…"
	}
	return printable
}
