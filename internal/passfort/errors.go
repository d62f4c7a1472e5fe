package passfort

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"

	"portal/internal/onboarding"
)

// unknown is the kind of an error after which it is open whether the call took effect; a read never does.
func (k call) unknown() onboarding.Kind {
	if k.creates() {
		return onboarding.Unanswered
	}
	return onboarding.Busy
}

// failed is the error of a call.
func (k call) failed(kind onboarding.Kind, cause error) *onboarding.Error {
	return &onboarding.Error{Kind: kind, Err: fmt.Errorf("%s %s: %w", k.method, k.pattern, cause)}
}

// judge finds out what an answer means.
func (c *Client) judge(k call, answer reply, decode func(body []byte) error) error {
	said, isRefusal := refusalIn(answer.body)
	if answer.status != http.StatusOK && answer.status != http.StatusCreated {
		err := k.failed(k.kindOfStatus(answer.status), c.quote(answer.status, said))
		if answer.status == http.StatusTooManyRequests {
			err.RetryAfter = retryAfter(answer.header)
		}
		return err
	}
	if isRefusal {
		return k.failed(k.kindOfCode(said), c.quote(answer.status, said))
	}
	if err := decode(answer.body); err != nil {
		return k.failed(k.unknown(), fmt.Errorf("HTTP %d: %w", answer.status, err))
	}
	return nil
}

func (k call) kindOfStatus(status int) onboarding.Kind {
	switch status {
	case http.StatusBadRequest, http.StatusUnprocessableEntity:
		return onboarding.Invalid
	case http.StatusUnauthorized, http.StatusForbidden:
		return onboarding.Denied
	case http.StatusNotFound:
		return onboarding.NotFound
	case http.StatusConflict:
		return onboarding.Conflict
	case http.StatusTooManyRequests:
		return onboarding.Busy
	default:
		return k.unknown()
	}
}

// kindOfCode is the kind of a refusal that came with a good status. One that names a thing as well contradicts itself:
// the thing may have been created.
func (k call) kindOfCode(said refusal) onboarding.Kind {
	switch {
	case said.ID != nil:
		return k.unknown()
	case said.Code == codeMissingAPIKey, said.Code == codeInvalidAPIKey:
		return onboarding.Denied
	case refusedCode(said.Code):
		return onboarding.Invalid
	default:
		return k.unknown()
	}
}

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

// retryAfter reads how long a 429 wants us to wait; zero where it does not say.
func retryAfter(h http.Header) time.Duration {
	for _, name := range waitHeaders {
		seconds, err := strconv.ParseFloat(strings.TrimSpace(h.Get(name)), 64)
		if err == nil && seconds > 0 {
			return time.Duration(math.Min(seconds, longestWait.Seconds()) * float64(time.Second))
		}
	}
	if at, err := http.ParseTime(h.Get("Retry-After")); err == nil {
		return min(max(time.Until(at), 0), longestWait)
	}
	return 0
}

var (
	errNoJSON = errors.New("the answer is not the JSON it should be")
	errNoID   = errors.New("the answer has no usable id")
)
