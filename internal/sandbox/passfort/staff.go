package passfort

import (
	"fmt"
	"net/mail"
	"slices"
	"time"

	"portal/internal/sandbox/effects"
)

// SetRequestState ends a customer request as the passing of time or its last form would. Ending it twice the same way
// changes nothing.
func (p *Provider) SetRequestState(requestID string, s State) error {
	if s != Completed && s != Expired {
		return fmt.Errorf("%w: state is %q, but must be COMPLETED or EXPIRED", ErrInvalid, s)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	req, ok := p.requests[requestID]
	if !ok {
		return fmt.Errorf("customer request %q: %w", requestID, ErrNotFound)
	}
	switch req.state(p.config.Now()) {
	case s:
		return nil
	case Sent:
		p.end(req, s)
		return nil
	default:
		return fmt.Errorf("customer request %q is %w: it is %s", requestID, ErrOver, req.state(p.config.Now()))
	}
}

// EmailRequest sends a customer the link to the forms of their request.
func (p *Provider) EmailRequest(requestID, to string) error {
	if err := checkAddress(to); err != nil {
		return err
	}
	p.mu.Lock()
	req, err := p.sentRequest(requestID)
	p.mu.Unlock()
	if err != nil {
		return err
	}
	message, err := requestEmail(to, p.link(req), p.config.Now())
	if err != nil {
		return fmt.Errorf("writing the e-mail: %w", err)
	}
	if err := p.config.Send(emailSender, to, message); err != nil {
		return fmt.Errorf("sending the link to %s: %w", to, err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.record(effects.CustomerRequestEmail, req.id, req.profile)
	return nil
}

// sentRequest finds a request whose forms can be edited. The lock is held.
func (p *Provider) sentRequest(requestID string) (*request, error) {
	req, ok := p.requests[requestID]
	if !ok {
		return nil, fmt.Errorf("customer request %q: %w", requestID, ErrNotFound)
	}
	if s := req.state(p.config.Now()); s != Sent {
		return nil, fmt.Errorf("customer request %q is %w: it is %s", requestID, ErrOver, s)
	}
	return req, nil
}

// Invitation is a customer request that staff raised for a new customer.
type Invitation struct {
	RequestID string `json:"request_id"`
	ProfileID string `json:"profile_id"`
}

// Invite makes a profile and a customer request for a new customer and sends them the link.
func (p *Provider) Invite(flowTemplate, to string) (Invitation, error) {
	if err := checkAddress(to); err != nil {
		return Invitation{}, err
	}
	fl, ok := p.flows[flowTemplate]
	if !ok {
		return Invitation{}, fmt.Errorf("%w: flow template %q is not known", ErrInvalid, flowTemplate)
	}
	p.mu.Lock()
	pr := p.addProfile(fl.entityType+"_CUSTOMER", entityData{"entity_type": fl.entityType}, nil)
	req := p.addRequest(pr, fl)
	p.mu.Unlock()
	return Invitation{RequestID: req.id, ProfileID: pr.id}, p.EmailRequest(req.id, to)
}

func checkAddress(to string) error {
	if address, err := mail.ParseAddress(to); err != nil || address.Address != to {
		return fmt.Errorf("%w: to is %q, but must be an e-mail address", ErrInvalid, to)
	}
	return nil
}

// Overview is a profile as staff see it in a list.
type Overview struct {
	ID          string
	Role        string
	DisplayName string
	CustomerRef string
	Created     time.Time
	Requested   bool // whether there is a customer request, which the other fields describe
	RequestID   string
	Flow        string
	State       State
	Expires     time.Time
}

// Overviews lists the newest profiles, at most limit, newest first.
func (p *Provider) Overviews(limit int) []Overview {
	p.mu.Lock()
	defer p.mu.Unlock()
	list := []Overview{}
	for _, pr := range slices.Backward(p.oldestFirst) {
		if len(list) == limit {
			break
		}
		list = append(list, p.overview(pr))
	}
	return list
}

func (p *Provider) overview(pr *profile) Overview {
	o := Overview{ID: pr.id, Role: pr.role, DisplayName: pr.displayName(), CustomerRef: pr.customerRef(), Created: pr.created}
	if req := pr.request; req != nil {
		o.Requested, o.RequestID, o.Flow = true, req.id, req.flow.alias
		o.State, o.Expires = req.state(p.config.Now()), req.expires()
	}
	return o
}

// FlowTemplates are the aliases of the flow templates set up for this account, in alphabetical order.
func (p *Provider) FlowTemplates() []string {
	aliases := make([]string, 0, len(p.flows))
	for alias := range p.flows {
		aliases = append(aliases, alias)
	}
	slices.Sort(aliases)
	return aliases
}
