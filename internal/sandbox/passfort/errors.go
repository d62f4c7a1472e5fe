package passfort

import (
	"errors"
	"fmt"
	"net/http"
)

// The provider's error codes that occur here. They are codes of the body, not HTTP statuses.
const (
	codeMissingFields = 101
	codeInvalidInput  = 201
	codeDataPresent   = 202
	codeMissingAPIKey = 203
	codeInvalidAPIKey = 204
	codeUnknown       = 401
)

// What staff's actions can be refused for.
var (
	ErrNotFound = errors.New("not found")
	ErrInvalid  = errors.New("invalid")
	ErrOver     = errors.New("over")
)

// refusal is an error answer of the API.
type refusal struct {
	status  int
	code    int
	message string
}

// Error is part of error.
func (e *refusal) Error() string { return e.message }

func missing(format string, args ...any) *refusal {
	return &refusal{http.StatusBadRequest, codeMissingFields, fmt.Sprintf(format, args...)}
}

func invalid(format string, args ...any) *refusal {
	return &refusal{http.StatusBadRequest, codeInvalidInput, fmt.Sprintf(format, args...)}
}

func notFound(what string) *refusal {
	return &refusal{http.StatusNotFound, codeInvalidInput, what + " not found"}
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
