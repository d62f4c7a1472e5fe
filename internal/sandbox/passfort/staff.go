package passfort

import (
	"fmt"
	"slices"
)

// SetRequestState ends a customer request as the passing of time or its last form would. Ending it twice the same way
// changes nothing.
func (p *Provider) SetRequestState(requestID string, s State) error {
	if s != Completed && s != Expired {
		return fmt.Errorf("%w: state is %q, but must be COMPLETED or EXPIRED", ErrInvalid, s)
	}
	p.enter()
	defer p.leave()
	req, ok := p.index.requests[requestID]
	if !ok {
		return fmt.Errorf("customer request %q: %w", requestID, ErrNotFound)
	}
	switch req.State {
	case s:
		return nil
	case Sent:
		p.endAll(req, s, byStaff)
		return nil
	default:
		return fmt.Errorf("customer request %q is %w: it is %s", requestID, ErrOver, req.State)
	}
}

// SetFormState ends one form of a customer request, named by its id or the alias of its template. The request ends with
// its last form.
func (p *Provider) SetFormState(requestID, form string, s State) error {
	if s != Completed && s != Expired && s != Canceled {
		return fmt.Errorf("%w: state is %q, but must be COMPLETED, EXPIRED or CANCELED", ErrInvalid, s)
	}
	p.enter()
	defer p.leave()
	req, err := p.sentRequest(requestID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(req.Forms, func(f *formRequest) bool { return f.ID == form || f.Form == form })
	if i < 0 {
		return fmt.Errorf("form %q: %w", form, ErrNotFound)
	}
	if f := req.Forms[i]; f.State == Sent {
		p.endForm(req, f, s, byStaff)
	} else if f.State != s {
		return fmt.Errorf("form %q is %w: it is %s", form, ErrOver, f.State)
	}
	return nil
}

// DecideForm passes or fails a form on which staff decide: its answers go into the collected data and its task is
// completed.
func (p *Provider) DecideForm(formID string, pass bool) error {
	p.enter()
	defer p.leave()
	req, ok := p.index.forms[formID]
	if !ok {
		return fmt.Errorf("form %q: %w", formID, ErrNotFound)
	}
	f := req.form(formID)
	if !p.undecided(f) {
		return fmt.Errorf("%w: form %q is not waiting for a decision", ErrInvalid, formID)
	}
	pr := p.index.profiles[req.ProfileID]
	state := taskFailed
	f.Decision = "FAIL"
	if pass {
		f.Decision, state = "PASS", taskPassed
		p.storeAnswers(req, f, p.sections(req, f), f.Answers, byStaff)
	}
	p.notifyForm(req, f, byStaff)
	if t := pr.task(f.Task); t != nil {
		p.setTaskState(pr, t, state, byStaff)
	}
	return nil
}

// SetTaskState completes a task of a profile or opens it again.
func (p *Provider) SetTaskState(taskID, state string) error {
	if err := checkTaskState(state); err != nil {
		return fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	p.enter()
	defer p.leave()
	pr, ok := p.index.tasks[taskID]
	if !ok {
		return fmt.Errorf("task %q: %w", taskID, ErrNotFound)
	}
	p.setTaskState(pr, pr.task(taskID), state, byStaff)
	return nil
}

// DecideApplication gives an application of a profile its next status.
func (p *Provider) DecideApplication(applicationID, status string) error {
	p.enter()
	defer p.leave()
	pr, ok := p.index.applications[applicationID]
	if !ok {
		return fmt.Errorf("application %q: %w", applicationID, ErrNotFound)
	}
	a := pr.application(applicationID)
	if err := pr.checkDecision(a, status); err != nil {
		return fmt.Errorf("%w: %w", ErrConflict, err)
	}
	p.decide(pr, a, status, "", byStaff)
	p.refresh(pr)
	return nil
}

// sentRequest finds a request whose forms can be edited. The lock is held.
func (p *Provider) sentRequest(requestID string) (*request, error) {
	req, ok := p.index.requests[requestID]
	if !ok {
		return nil, fmt.Errorf("customer request %q: %w", requestID, ErrNotFound)
	}
	if req.State != Sent {
		return nil, fmt.Errorf("customer request %q is %w: it is %s", requestID, ErrOver, req.State)
	}
	return req, nil
}

// Invitation is a customer request that staff raised for a new customer.
type Invitation struct {
	RequestID string `json:"request_id"`
	ProfileID string `json:"profile_id"`
}

// Invite makes a profile and a customer request for a new customer and sends them the link: a short cut for trying
// things out, since PassFort itself raises e-mailed requests from tasks (RaiseRequest).
func (p *Provider) Invite(flowTemplate, to string) (Invitation, error) {
	if err := checkRecipient(to); err != nil {
		return Invitation{}, err
	}
	flow, ok := p.account.FlowTemplate(flowTemplate)
	if !ok {
		return Invitation{}, fmt.Errorf("%w: flow template %q is not known", ErrInvalid, flowTemplate)
	}
	if _, err := p.template(); err != nil {
		return Invitation{}, err
	}
	p.enter()
	pr := p.addProfile(flow.EntityType+"_CUSTOMER", entityData{"entity_type": flow.EntityType}, byStaff)
	p.applyAtFirst(pr, nil)
	l := p.requestLetter(p.addFlowRequest(pr, flow, p.account.Themes[0], byStaff), to)
	p.leave()
	return Invitation{RequestID: l.request, ProfileID: pr.ID}, p.deliver(l)
}
