// Package passfort is a PassFort in memory: the API 4.0 as an integrator sees it, the collection front that shows the
// forms of a customer request in a frame, and what PassFort's staff would do by hand.
//
// It is written from the provider's documentation, not from a client, so that a client tested against it cannot agree
// with it by mistake. What the documentation leaves open is a field of Options.
package passfort

import (
	"sync"
	"time"

	"portal/internal/sandbox/effects"
)

// Config is what a provider needs of the world around it. Every field but Options is required.
type Config struct {
	MasterKey   string                               // the account's API key
	RedirectURL string                               // where a flow sends the browser at its end, as set up by staff
	FormURL     string                               // the customer's page, which e-mailed links open
	Now         func() time.Time                     // the present, by which requests expire
	Record      func(e effects.Effect)               // told of everything that takes effect
	Send        func(from, to, message string) error // delivers an e-mail
	Options     Options
}

// Provider is one PassFort account. It is safe for concurrent use.
type Provider struct {
	config Config
	flows  map[string]*flow
	themes map[string]bool

	mu          sync.Mutex
	options     Options
	profiles    map[string]*profile
	oldestFirst []*profile
	requests    map[string]*request
	lastVersion int64 // of collected data, in milliseconds
}

// New returns an account without profiles. It knows two flow templates, individual-onboarding and company-onboarding,
// and the theme default.
func New(c Config) *Provider {
	p := &Provider{config: c, flows: map[string]*flow{}, themes: map[string]bool{"default": true}}
	for _, f := range []*flow{individualOnboarding(), companyOnboarding()} {
		p.flows[f.alias] = f
	}
	p.Reset()
	return p
}

// Reset brings the account back to its start: no profiles, no requests, the options it was made with.
func (p *Provider) Reset() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.options = p.config.Options
	p.profiles = map[string]*profile{}
	p.oldestFirst = nil
	p.requests = map[string]*request{}
}

// record notes an effect on a profile. The lock is held, so that the log has the order of the effects.
func (p *Provider) record(kind, id string, pr *profile) {
	p.config.Record(effects.Effect{
		At:          p.config.Now(),
		Provider:    "passfort",
		Kind:        kind,
		ID:          id,
		ProfileID:   pr.id,
		CustomerRef: pr.customerRef(),
	})
}
