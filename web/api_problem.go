package web

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"portal/internal/onboarding"
	"portal/web/middleware"
)

// apiProblem is an error as programs are told it.
type apiProblem struct {
	status int
	kind   string // a problem of the API's own, named in its document; empty where the status says it all
	detail string
	faults []fault
	wait   time.Duration // before trying again; zero where that is of no use

	resembles *resembles // whom an associate may be; nil where that is not the problem
}

// fault is what is wrong with one member of a body.
type fault struct {
	Pointer string `json:"pointer"` // where it is, as a JSON Pointer in a fragment
	Detail  string `json:"detail"`
}

func (p apiProblem) Error() string { return http.StatusText(p.status) + ": " + p.detail }

// problemBody is an apiProblem as RFC 9457 has it.
type problemBody struct {
	Type     string  `json:"type"`
	Title    string  `json:"title"`
	Status   int     `json:"status"`
	Detail   string  `json:"detail,omitempty"`
	Instance string  `json:"instance"`
	Errors   []fault `json:"errors,omitempty"`

	Resembles *resembles `json:"resembles,omitempty"`
}

// These tell what is not known here from an address that is none.
const (
	unknownSubject      = "unknown-subject"
	unknownRegistration = "unknown-registration"
)

// busyFor is how long a caller waits when something behind the portal does not answer.
const busyFor = 5 * time.Second

func tooOften(wait time.Duration) apiProblem {
	return apiProblem{status: http.StatusTooManyRequests, detail: "Too many calls; Retry-After says when to go on.", wait: max(wait, time.Second)}
}

// problemOf is what callers are told of an error: never its cause.
func problemOf(err error) apiProblem {
	if p, ok := errors.AsType[apiProblem](err); ok {
		return p
	}
	if p, ok := errors.AsType[problem](err); ok {
		return apiProblem{status: p.status}
	}
	p := apiProblem{status: http.StatusInternalServerError}
	if known, ok := errors.AsType[*onboarding.Error](err); ok {
		p.status = statuses[known.Kind]
	} else if errors.Is(err, context.DeadlineExceeded) {
		p.status = http.StatusServiceUnavailable
	}
	if p.status == http.StatusServiceUnavailable {
		p.detail, p.wait = "Not now; nothing has happened.", busyFor
	}
	return p
}

// failAPI answers a program with the problem that fits an error, and tells the log its cause where it is ours.
func (s *Server) failAPI(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		panic(http.ErrAbortHandler) // the program has gone: there is nobody to answer
	}
	p, reference := problemOf(err), middleware.RequestID(r.Context())
	if p.status >= http.StatusInternalServerError {
		s.Log.ErrorContext(r.Context(), "call of the API failed", slog.String("request_id", reference), slog.Any("error", err))
	}
	if p.wait > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(p.wait.Seconds()))))
	}
	if p.status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", "Bearer")
	}
	body := problemBody{
		Type: "about:blank", Title: http.StatusText(p.status), Status: p.status, Detail: p.detail, Instance: reference, Errors: p.faults,
		Resembles: p.resembles,
	}
	if p.kind != "" {
		body.Type = s.publicURL("/api/v1/openapi.json") + "#" + p.kind
	}
	if err := sendJSON(w, p.status, "application/problem+json", body); err != nil {
		panic(err) // of strings and numbers
	}
}

// sendJSON writes an answer. It returns an error only while nothing has been written.
func sendJSON(w http.ResponseWriter, status int, contentType string, v any) error {
	status = cmp.Or(status, http.StatusOK)
	if v == nil {
		w.WriteHeader(status)
		return nil
	}
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // the program may have gone
	return nil
}

// publicURL is the whole address of something below the base URL.
func (s *Server) publicURL(below string) string {
	return strings.TrimSuffix(s.BaseURL.String(), "/") + below
}

// failingAPI makes a handler of a fixed error.
func (s *Server) failingAPI(p apiProblem) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { s.failAPI(w, r, p) }
}

// crash is the answer after a panic, in the form of the address.
func (s *Server) crash(w http.ResponseWriter, r *http.Request) {
	if s.API != nil && strings.HasPrefix(r.URL.Path, s.base+"/api/") {
		s.failAPI(w, r, problem{status: http.StatusInternalServerError})
		return
	}
	s.fail(w, r, problem{status: http.StatusInternalServerError})
}
