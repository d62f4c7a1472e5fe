package passfort

import (
	"encoding/hex"
	"io"
	"net/http"
	"slices"
	"time"

	"portal/internal/sandbox/effects"
	"portal/internal/sandbox/passfort/account"
)

// State is the state of a customer request, or of one of its forms.
type State string

// The states. A whole request is never CANCELED.
const (
	Sent      State = "SENT"
	Completed State = "COMPLETED"
	Expired   State = "EXPIRED"
	Canceled  State = "CANCELED"
)

// request is one customer request: forms for one profile, from a flow or from a task. There are no two active ones of a
// profile.
type request struct {
	ID        string         `json:"id"`
	APIKey    string         `json:"apikey"`
	ProfileID string         `json:"profile_id"`
	Flow      string         `json:"flow,omitempty"` // alias, unless it was raised from a task
	Task      string         `json:"task,omitempty"` // the id of the task it was raised from
	Theme     string         `json:"theme"`
	State     State          `json:"state"`
	Last      State          `json:"last,omitempty"` // of the form that ended last: it decides
	Created   time.Time      `json:"created"`
	Expires   time.Time      `json:"expires"`
	Forms     []*formRequest `json:"forms"`
	Text      string         `json:"text,omitempty"` // what staff wrote in place of the proposed paragraph
	Email     *sentEmail     `json:"email,omitempty"`
	// EmailError is why the latest e-mail did not go out; empty if it did.
	EmailError string `json:"email_error,omitempty"`

	sending bool // an e-mail is on its way
}

// open are the forms that are not in a terminal state.
func (req *request) open() []*formRequest {
	var open []*formRequest
	for _, f := range req.Forms {
		if f.State == Sent {
			open = append(open, f)
		}
	}
	return open
}

// requestAnswer is a customer request as the API shows it. The detailed state stays inside.
type requestAnswer struct {
	ID          string `json:"id"`
	APIKey      string `json:"apikey,omitempty"`
	IsCompleted *bool  `json:"is_completed,omitempty"`
	*extension
}

// extension is what some PassFort accounts may answer besides: it is not documented.
type extension struct {
	ProfileID string           `json:"profile_id"`
	URL       string           `json:"url,omitempty"` // it carries the key
	Expiry    string           `json:"expiry"`
	Forms     []map[string]any `json:"forms"`
}

func (p *Provider) extensionOf(req *request) *extension {
	o := p.Options()
	if !o.ExtendedRequest {
		return nil
	}
	x := &extension{ProfileID: req.ProfileID, Expiry: req.Expires.Format(timeLayout)}
	if !o.ReadHidesAPIKey {
		x.URL = p.requestLink(req)
	}
	for _, f := range req.Forms {
		x.Forms = append(x.Forms, map[string]any{"id": f.ID, "form_template": map[string]any{"alias": f.Form}})
	}
	return x
}

// createCustomerRequest answers POST /4.0/forms/profile/{profile_id}/customer_request.
func (p *Provider) createCustomerRequest(r *http.Request) (answer, error) {
	flow, theme, err := p.wantedFlow(r)
	if err != nil {
		return answer{}, err
	}
	p.enter()
	defer p.leave()
	pr, err := p.profileOf(r)
	if err != nil {
		return answer{}, err
	}
	if flow.EntityType != pr.entityType() {
		return answer{}, invalid("flow template %q is not for a %s", flow.Alias, pr.Role)
	}
	req, err := p.requestFor(pr, flow, theme)
	if err != nil {
		return answer{}, err
	}
	return answer{
		status: p.Options().CreateStatus,
		body:   requestAnswer{ID: req.ID, APIKey: req.APIKey, extension: p.extensionOf(req)},
	}, nil
}

// wantedFlow reads which flow is asked for, in which theme.
func (p *Provider) wantedFlow(r *http.Request) (account.FlowTemplate, string, error) {
	var none account.FlowTemplate
	var body struct {
		Type         string `json:"type"`
		FlowTemplate struct {
			Alias string `json:"alias"`
		} `json:"flow_template"`
		Theme struct {
			Alias string `json:"alias"`
		} `json:"theme"`
	}
	if err := readJSON(r, &body); err != nil {
		return none, "", err
	}
	if body.Type == "" || body.FlowTemplate.Alias == "" || body.Theme.Alias == "" {
		return none, "", missing("type, flow_template.alias and theme.alias are required")
	}
	if body.Type != "FLOW" {
		return none, "", invalid("type must be FLOW")
	}
	flow, ok := p.account.FlowTemplate(body.FlowTemplate.Alias)
	if !ok {
		return none, "", invalid("flow template %q is not known", body.FlowTemplate.Alias)
	}
	if !slices.Contains(p.account.Themes, body.Theme.Alias) {
		return none, "", invalid("theme %q is not known", body.Theme.Alias)
	}
	return flow, body.Theme.Alias, nil
}

