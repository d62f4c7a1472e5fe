package sumsub

import (
	"container/heap"
	"encoding/json"
	"fmt"
)

// state is everything that changes in the account, as it is saved to a file. Things name each other by identifier. The
// rate limits' memory of five seconds is no part of it.
type state struct {
	Applicants []*applicant  `json:"applicants"` // oldest first
	Tokens     []accessToken `json:"tokens,omitempty"`
	Agenda     agenda        `json:"agenda"`
	Scheduled  int64         `json:"scheduled"` // how many things were put on the agenda
	Kept       int64         `json:"kept"`      // bytes of files
}

// index finds the things of a state.
type index struct {
	applicants  map[string]*applicant
	externals   map[string]*applicant // by externalUserId
	inspections map[string]*applicant
	images      map[string]*image
	tokens      map[string]accessToken
}

func newIndex(s *state) index {
	ix := index{
		applicants:  map[string]*applicant{},
		externals:   map[string]*applicant{},
		inspections: map[string]*applicant{},
		images:      map[string]*image{},
		tokens:      map[string]accessToken{},
	}
	for _, a := range s.Applicants {
		ix.add(a)
	}
	for _, t := range s.Tokens {
		ix.tokens[t.Token] = t
	}
	return ix
}

// add makes an applicant findable.
func (ix index) add(a *applicant) {
	ix.applicants[a.ID], ix.externals[a.ExternalUserID], ix.inspections[a.InspectionID] = a, a, a
	for _, i := range a.Images {
		ix.images[i.ID] = i
	}
}

// savedFormat tells a saved account from other JSON, and from what other releases save.
const savedFormat = "sumsub-1"

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
		return nil, fmt.Errorf("saving Sumsub's account: %w", err)
	}
	return raw, nil
}

// Load puts an account in the place of the present one, with the present options. What has become due since it was saved
// happens at once. Nothing at all is an account without applicants: that of a state from before there was a Sumsub.
func (p *Provider) Load(raw json.RawMessage) error {
	s := saved{Format: savedFormat}
	if len(raw) == 0 {
		raw = json.RawMessage("{}")
	}
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
	p.mu.Lock()
	p.state, p.index, p.limits = s.State, newIndex(&s.State), limits{}
	p.mu.Unlock()
	p.Wake()
	return nil
}
