package passfort

import (
	"container/heap"
	"encoding/json"
	"fmt"
	"time"
)

// state is everything that changes in the account, as it is saved to a file. Things name each other by identifier.
type state struct {
	Profiles    []*profile `json:"profiles"` // oldest first
	Requests    []*request `json:"requests"` // oldest first
	Agenda      agenda     `json:"agenda"`
	Scheduled   int64      `json:"scheduled"`    // how many things were put on the agenda
	LastVersion int64      `json:"last_version"` // of collected data, in milliseconds
	Limits      limits     `json:"limits"`
}

// index finds the things of a state.
type index struct {
	profiles     map[string]*profile
	requests     map[string]*request
	requestKeys  map[string]*request
	applications map[string]*profile // the profile an application belongs to
	checks       map[string]*profile
	tasks        map[string]*profile
	forms        map[string]*request
}

func newIndex(s *state) index {
	ix := index{
		profiles:     map[string]*profile{},
		requests:     map[string]*request{},
		requestKeys:  map[string]*request{},
		applications: map[string]*profile{},
		checks:       map[string]*profile{},
		tasks:        map[string]*profile{},
		forms:        map[string]*request{},
	}
	for _, pr := range s.Profiles {
		ix.profiles[pr.ID] = pr
		for _, a := range pr.Applications {
			ix.applications[a.ID] = pr
		}
		for _, c := range pr.Checks {
			ix.checks[c.ID] = pr
		}
		for _, t := range pr.Tasks {
			ix.tasks[t.ID] = pr
		}
	}
	for _, req := range s.Requests {
		ix.requests[req.ID] = req
		ix.requestKeys[req.APIKey] = req
		for _, f := range req.Forms {
			ix.forms[f.ID] = req
		}
	}
	return ix
}

// savedFormat tells a saved account from other JSON, and from what other releases save.
const savedFormat = "passfort-1"

// saved is an account in a file. The options are not part of it: they are what the sandbox was started with.
type saved struct {
	Format string `json:"format"`
	State  state  `json:"state"`
}

// Save returns the account as JSON, for Load.
func (p *Provider) Save() (json.RawMessage, error) {
	p.enter()
	defer p.leave()
	raw, err := json.Marshal(saved{Format: savedFormat, State: p.state})
	if err != nil {
		return nil, fmt.Errorf("saving PassFort's account: %w", err)
	}
	return raw, nil
}

// Load puts an account in the place of the present one, with the present options. What has become due since it was saved happens at once.
func (p *Provider) Load(raw json.RawMessage) error {
	var s saved
	if err := json.Unmarshal(raw, &s); err != nil {
		return fmt.Errorf("%w: the saved account cannot be read: %w", ErrInvalid, err)
	}
	if s.Format != savedFormat {
		return fmt.Errorf("%w: the saved account has the format %q, but must have %q", ErrInvalid, s.Format, savedFormat)
	}
	if err := p.checkSaved(&s.State); err != nil {
		return fmt.Errorf("%w: the saved account: %w", ErrInvalid, err)
	}
	heap.Init(&s.State.Agenda)
	ix := newIndex(&s.State)
	p.mu.Lock()
	p.state, p.index = s.State, ix
	p.mu.Unlock()
	p.Wake()
	return nil
}

// nextVersion makes the ETag of collected data, one that was never given before. The lock is held.
func (p *Provider) nextVersion(now time.Time) string {
	p.state.LastVersion = max(now.UnixMilli(), p.state.LastVersion+1)
	return fmt.Sprintf(`W/"%d.%03d"`, p.state.LastVersion/1000, p.state.LastVersion%1000)
}