// active is the request of a profile whose forms can be edited; nil if there is none. The lock is held.
func (p *Provider) active(pr *profile) *request {
	if req := p.index.requests[pr.Request]; req != nil && req.State == Sent {
		return req
	}
	return nil
}

// requestFor makes a request for a flow, or reacts as configured if one is active. The lock is held.
func (p *Provider) requestFor(pr *profile, flow account.FlowTemplate, theme string) (*request, error) {
	if active := p.active(pr); active != nil {
		switch p.Options().SecondRequest {
		case Reuse:
			return active, nil
		case Replace:
			p.endAll(active, Expired, byAPI)
		default:
			return nil, conflict(codeDataPresent, "the profile already has an active customer request")
		}
	}
	return p.addFlowRequest(pr, flow, theme, byAPI), nil
}

// addFlowRequest makes a request for a flow. The lock is held.
func (p *Provider) addFlowRequest(pr *profile, flow account.FlowTemplate, theme string, by actor) *request {
	req := p.newRequest(pr, theme)
	req.Flow = flow.Alias
	p.addForms(req)
	p.publish(req, pr, by)
	return req
}

// newRequest makes a request without forms. The lock is held.
func (p *Provider) newRequest(pr *profile, theme string) *request {
	now := p.now()
	return &request{
		ID:        p.newID(),
		APIKey:    p.newKey(),
		ProfileID: pr.ID,
		Theme:     theme,
		State:     Sent,
		Created:   now,
		Expires:   now.Add(p.validity()),
	}
}

// publish puts a request with its forms in force. The lock is held.
func (p *Provider) publish(req *request, pr *profile, by actor) {
	pr.Request = req.ID
	p.state.Requests = append(p.state.Requests, req)
	p.index.requests[req.ID] = req
	p.index.requestKeys[req.APIKey] = req
	p.record(effects.CustomerRequestCreate, req.ID, pr)
	p.audit(pr, by, "requested-data", req.ID)
	p.notifyRequest(req, by)
	for _, f := range req.Forms {
		p.notifyForm(req, f, by)
	}
	p.scheduleAt(req.Expires, dueExpiry, req.ID)
}

// maxValidity is as good as no limit, and still a date that can be written.
const maxValidity = 100 * 365

// validity is how long the forms of a request stay open.
func (p *Provider) validity() time.Duration {
	return days(min(p.Options().ValidityDays, maxValidity))
}

func days(n int) time.Duration { return time.Duration(n) * 24 * time.Hour }

// expire ends a request whose time is up; one that was e-mailed later has more time. The lock is held.
func (p *Provider) expire(id string) {
	req := p.index.requests[id]
	if req.State != Sent {
		return
	}
	if req.Expires.After(p.now()) {
		p.scheduleAt(req.Expires, dueExpiry, id)
		return
	}
	p.endAll(req, Expired, byPolicy)
}

// newKey makes an API key: 46 hexadecimal digits, as the provider's look.
func (p *Provider) newKey() string {
	key := make([]byte, 23)
	if _, err := io.ReadFull(p.config.Random, key); err != nil {
		panic("reading randomness: " + err.Error())
	}
	return hex.EncodeToString(key)
}

// showCustomerRequest answers GET /4.0/forms/profile/{profile_id}/customer_request with the most recent request.
func (p *Provider) showCustomerRequest(_ *http.Request, pr *profile) (answer, error) {
	o := p.Options()
	req := p.index.requests[pr.Request]
	if req == nil {
		if o.MissingRequest == answersNull {
			return answer{body: nil}, nil
		}
		return answer{}, notFound("customer request")
	}
	over := req.State != Sent
	body := requestAnswer{ID: req.ID, IsCompleted: &over, extension: p.extensionOf(req)}
	if !o.ReadHidesAPIKey {
		body.APIKey = req.APIKey
	}
	return answer{body: body}, nil
}

// notifyRequest tells the state of a request. The body of this event is not documented: the likeliest shape is used,
// which an event template can change.
func (p *Provider) notifyRequest(req *request, by actor) {
	p.notify(eventCustomerRequestChanged, p.index.profiles[req.ProfileID], by, map[string]any{
		"customer_request": map[string]any{"id": req.ID, "status": req.State, "is_completed": req.State != Sent},
	})
}
