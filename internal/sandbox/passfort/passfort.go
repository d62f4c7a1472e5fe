// Package passfort is a PassFort in memory: the API 4.0 as an integrator sees it, the calls behind the collection front
// that shows the forms of a customer request, and what PassFort's staff and automation do behind the API.
//
// It is written from the provider's documentation, not from a client, so that a client tested against it cannot agree
// with it by mistake. What staff set up for a company is in package account; what the documentation leaves open is a
// field of Options.
//
// Everything happens under one lock, between enter and leave; what takes place by itself (applications that appear,
// checks that end, requests that expire) is on the agenda and made up for on entering.
package passfort

import (
	"crypto/rand"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"portal/internal/sandbox/effects"
	"portal/internal/sandbox/passfort/account"
)

// Config is what a provider needs of the world around it. Now, Record and Send are required, and so are the addresses.
type Config struct {
	MasterKey   string                                  // the account's API key
	RedirectURL string                                  // where a flow sends the browser at its end, as set up by staff
	FormURL     string                                  // the customer's page, which e-mailed links open
	Account     *account.Account                        // what staff have set up; nil is account.Default()
	Now         func() time.Time                        // the present, by which requests expire
	Record      func(e effects.Effect)                  // told of everything that takes effect
	Send        func(from, to, message string) error    // delivers an e-mail
	Notify      func(event string, data map[string]any) // queues a webhook; nil queues none
	Template    func() (html string, err error)         // the custom HTML template of e-mails; nil or "" is the default one
	Random      io.Reader                               // where identifiers and keys come from; nil is crypto/rand
	Options     Options
}

// Provider is one PassFort account. It is safe for concurrent use.
type Provider struct {
	config  Config
	account *account.Account
	options atomic.Pointer[Options]

	mu      sync.Mutex
	state   state
	index   index
	timer   *time.Timer // wakes the provider when the next thing on the agenda is due
	closed  bool
	posting []chan struct{} // of the reminders on their way, each closed when it has arrived
}

// New returns an account without profiles. Close it when it is no longer needed.
func New(c Config) *Provider {
	if c.Account == nil {
		c.Account = account.Default()
	}
	if c.Random == nil {
		c.Random = rand.Reader
	}
	if c.Notify == nil {
		c.Notify = func(string, map[string]any) {}
	}
	if c.Template == nil {
		c.Template = func() (string, error) { return "", nil }
	}
	p := &Provider{config: c, account: c.Account}
	p.Reset()
	return p
}

// Reset brings the account back to its start: no profiles, no requests, the options it was made with.
func (p *Provider) Reset() {
	p.mu.Lock()
	defer p.mu.Unlock()
	options := p.config.Options
	p.options.Store(&options)
	p.state = state{}
	p.index = newIndex(&p.state)
	p.stopTimer()
}

// Close ends what would happen by itself and waits for e-mails on their way.
func (p *Provider) Close() {
	p.mu.Lock()
	p.closed = true
	p.stopTimer()
	p.mu.Unlock()
	p.awaitPost()
}

// enter takes the lock and lets everything happen that is due.
func (p *Provider) enter() {
	p.mu.Lock()
	p.settle()
}

// leave gives the lock back and sees to it that the next thing on the agenda is not forgotten.
func (p *Provider) leave() {
	p.setTimer()
	p.mu.Unlock()
}

// Wake lets everything happen that has become due.
func (p *Provider) Wake() {
	p.enter()
	p.leave()
}

// NextDue is when the next thing will happen by itself; false if nothing will.
func (p *Provider) NextDue() (time.Time, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed || len(p.state.Agenda) == 0 {
		return time.Time{}, false
	}
	return p.state.Agenda[0].At, true
}

// CatchUp is Wake, and returns when the reminders that became due have arrived. Whoever advances the clock goes from one
// NextDue to the next, so that everything happens at its time.
func (p *Provider) CatchUp() {
	p.Wake()
	p.awaitPost()
}

// now is the provider's present.
func (p *Provider) now() time.Time { return p.config.Now() }

// newID makes an identifier.
func (p *Provider) newID() string {
	id, err := uuid.NewRandomFromReader(p.config.Random)
	if err != nil {
		panic("reading randomness: " + err.Error())
	}
	return id.String()
}

// record notes an effect on a profile. The lock is held, so that the log has the order of the effects.
func (p *Provider) record(kind, id string, pr *profile) {
	p.config.Record(effects.Effect{
		At:          p.now(),
		Provider:    "passfort",
		Kind:        kind,
		ID:          id,
		ProfileID:   pr.ID,
		CustomerRef: pr.customerRef(),
	})
}
