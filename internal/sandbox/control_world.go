package sandbox

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"portal/internal/sandbox/faults"
	"portal/internal/sandbox/passfort/webhooks"
)

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
	rule, err := s.order(rule)
	return created{faults.Report{Rule: rule}}, err
}

func (s *Sandbox) clearFaults(*http.Request) (any, error) {
	s.faults.Clear()
	return s.faults.All(), nil
}

func (s *Sandbox) deleteFault(r *http.Request) (any, error) {
	id, err := strconv.Atoi(r.PathValue("id"))
	if err != nil {
		return nil, fmt.Errorf("%w: %q", faults.ErrNotFound, r.PathValue("id"))
	}
	err = s.faults.Delete(id)
	return s.faults.All(), err
}

// disturb orders trouble with webhooks, of PassFort unless it is said to be for Sumsub.
func (s *Sandbox) disturb(r *http.Request) (any, error) {
	var raw json.RawMessage
	if err := read(r, &raw); err != nil {
		return nil, err
	}
	var whose struct {
		Provider string `json:"provider"`
	}
	if json.Unmarshal(raw, &whose) == nil && whose.Provider == "sumsub" {
		return s.disturbSumsub(r, raw)
	}
	var trouble webhooks.Trouble
	if err := readFrom(bytes.NewReader(raw), &trouble); err != nil {
		return nil, err
	}
	outcome, err := s.webhooks.Disturb(r.Context(), trouble)
	return created{outcome}, err
}

func (s *Sandbox) showQueue(*http.Request) (any, error) {
	return s.webhooks.Status(), nil
}

func (s *Sandbox) retryQueue(*http.Request) (any, error) {
	s.webhooks.RetryNow()
	return s.webhooks.Status(), nil
}

func (s *Sandbox) showWebhookOptions(*http.Request) (any, error) {
	return s.webhooks.Options(), nil
}

func (s *Sandbox) changeWebhookOptions(r *http.Request) (any, error) {
	var given members
	if err := read(r, &given); err != nil {
		return nil, err
	}
	s.changing.Lock()
	defer s.changing.Unlock()
	o, err := changed(s.webhooks.Options(), given)
	if err != nil {
		return nil, err
	}
	if err := s.setWebhookOptions(o); err != nil {
		return nil, err
	}
	return s.webhooks.Options(), nil
}

func (s *Sandbox) showClock(*http.Request) (any, error) {
	return map[string]any{"now": s.clock.Now()}, nil
}

func (s *Sandbox) advanceClock(r *http.Request) (any, error) {
	var body struct {
		Advance string `json:"advance"`
	}
	if err := read(r, &body); err != nil {
		return nil, err
	}
	now, err := s.advanceBy(body.Advance)
	return map[string]any{"now": now}, err
}

// advanceBy advances the clock by a duration as people write it.
func (s *Sandbox) advanceBy(text string) (time.Time, error) {
	d, err := time.ParseDuration(text)
	if err != nil {
		return time.Time{}, fmt.Errorf("advance is %q, but must be a duration such as 24h or 90m", text)
	}
	return s.Advance(d)
}

func (s *Sandbox) resetAll(*http.Request) (any, error) {
	s.Reset()
	return map[string]any{"reset": true}, nil
}

func (s *Sandbox) saveState(*http.Request) (any, error) {
	return s.Save()
}

func (s *Sandbox) loadState(r *http.Request) (any, error) {
	return done(s.loadFrom(r.Body))
}
