// Package sumsub is a Sumsub in memory: the signed API as an integrator sees it, the part of the WebSDK's frame that
// changes something (sdk.go), and what Sumsub's checks and staff do behind the API.
//
// It is written from the provider's documentation, not from a client, so that a client tested against it cannot agree
// with it by mistake. What the company has set up in the dashboard are the levels; what the documentation leaves open is
// a field of Options.
//
// Of uploaded files it keeps what they are (digest, size, type, resolution, marks in their text), and the bytes only of
// small ones: see [Options.KeepBytes]. An upload is read piece by piece, without the lock and without being held whole.
//
// Everything happens under one lock, between enter and leave; what takes place by itself (checks that go on, verdicts
// that were ordered for later) is on the agenda and made up for on entering.
package sumsub

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"portal/internal/sandbox/effects"
)

// Config is what a provider needs of the world around it. Now and Record are required.
type Config struct {
	AppToken  string                                  // the account's app token; it begins with "sbx:" for the sandbox environment
	SecretKey string                                  // what requests are signed with
	Levels    []Level                                 // what was set up in the dashboard; nil is DefaultLevels()
	Now       func() time.Time                        // the present, by which signatures and tokens expire
	Callers   func() time.Time                        // the clock of callers who do not live in that present; nil is Now
	Record    func(e effects.Effect)                  // told of everything that takes effect
	Notify    func(event string, data map[string]any) // queues a webhook; nil queues none
	Random    io.Reader                               // where identifiers and tokens come from; nil is crypto/rand
	Options   Options
}

// Provider is one Sumsub account. It is safe for concurrent use.
type Provider struct {
	config  Config
	options atomic.Pointer[Options]

	mu     sync.Mutex
	state  state
	index  index
	limits limits
	timer  *time.Timer // wakes the provider when the next thing on the agenda is due
	closed bool
}

// New returns an account without applicants. Close it when it is no longer needed.
func New(c Config) *Provider {
	if c.Callers == nil {
		c.Callers = c.Now
	}
	if c.Levels == nil {
		c.Levels = DefaultLevels()
	}
	if c.Random == nil {
		c.Random = rand.Reader
	}
	if c.Notify == nil {
		c.Notify = func(string, map[string]any) {}
	}
	p := &Provider{config: c}
	p.Reset()
	return p
}

// Reset brings the account back to its start: no applicants, the options it was made with.
func (p *Provider) Reset() {
	p.mu.Lock()
	defer p.mu.Unlock()
	options := p.config.Options
	p.options.Store(&options)
	p.state, p.limits = state{}, limits{}
	p.index = newIndex(&p.state)
	p.stopTimer()
}

// Close ends what would happen by itself.
func (p *Provider) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	p.stopTimer()
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

// NextDue is when the next thing will happen by itself; false if nothing will. Whoever advances the clock goes from one
// to the next and calls Wake at each, so that everything happens at its time.
func (p *Provider) NextDue() (time.Time, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed || len(p.state.Agenda) == 0 {
		return time.Time{}, false
	}
	return p.state.Agenda[0].At, true
}

// now is the provider's present.
func (p *Provider) now() time.Time { return p.config.Now() }

// random returns n bytes.
func (p *Provider) random(n int) []byte {
	b := make([]byte, n)
	if _, err := io.ReadFull(p.config.Random, b); err != nil {
		panic("reading randomness: " + err.Error())
	}
	return b
}

// newPair makes two identifiers of 24 hexadecimal digits, the second one greater by one than the first.
func (p *Provider) newPair() (applicant, inspection string) {
	b := p.random(12)
	b[11] &^= 1
	applicant = hex.EncodeToString(b)
	b[11]++
	return applicant, hex.EncodeToString(b)
}

// newImageID makes an identifier of an image: a number that no image has yet.
func (p *Provider) newImageID() string {
	for {
		id := decimal(binary.BigEndian.Uint32(p.random(4)) >> 1)
		if p.index.images[id] == nil {
			return id
		}
	}
}

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// newWord makes the short kind of identifier that reviews and attempts have.
func (p *Provider) newWord() string {
	word := p.random(5)
	for i := range word {
		word[i] = letters[int(word[i])%len(letters)]
	}
	return string(word)
}

// record notes an effect on an applicant. The lock is held, so that the log has the order of the effects.
func (p *Provider) record(kind, id string, a *applicant) {
	p.config.Record(effects.Effect{
		At:          p.now(),
		Provider:    "sumsub",
		Kind:        kind,
		ID:          id,
		ProfileID:   a.ID,
		CustomerRef: a.ExternalUserID,
	})
}
