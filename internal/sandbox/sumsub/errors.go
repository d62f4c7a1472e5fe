package sumsub

import (
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
)

// What staff's actions can be refused for.
var (
	ErrNotFound = errors.New("not found")
	ErrInvalid  = errors.New("invalid")
	ErrConflict = errors.New("conflict")
)

// Refusal is an error answer of the API. Sumsub names most of them by a code of its own.
type Refusal struct {
	Status      int    // of HTTP
	Code        int    // zero if the documentation gives none
	Name        string // of the code
	Description string
	Hint        string // the sandbox's own, for whoever looks for a mistake

	retryAfter string
}

// Error is part of error.
func (e *Refusal) Error() string { return e.Description }

// Is makes refusals of the API comparable with what staff's actions are refused for.
func (e *Refusal) Is(target error) bool {
	switch target {
	case ErrNotFound:
		return e.Status == http.StatusNotFound
	case ErrConflict:
		return e.Status == http.StatusConflict
	case ErrInvalid:
		return e.Status == http.StatusBadRequest
	}
	return false
}

// coded are the documented errors. Those whose status is not documented have the likeliest.
var coded = map[int]Refusal{
	1000: {Status: http.StatusConflict, Name: "duplicate-document"},
	1001: {Status: http.StatusBadRequest, Name: "too-many-documents"},
	1002: {Status: http.StatusBadRequest, Name: "file-too-big"},
	1003: {Status: http.StatusBadRequest, Name: "empty-file"},
	1004: {Status: http.StatusBadRequest, Name: "corrupted-file"},
	1005: {Status: http.StatusBadRequest, Name: "unsupported-file-format"},
	1006: {Status: http.StatusConflict, Name: "no-upload-verification-in-progress"},
	1007: {Status: http.StatusConflict, Name: "incorrect-file-size"},
	1008: {Status: http.StatusConflict, Name: "applicant-marked-as-deleted"},
	1009: {Status: http.StatusConflict, Name: "applicant-with-final-reject"},
	1010: {Status: http.StatusConflict, Name: "doc-type-not-in-req-docs"},
	1011: {Status: http.StatusBadRequest, Name: "encrypted-file"},
	3000: {Status: http.StatusConflict, Name: "applicant-already-in-the-state"},
	4000: {Status: http.StatusUnauthorized, Name: "app-token-invalid-format"},
	4001: {Status: http.StatusUnauthorized, Name: "app-token-not-found"},
	4002: {Status: http.StatusUnauthorized, Name: "app-token-private-part-mismatch"},
	4003: {Status: http.StatusUnauthorized, Name: "app-token-signature-mismatch"},
	4004: {Status: http.StatusUnauthorized, Name: "app-token-request-expired"},
	4005: {Status: http.StatusUnauthorized, Name: "app-token-invalid-value"},
	4006: {Status: http.StatusUnauthorized, Name: "app-token-not-all-auth-params"},
	4007: {Status: http.StatusUnauthorized, Name: "app-token-invalid-params"},
	5000: {Status: http.StatusConflict, Name: "applicant-already-blacklisted"},
	9100: {Status: http.StatusBadRequest, Name: "invalid-data"},
}

// refused makes the documented error with this code.
func refused(code int, format string, args ...any) *Refusal {
	e := coded[code]
	e.Code, e.Description = code, fmt.Sprintf(format, args...)
	return &e
}

// plain makes an error without a code.
func plain(status int, format string, args ...any) *Refusal {
	return &Refusal{Status: status, Description: fmt.Sprintf(format, args...)}
}

func invalid(format string, args ...any) *Refusal { return refused(9100, format, args...) }

// bare is what Sumsub says where the HTTP status is all there is to say.
func bare(status int) *Refusal {
	return plain(status, "HTTP %d %s", status, http.StatusText(status))
}

// errorBody is the documented error object. Its order is that of real answers.
type errorBody struct {
	Code          int    `json:"code"`
	CorrelationID string `json:"correlationId"`
	ErrorCode     int    `json:"errorCode,omitempty"`
	ErrorName     string `json:"errorName,omitempty"`
	Description   string `json:"description"`
	Hint          string `json:"sandboxHint,omitempty"`
}

func (e *Refusal) body(correlation []byte) errorBody {
	return errorBody{
		Code: e.Status, CorrelationID: hex.EncodeToString(correlation), ErrorCode: e.Code, ErrorName: e.Name,
		Description: e.Description, Hint: e.Hint,
	}
}
