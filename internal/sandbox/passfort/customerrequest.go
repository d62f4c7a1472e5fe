package passfort

import (
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"time"

	"github.com/google/uuid"

	"portal/internal/sandbox/effects"
)

// validity is how long the forms of a request stay open.
const validity = 90 * 24 * time.Hour

// State is the state of a customer request.
type State string

// The states of a customer request.
const (
	Sent      State = "SENT"
	Completed State = "COMPLETED"
	Expired   State = "EXPIRED"
)

// request is one customer request: a flow of forms for one profile.
type request struct {
	id      string
	apikey  string
	profile *profile
	flow    *flow
	ended   State // empty while nothing has ended it
	created time.Time
	done    map[string]bool // the sections submitted, by id
	photo   string          // the id of the document collected, if any
}

func (req *request) expires() time.Time { return req.created.Add(validity) }

// state is the request's state at a moment: time alone can expire it.
func (req *request) state(now time.Time) State {
	switch {
	case req.ended != "":
		return req.ended
	case !now.Before(req.expires()):
		return Expired
	default:
		return Sent
	}
}

// requestAnswer is a customer request as the API shows it. The detailed state stays inside.
type requestAnswer struct {
	ID          string `json:"id"`
	APIKey      string `json:"apikey,omitempty"`
	IsCompleted *bool  `json:"is_completed,omitempty"`
}

// createCustomerRequest answers POST /4.0/forms/profile/{profile_id}/customer_request.
func (p *Provider) createCustomerRequest(r *http.Request) (answer, error) {
	fl, err := p.wantedFlow(r)
	if err != nil {
		return answer{}, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	pr, err := p.profileOf(r)
	if err != nil {
		return answer{}, err
	}
	if fl.entityType != entityTypes[pr.role] {
		return answer{}, invalid("flow template %q is not for a %s", fl.alias, pr.role)
	}
	req, err := p.requestFor(pr, fl)
	if err != nil {
		return answer{}, err
	}
	return answer{status: p.options.withDefaults().CreateStatus, body: requestAnswer{ID: req.id, APIKey: req.apikey}}, nil
}

// wantedFlow reads which flow is asked for.
func (p *Provider) wantedFlow(r *http.Request) (*flow, error) {
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
		return nil, err
	}
	if body.Type == "" || body.FlowTemplate.Alias == "" || body.Theme.Alias == "" {
		return nil, missing("type, flow_template.alias and theme.alias are required")
	}
	if body.Type != "FLOW" {
		return nil, invalid("type must be FLOW")
	}
	fl, ok := p.flows[body.FlowTemplate.Alias]
	if !ok {
		return nil, invalid("flow template %q is not known", body.FlowTemplate.Alias)
	}
	if !p.themes[body.Theme.Alias] {
		return nil, invalid("theme %q is not known", body.Theme.Alias)
	}
	return fl, nil
}

// requestFor makes a request, or reacts as configured if one is active. The lock is held.
func (p *Provider) requestFor(pr *profile, fl *flow) (*request, error) {
	if active := pr.request; active != nil && active.state(p.config.Now()) == Sent {
		switch p.options.withDefaults().SecondRequest {
		case Reuse:
			return active, nil
		case Replace:
			p.end(active, Expired)
		default:
			return nil, &refusal{http.StatusConflict, codeDataPresent, "the profile already has an active customer request"}
		}
	}
	return p.addRequest(pr, fl), nil
}

// addRequest makes a request. The lock is held.
func (p *Provider) addRequest(pr *profile, fl *flow) *request {
	req := &request{
		id:      uuid.NewString(),
		apikey:  newKey(),
		profile: pr,
		flow:    fl,
		created: p.config.Now(),
		done:    map[string]bool{},
	}
	pr.request = req
	p.requests[req.id] = req
	p.record(effects.CustomerRequestCreate, req.id, pr)
	return req
}

// end brings a request to a terminal state. The lock is held.
func (p *Provider) end(req *request, s State) {
	req.ended = s
	kind := effects.CustomerRequestComplete
	if s == Expired {
		kind = effects.CustomerRequestExpire
	}
	p.record(kind, req.id, req.profile)
}

// newKey makes an API key: 46 hexadecimal digits, as the provider's look.
func newKey() string {
	key := make([]byte, 23)
	_, _ = rand.Read(key) // never fails
	return hex.EncodeToString(key)
}

// showCustomerRequest answers GET /4.0/forms/profile/{profile_id}/customer_request with the most recent request.
func (p *Provider) showCustomerRequest(r *http.Request) (answer, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	pr, err := p.profileOf(r)
	if err != nil {
		return answer{}, err
	}
	if pr.request == nil {
		return answer{}, notFound("customer request")
	}
	over := pr.request.state(p.config.Now()) != Sent
	body := requestAnswer{ID: pr.request.id, IsCompleted: &over}
	if !p.options.ReadHidesAPIKey {
		body.APIKey = pr.request.apikey
	}
	return answer{body: body}, nil
}
