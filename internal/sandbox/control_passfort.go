package sandbox

import (
	"fmt"
	"net/http"

	"portal/internal/sandbox/passfort"
)

// listed is how many profiles and customer requests a list shows.
const listed = 200

func (s *Sandbox) showOptions(*http.Request) (any, error) {
	return s.passfort.Options(), nil
}

func (s *Sandbox) changeOptions(r *http.Request) (any, error) {
	var given members
	if err := read(r, &given); err != nil {
		return nil, err
	}
	s.changing.Lock()
	defer s.changing.Unlock()
	o, err := changed(s.passfort.Options(), given)
	if err != nil {
		return nil, err
	}
	if err := s.passfort.SetOptions(o); err != nil {
		return nil, err
	}
	return s.passfort.Options(), nil
}

func (s *Sandbox) listProfiles(*http.Request) (any, error) {
	return s.passfort.Overviews(listed), nil
}

func (s *Sandbox) showProfile(r *http.Request) (any, error) {
	return s.passfort.Detail(r.PathValue("profile_id"))
}

func (s *Sandbox) raiseEvent(r *http.Request) (any, error) {
	var body struct {
		EventType string `json:"event_type"`
	}
	if err := read(r, &body); err != nil {
		return nil, err
	}
	id, err := s.passfort.RaiseEvent(r.PathValue("profile_id"), body.EventType)
	return created{map[string]string{"id": id}}, err
}

func (s *Sandbox) resolveEvents(r *http.Request) (any, error) {
	return done(s.passfort.ResolveEvents(r.PathValue("profile_id")))
}

func (s *Sandbox) setRisk(r *http.Request) (any, error) {
	var body struct {
		Category string  `json:"category"`
		Score    float64 `json:"score"`
	}
	if err := read(r, &body); err != nil {
		return nil, err
	}
	return done(s.passfort.SetRisk(r.PathValue("profile_id"), body.Category, body.Score))
}

func (s *Sandbox) decideApplication(r *http.Request) (any, error) {
	var body struct {
		Status string `json:"status"`
	}
	if err := read(r, &body); err != nil {
		return nil, err
	}
	return done(s.passfort.DecideApplication(r.PathValue("application_id"), body.Status))
}

func (s *Sandbox) setTaskState(r *http.Request) (any, error) {
	var body struct {
		State string `json:"state"`
	}
	if err := read(r, &body); err != nil {
		return nil, err
	}
	return done(s.passfort.SetTaskState(r.PathValue("task_id"), body.State))
}

func (s *Sandbox) raiseRequest(r *http.Request) (any, error) {
	var body struct {
		To   string `json:"to"`
		Text string `json:"text"`
	}
	if err := read(r, &body); err != nil {
		return nil, err
	}
	invitation, err := s.passfort.RaiseRequest(r.PathValue("task_id"), body.To, body.Text)
	return created{invitation}, err
}

func (s *Sandbox) listRequests(*http.Request) (any, error) {
	return s.passfort.Requests(listed), nil
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
		Form  string         `json:"form"`
	}
	if err := read(r, &body); err != nil {
		return nil, err
	}
	id := r.PathValue("request_id")
	if body.Form != "" {
		return map[string]any{"request_id": id, "state": body.State, "form": body.Form}, s.passfort.SetFormState(id, body.Form, body.State)
	}
	return map[string]any{"request_id": id, "state": body.State}, s.passfort.SetRequestState(id, body.State)
}

func (s *Sandbox) emailRequest(r *http.Request) (any, error) {
	var body struct {
		To string `json:"to"`
	}
	if err := read(r, &body); err != nil {
		return nil, err
	}
	id := r.PathValue("request_id")
	return map[string]any{"request_id": id, "to": body.To}, s.passfort.EmailRequest(id, body.To)
}

func (s *Sandbox) decideForm(r *http.Request) (any, error) {
	var body struct {
		Decision string `json:"decision"`
	}
	if err := read(r, &body); err != nil {
		return nil, err
	}
	return done(s.decide(r.PathValue("form_id"), body.Decision))
}

// decide passes or fails a form that staff decide on.
func (s *Sandbox) decide(formID, decision string) error {
	if decision != "PASS" && decision != "FAIL" {
		return fmt.Errorf("decision is %q, but must be PASS or FAIL", decision)
	}
	return s.passfort.DecideForm(formID, decision == "PASS")
}
