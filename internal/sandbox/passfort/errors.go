package passfort

import (
	"errors"
	"fmt"
	"net/http"
)

// The error codes of PassFort's schema of 2019 that occur here. They are codes of the body, not HTTP statuses.
const (
	codeMissingFields   = 101
	codeAlreadyApproved = 102
	codeAlreadyRejected = 103
	codeConstraints     = 105
	codeInvalidInput    = 201
	codeDataPresent     = 202
	codeMissingAPIKey   = 203
	codeInvalidAPIKey   = 204
	codeUnknown         = 401
	codeTransition      = 402
	codeNotSetUp        = 502
)

// What staff's actions can be refused for.
var (
	ErrNotFound = errors.New("not found")
	ErrInvalid  = errors.New("invalid")
	ErrConflict = errors.New("conflict")
	ErrOver     = errors.New("over")
)

// kind is a kind of error. Which HTTP status each has the documentation leaves open, but for 429.
type kind string

const (
	kindMissingKey    kind = "missing_key"
	kindInvalidKey    kind = "invalid_key"
	kindForbidden     kind = "forbidden"
	kindMissingFields kind = "missing_fields"
	kindInvalid       kind = "invalid"
	kindNotFound      kind = "not_found"
	kindConflict      kind = "conflict"
	kindTooLarge      kind = "too_large"
	kindRateLimited   kind = "rate_limited"
	kindInternal      kind = "internal"
)

// usualStatuses are the likeliest.
var usualStatuses = map[kind]int{
	kindMissingKey:    http.StatusUnauthorized,
	kindInvalidKey:    http.StatusUnauthorized,
	kindForbidden:     http.StatusForbidden,
	kindMissingFields: http.StatusBadRequest,
	kindInvalid:       http.StatusBadRequest,
	kindNotFound:      http.StatusNotFound,
	kindConflict:      http.StatusConflict,
	kindTooLarge:      http.StatusRequestEntityTooLarge,
	kindRateLimited:   http.StatusTooManyRequests,
	kindInternal:      http.StatusInternalServerError,
}

// errorKinds are the kinds whose status an option can change.
var errorKinds = []string{
	string(kindMissingKey), string(kindInvalidKey), string(kindForbidden), string(kindMissingFields), string(kindInvalid),
	string(kindNotFound), string(kindConflict), string(kindTooLarge), string(kindRateLimited), string(kindInternal),
}

// refusal is an error answer of the API.
type refusal struct {
	kind    kind
	code    int
	message string
}

// Error is part of error.
func (e *refusal) Error() string { return e.message }

func missing(format string, args ...any) *refusal {
	return &refusal{kindMissingFields, codeMissingFields, fmt.Sprintf(format, args...)}
}

func invalid(format string, args ...any) *refusal {
	return &refusal{kindInvalid, codeInvalidInput, fmt.Sprintf(format, args...)}
}

func conflict(code int, format string, args ...any) *refusal {
	return &refusal{kindConflict, code, fmt.Sprintf(format, args...)}
}

// notSetUp refuses what the account's configuration does not provide for.
func notSetUp(format string, args ...any) *refusal {
	return &refusal{kindInvalid, codeNotSetUp, fmt.Sprintf(format, args...)}
}

func notFound(what string) *refusal {
	return &refusal{kindNotFound, codeInvalidInput, what + " not found"}
}

// errorBody is the documented error object, in the array in which it travels.
type errorBody struct {
	Errors []errorItem `json:"errors"`
}

type errorItem struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
	Source  string `json:"source"`
}

func (e *refusal) body() errorBody {
	return errorBody{Errors: []errorItem{{Code: e.code, Message: e.message, Source: "API"}}}
}

// status is the HTTP status of the error under these options.
func (e *refusal) status(o Options) int {
	// A limit is always told by its status: that one is documented.
	if o.ErrorsAs200 && e.kind != kindRateLimited {
		return http.StatusOK
	}
	if status, ok := o.ErrorStatuses[string(e.kind)]; ok {
		return status
	}
	return usualStatuses[e.kind]
}
