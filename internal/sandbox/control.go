package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/http"

	"portal/internal/sandbox/faults"
	"portal/internal/sandbox/mailbox"
	"portal/internal/sandbox/passfort"
	"portal/internal/sandbox/passfort/webhooks"
	"portal/internal/sandbox/reply"
	"portal/internal/sandbox/sumsub"
	sumsubwebhooks "portal/internal/sandbox/sumsub/webhooks"
)

// The largest bodies of control calls, in bytes.
const (
	maxControl = 1 << 20
	maxState   = 256 << 20
)

// controlCall answers a control call with something that becomes JSON.
type controlCall func(r *http.Request) (any, error)

// created is an answer that has status 201.
type created struct{ body any }

// json turns a control call into a handler.
func (s *Sandbox) json(c controlCall) http.HandlerFunc { return jsonUpTo(maxControl, c) }

func jsonUpTo(size int64, c controlCall) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, size)
		body, err := c(r)
		if err != nil {
			reply.JSON(w, statusOf(err), map[string]string{"error": err.Error()})
			return
		}
		if made, ok := body.(created); ok {
			reply.JSON(w, http.StatusCreated, made.body)
			return
		}
		reply.JSON(w, http.StatusOK, body)
	}
}

// statusOf is the one place where errors become statuses. What is not known here is the caller's mistake.
func statusOf(err error) int {
	for _, known := range []struct {
		err    error
		status int
	}{
		{passfort.ErrNotFound, http.StatusNotFound},
		{sumsub.ErrNotFound, http.StatusNotFound},
		{faults.ErrNotFound, http.StatusNotFound},
		{errNoCall, http.StatusNotFound},
		{errNoPage, http.StatusNotFound},
		{errNoMethod, http.StatusMethodNotAllowed},
		{errOtherSite, http.StatusForbidden},
		{errUnsigned, http.StatusUnauthorized},
		{passfort.ErrOver, http.StatusConflict},
		{passfort.ErrConflict, http.StatusConflict},
		{sumsub.ErrConflict, http.StatusConflict},
		{webhooks.ErrOff, http.StatusConflict},
		{sumsubwebhooks.ErrNotFound, http.StatusNotFound},
		{sumsubwebhooks.ErrOff, http.StatusConflict},
		{sumsubwebhooks.ErrClosed, http.StatusServiceUnavailable},
		{webhooks.ErrClosed, http.StatusServiceUnavailable},
		{mailbox.ErrNotListening, http.StatusServiceUnavailable},
	} {
		if errors.Is(err, known.err) {
			return known.status
		}
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return http.StatusRequestEntityTooLarge
	}
	if _, ok := errors.AsType[*fs.PathError](err); ok { // the custom e-mail template, which is nobody's mistake here
		return http.StatusInternalServerError
	}
	return http.StatusBadRequest
}

// read reads a control call's body into v and refuses members it does not know, which are usually slips of the pen.
func read(r *http.Request, v any) error { return readFrom(r.Body, v) }

func readFrom(body io.Reader, v any) error {
	decoder := json.NewDecoder(body)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(v); err != nil {
		return fmt.Errorf("the JSON cannot be used: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("there must be a single JSON object")
	}
	return nil
}

// members are what a control call's body gives new values.
type members map[string]json.RawMessage

// changed is a struct with some members in the place of what they are now. It shares nothing with the present one, which
// others may be reading.
func changed[T any](present T, given members) (T, error) {
	var next T
	var all members
	raw, err := json.Marshal(present)
	if err == nil {
		err = json.Unmarshal(raw, &all)
	}
	if err != nil {
		return next, fmt.Errorf("copying what there is: %w", err)
	}
	maps.Copy(all, given)
	if raw, err = json.Marshal(all); err != nil {
		return next, fmt.Errorf("putting it together: %w", err)
	}
	return next, readFrom(bytes.NewReader(raw), &next)
}

// done answers a control call that has nothing else to tell.
func done(err error) (any, error) {
	return map[string]bool{"done": true}, err
}
