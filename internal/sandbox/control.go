package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"portal/internal/sandbox/faults"
	"portal/internal/sandbox/mailbox"
	"portal/internal/sandbox/passfort"
	"portal/internal/sandbox/reply"
)

// maxControl is the largest body of a control call, in bytes.
const maxControl = 1 << 20

// controlCall answers a control call with something that becomes JSON.
type controlCall func(r *http.Request) (any, error)

// created is an answer that has status 201.
type created struct{ body any }

// json turns a control call into a handler.
func (s *Sandbox) json(c controlCall) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxControl)
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
	switch {
	case errors.Is(err, passfort.ErrNotFound):
		return http.StatusNotFound
	case errors.Is(err, passfort.ErrOver):
		return http.StatusConflict
	case errors.Is(err, mailbox.ErrNotListening):
		return http.StatusServiceUnavailable
	default:
		return http.StatusBadRequest
	}
}

// read reads a control call's body into v and refuses members it does not know, which are usually slips of the pen.
func read(r *http.Request, v any) error {
	decoder := json.NewDecoder(r.Body)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(v); err != nil {
		return fmt.Errorf("the body cannot be used: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("the body must be a single JSON object")
	}
	return nil
}

func (s *Sandbox) listMail(r *http.Request) (any, error) {
	return s.mailbox.Messages(r.URL.Query().Get("to")), nil
}

func (s *Sandbox) listEffects(*http.Request) (any, error) {
	return s.effects.All(), nil
}

func (s *Sandbox) listFaults(*http.Request) (any, error) {
	return s.faults.All(), nil
}

func (s *Sandbox) addFault(r *http.Request) (any, error) {
	var rule faults.Rule
	if err := read(r, &rule); err != nil {
		return nil, err
	}
	rule, err := s.faults.Add(rule)
	return created{faults.Report{Rule: rule}}, err
}

func (s *Sandbox) clearFaults(*http.Request) (any, error) {
	s.faults.Clear()
	return s.faults.All(), nil
}

func (s *Sandbox) showOptions(*http.Request) (any, error) {
	return s.passfort.Options(), nil
}

func (s *Sandbox) changeOptions(r *http.Request) (any, error) {
	o := s.passfort.Options()
	if err := read(r, &o); err != nil {
		return nil, err
	}
	if err := s.passfort.SetOptions(o); err != nil {
		return nil, err
	}
	return s.passfort.Options(), nil
}

func (s *Sandbox) inviteCustomer(r *http.Request) (any, error) {
	var body struct {
		FlowTemplate string `json:"flow_template"`
		To           string `json:"to"`
	}
	if err := read(r, &body); err != nil {
		return nil, err
	}
	invitation, err := s.passfort.Invite(body.FlowTemplate, body.To)
	return created{invitation}, err
}

func (s *Sandbox) setState(r *http.Request) (any, error) {
	var body struct {
		State passfort.State `json:"state"`
	}
	if err := read(r, &body); err != nil {
		return nil, err
	}
	id := r.PathValue("request_id")
	if err := s.passfort.SetRequestState(id, body.State); err != nil {
		return nil, err
	}
	return map[string]any{"request_id": id, "state": body.State}, nil
}

func (s *Sandbox) emailRequest(r *http.Request) (any, error) {
	var body struct {
		To string `json:"to"`
	}
	if err := read(r, &body); err != nil {
		return nil, err
	}
	id := r.PathValue("request_id")
	if err := s.passfort.EmailRequest(id, body.To); err != nil {
		return nil, err
	}
	return map[string]any{"request_id": id, "to": body.To}, nil
}

func (s *Sandbox) advanceClock(r *http.Request) (any, error) {
	var body struct {
		Advance string `json:"advance"`
	}
	if err := read(r, &body); err != nil {
		return nil, err
	}
	d, err := time.ParseDuration(body.Advance)
	if err != nil {
		return nil, fmt.Errorf("advance is %q, but must be a duration such as 24h or 90m", body.Advance)
	}
	now, err := s.clock.Advance(d)
	return map[string]any{"now": now}, err
}

func (s *Sandbox) resetAll(*http.Request) (any, error) {
	s.Reset()
	return map[string]any{"reset": true}, nil
}
