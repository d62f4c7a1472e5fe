package passfort

import (
	"errors"
	"fmt"
	"net/http"

	"portal/internal/breaker"
	"portal/internal/onboarding"
)

// unknown is the kind of an error after which it is open whether the call took effect; a read never does.
func (e *endpoint) unknown() onboarding.Kind {
	if e.creates() {
		return onboarding.Unanswered
	}
	return onboarding.Busy
}

// failed is the error of a call.
func (e *endpoint) failed(kind onboarding.Kind, cause error) *onboarding.Error {
	return &onboarding.Error{Kind: kind, Err: fmt.Errorf("%s %s: %w", e.method, e.pattern, cause)}
}

// about is what the endpoint's breaker knows of it.
func (e *endpoint) about() breaker.About { return breaker.About{Name: e.name, Failed: e.failed} }

// judge finds out what an answer means.
func (c *Client) judge(k call, answer reply, decode func(answer reply) error) error {
	said, isRefusal := refusalIn(answer.body)
	if k.personal && said.Message != "" {
		said.Message = withheld
	}
	if answer.status == http.StatusPreconditionFailed && k.ifMatch != "" {
		_ = decode(answer) // it has failed in any case
	}
	if answer.status != http.StatusOK && answer.status != http.StatusCreated {
		return c.refused(k.endpoint, answer, said)
	}
	if isRefusal {
		cause := c.quote(answer.status, said)
		if said.ID != nil || troubleCode(said.Code) {
			cause = breaker.Outage(cause)
		}
		return k.failed(k.kindOfCode(said), cause)
	}
	if err := decode(answer); err != nil {
		return k.failed(k.unknown(), breaker.Outage(fmt.Errorf("HTTP %d: %w: %w", answer.status, onboarding.ErrUnreadable, err)))
	}
	return nil
}

// refused is the error of an answer whose status was not good.
func (c *Client) refused(e *endpoint, answer reply, said refusal) error {
	cause := c.quote(answer.status, said)
	if notSetUp(e, said) {
		return e.failed(onboarding.Invalid, cause)
	}
	if answer.status < 400 || answer.status >= 500 {
		cause = breaker.Outage(cause)
	}
	if what := missing(said.Message); what != nil && answer.status == http.StatusNotFound {
		cause = fmt.Errorf("%w: %w", what, cause)
	}
	err := e.failed(e.kindOfStatus(answer.status), cause)
	if answer.status == http.StatusTooManyRequests {
		err.RetryAfter = retryAfter(answer.header)
	}
	return err
}

func (e *endpoint) kindOfStatus(status int) onboarding.Kind {
	if kind, ok := e.kinds[status]; ok {
		return kind
	}
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
		return e.unknown()
	}
}

// kindOfCode is the kind of a refusal that came with a good status. One that names a thing as well contradicts itself:
// the thing may have been created.
func (e *endpoint) kindOfCode(said refusal) onboarding.Kind {
	switch {
	case said.ID != nil:
		return e.unknown()
	case notSetUp(e, said):
		return onboarding.Invalid
	case said.Code == codeMissingAPIKey, said.Code == codeInvalidAPIKey:
		return onboarding.Denied
	case refusedCode(said.Code):
		return onboarding.Invalid
	default:
		return e.unknown()
	}
}

var (
	errNoJSON = errors.New("the answer is not the JSON it should be")
	errNoID   = errors.New("the answer has no usable id")
)
