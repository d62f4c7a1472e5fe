// Package sandbox is the outside world on one machine: the provider PassFort in memory, a mailbox for everybody's
// e-mail, and the company's own "thank you" page. An integration runs against it as it would against the real ones,
// and can order their failures.
//
// Tests make a Sandbox with New and serve its Handler with httptest; the command sandbox serves it for people.
package sandbox

import (
	"log/slog"
	"net/http"
	"time"

	"portal/internal/sandbox/clock"
	"portal/internal/sandbox/effects"
	"portal/internal/sandbox/faults"
	"portal/internal/sandbox/mailbox"
	"portal/internal/sandbox/passfort"
)

// What a sandbox uses for the settings that are left empty.
const (
	DefaultMasterKey   = "sandbox-master-key"
	DefaultRedirectURL = "http://127.0.0.1:8080/onboarding/complete"
	DefaultFormURL     = "http://127.0.0.1:8080/onboarding"
)

// Options are the settings of a sandbox. The zero value is a working one.
type Options struct {
	MasterKey   string           // the API key of the PassFort account
	RedirectURL string           // where PassFort's flows send the browser at their end
	FormURL     string           // the page that e-mailed request links open
	PassFort    passfort.Options // what PassFort's documentation leaves open
	Log         *slog.Logger     // one line a call; nil logs nothing
	Now         func() time.Time // the time the sandbox's clock runs with; nil is the real one
}

// Sandbox is the outside world. It is safe for concurrent use.
type Sandbox struct {
	options  Options
	clock    *clock.Clock
	effects  *effects.Log
	faults   *faults.Rules
	mailbox  *mailbox.Mailbox
	passfort *passfort.Provider
	handler  http.Handler
}

// New returns a sandbox at its start. Its mailbox does not listen yet: call Mailbox().Listen if mail is to arrive.
func New(o Options) *Sandbox {
	o = o.withDefaults()
	s := &Sandbox{options: o, clock: clock.New(o.Now), effects: &effects.Log{}, faults: faults.New()}
	s.mailbox = mailbox.New(s.clock.Now)
	s.passfort = passfort.New(passfort.Config{
		MasterKey:   o.MasterKey,
		RedirectURL: o.RedirectURL,
		FormURL:     o.FormURL,
		Now:         s.clock.Now,
		Record:      s.effects.Add,
		Send:        s.mailbox.Send,
		Options:     o.PassFort,
	})
	s.handler = s.routes()
	return s
}

func (o Options) withDefaults() Options {
	if o.MasterKey == "" {
		o.MasterKey = DefaultMasterKey
	}
	if o.RedirectURL == "" {
		o.RedirectURL = DefaultRedirectURL
	}
	if o.FormURL == "" {
		o.FormURL = DefaultFormURL
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

// Handler answers every address of the sandbox, whatever the host name.
func (s *Sandbox) Handler() http.Handler { return s.handler }

// Effects returns what really happened at the providers, in order.
func (s *Sandbox) Effects() []effects.Effect { return s.effects.All() }

// Faults are the rules by which calls of the API go wrong.
func (s *Sandbox) Faults() *faults.Rules { return s.faults }

// FailNext makes the next n calls of the API fail with this status, before they take effect.
func (s *Sandbox) FailNext(status, n int) error {
	_, err := s.faults.Add(faults.Rule{When: faults.Before, Kind: faults.Status, Status: status, Count: n})
	return err
}

// Clock is the sandbox's time.
func (s *Sandbox) Clock() *clock.Clock { return s.clock }

// Mailbox is everybody's e-mail.
func (s *Sandbox) Mailbox() *mailbox.Mailbox { return s.mailbox }

// PassFort is the provider, with what its staff can do.
func (s *Sandbox) PassFort() *passfort.Provider { return s.passfort }

// SetRequestState ends a customer request.
func (s *Sandbox) SetRequestState(requestID string, state passfort.State) error {
	return s.passfort.SetRequestState(requestID, state)
}

// Reset brings everything back to the start.
func (s *Sandbox) Reset() {
	s.faults.Reset()
	s.passfort.Reset()
	s.effects.Reset()
	s.mailbox.Reset()
	s.clock.Reset()
}

// Close ends the calls that faults hold up and stops the mailbox.
func (s *Sandbox) Close() error {
	s.faults.Close()
	return s.mailbox.Close()
}
