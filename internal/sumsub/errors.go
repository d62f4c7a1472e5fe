package sumsub

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"portal/internal/breaker"
	"portal/internal/onboarding"
)

// meaning is what an error of Sumsub's means to the domain.
type meaning struct {
	kind onboarding.Kind
	key  string // of a message that helps the applicant
	what error  // what is to be in the chain; nil for nothing
}

// meanings are those of Sumsub's error codes (docs.sumsub.com, "Error codes"). That 4xxx are all about the token and the
// signature is documented there as well.
var meanings = map[int]meaning{
	1000: {kind: onboarding.Conflict, what: onboarding.ErrTwice},
	1001: {kind: onboarding.Invalid, key: "error.document_too_many"},
	1002: {kind: onboarding.Invalid, key: "error.document_too_big"},
	1003: {kind: onboarding.Invalid, key: "error.document_empty"},
	1004: {kind: onboarding.Invalid, key: "error.document_corrupted"},
	1005: {kind: onboarding.Invalid, key: "error.document_format"},
	1006: {kind: onboarding.Conflict, key: "error.document_closed", what: onboarding.ErrClosed}, // it is being checked
	1007: {kind: onboarding.Invalid, key: "error.document_size"},
	1008: {kind: onboarding.Conflict, key: "error.document_closed", what: onboarding.ErrClosed}, // the applicant is deleted
	1009: {kind: onboarding.Conflict, key: "error.document_closed", what: onboarding.ErrClosed}, // the applicant is rejected for good
	1010: {kind: onboarding.Invalid, key: "error.document_unwanted"},
	1011: {kind: onboarding.Invalid, key: "error.document_encrypted"},
	3000: {kind: onboarding.Conflict, what: onboarding.ErrAsked},
	9100: {kind: onboarding.Invalid},
}

// kindsOfStatus are the kinds of refusals whose code is missing or not known. Of any other status nobody knows what happened.
var kindsOfStatus = map[int]onboarding.Kind{
	http.StatusBadRequest:            onboarding.Invalid,
	http.StatusUnauthorized:          onboarding.Denied,
	http.StatusForbidden:             onboarding.Denied,
	http.StatusNotFound:              onboarding.NotFound,
	http.StatusMethodNotAllowed:      onboarding.Invalid,
	http.StatusConflict:              onboarding.Conflict,
	http.StatusRequestEntityTooLarge: onboarding.Invalid,
	http.StatusUnsupportedMediaType:  onboarding.Invalid,
	http.StatusUnprocessableEntity:   onboarding.Invalid,
	http.StatusTooManyRequests:       onboarding.Busy,
}

// failed is the error of a call.
func (e *endpoint) failed(kind onboarding.Kind, cause error) *onboarding.Error {
	return &onboarding.Error{Kind: kind, Err: fmt.Errorf("%s %s: %w", e.method, e.pattern, cause)}
}

// about is what the endpoint's breaker knows of it.
func (e *endpoint) about() breaker.About { return breaker.About{Name: e.name, Failed: e.failed} }

// judge finds out what an answer means.
func (c *Client) judge(k call, answer reply, decode func(answer reply) error) error {
	if answer.status < 200 || answer.status > 299 {
		return c.refused(k, answer)
	}
	if err := decode(answer); err != nil {
		return k.failed(k.unknown(), breaker.Outage(fmt.Errorf("HTTP %d: %w: %w", answer.status, onboarding.ErrUnreadable, err)))
	}
	return nil
}

// refused is the error of an answer whose status was not good.
func (c *Client) refused(k call, answer reply) error {
	said := c.refusalIn(k, answer)
	m, known := k.meaning(said)
	var cause error = said
	switch {
	case !known:
		cause = breaker.Outage(said)
	case m.what != nil:
		cause = fmt.Errorf("%w: %w", m.what, said)
	}
	err := k.failed(m.kind, cause)
	err.Key, err.RetryAfter = m.key, c.retryAfter(answer.header)
	if answer.status == http.StatusTooManyRequests {
		err.RetryAfter = cmp.Or(err.RetryAfter, limitWindow)
	}
	return err
}

// meaning is what a refusal means; it is not known where it does not say that nothing was done.
func (k call) meaning(said *refusal) (m meaning, known bool) {
	if at, ok := k.means[said.status]; ok && said.code == 0 {
		return at, true
	}
	kind, ok := kindsOfStatus[said.status]
	if !ok {
		return meaning{kind: k.unknown()}, false
	}
	if m, ok := meanings[said.code]; ok {
		return m, true
	}
	if said.code >= 4000 && said.code < 5000 {
		kind = onboarding.Denied
	}
	return meaning{kind: kind}, true
}

// limitWindow is the time in which calls are counted (docs.sumsub.com, "Rate limits"). What a 429 says is not documented.
const limitWindow = 5 * time.Second

// longestWait bounds what an answer may ask for.
const longestWait = time.Hour

// retryAfter reads how long an answer wants us to wait; zero where it does not say.
func (c *Client) retryAfter(h http.Header) time.Duration {
	text := strings.TrimSpace(h.Get("Retry-After"))
	if seconds, err := strconv.ParseFloat(text, 64); err == nil && seconds > 0 {
		return time.Duration(math.Min(seconds, longestWait.Seconds()) * float64(time.Second))
	}
	if at, err := http.ParseTime(text); err == nil {
		return min(max(at.Sub(c.now()), 0), longestWait)
	}
	return 0
}

var (
	errNoObject = errors.New("the answer is not the JSON it should be")
	errNoID     = errors.New("the answer has no usable id")
)
