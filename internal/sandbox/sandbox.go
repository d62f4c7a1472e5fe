// Package sandbox is the outside world on one machine: the providers PassFort and Sumsub in memory, with their webhooks, a mailbox
// for everybody's e-mail, and the company's own "thank you" page and back end. An integration runs against it as it would against
// the real ones, and can order their failures.
//
// People use its pages, which begin at /; scripts do the same in JSON below /_sandbox/. What a page and a script do is
// one method each of this package, so that neither can do more than the other.
//
// Tests make a Sandbox with New and serve its Handler with httptest; the command sandbox serves it for people.
package sandbox

import (
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"sync"
	"time"

	"portal/internal/sandbox/calls"
	"portal/internal/sandbox/clock"
	"portal/internal/sandbox/effects"
	"portal/internal/sandbox/faults"
	"portal/internal/sandbox/mailbox"
	"portal/internal/sandbox/passfort"
	"portal/internal/sandbox/passfort/account"
	"portal/internal/sandbox/passfort/front"
	"portal/internal/sandbox/passfort/webhooks"
	"portal/internal/sandbox/sumsub"
	sumsubwebhooks "portal/internal/sandbox/sumsub/webhooks"
	"portal/internal/sandbox/sumsub/websdk"
)

// What a sandbox uses for the settings that are left empty.
const (
	DefaultMasterKey   = "sandbox-master-key"
	DefaultRedirectURL = "http://127.0.0.1:8080/onboarding/complete"
	DefaultFormURL     = "http://127.0.0.1:8080/onboarding"
	DefaultAppToken    = "sbx:sandbox-app-token"
	DefaultSecretKey   = "sandbox-secret-key"
	// DefaultNoticesSecret is shared with the demo's portal.
	DefaultNoticesSecret = "whsec_c2FuZGJveC1ub3RpY2VzLXNlY3JldC1ldmVyeWJvZHkta25vd3MhIQ=="
)

// apiPath is what the addresses of PassFort's API begin with.
const apiPath = "/4.0"

// keptCalls is how many of the last calls can be looked at.
const keptCalls = 100

// Options are the settings of a sandbox. The zero value is a working one.
type Options struct {
	MasterKey      string                 // the API key of the PassFort account
	RedirectURL    string                 // where PassFort's flows send the browser at their end
	FormURL        string                 // the page that e-mailed request links open
	Account        *account.Account       // what PassFort's staff have set up; nil is account.Default()
	PassFort       passfort.Options       // what PassFort's documentation leaves open
	Webhooks       webhooks.Options       // of the account; without a URL there are none
	AppToken       string                 // of the Sumsub account
	SecretKey      string                 // what calls of Sumsub's API are signed with
	Levels         []sumsub.Level         // what was set up in Sumsub's dashboard; nil is sumsub.DefaultLevels()
	Sumsub         sumsub.Options         // what Sumsub's documentation leaves open
	SumsubWebhooks sumsubwebhooks.Options // of the Sumsub account; without a URL there are none
	NoticesSecret  string                 // what the portal signs its notices to the company with, "whsec_…"
	ThemeFile      string                 // a TOML file with a [brand] table, the theme of PassFort's forms
	EmailTemplate  string                 // a file with the custom HTML template of request e-mails
	Seed           uint64                 // makes identifiers, keys and chances the same in every run; 0 makes them new
	Log            *slog.Logger           // one line a call; nil logs nothing
	Now            func() time.Time       // the time the sandbox's clock runs with; nil is the real one
}

// Sandbox is the outside world. It is safe for concurrent use.
type Sandbox struct {
	options        Options
	clock          *clock.Clock
	effects        *effects.Log
	faults         *faults.Rules
	calls          *calls.Journal
	mailbox        *mailbox.Mailbox
	passfort       *passfort.Provider
	webhooks       *webhooks.Queue
	sumsub         *sumsub.Provider
	sumsubWebhooks *sumsubwebhooks.Queue
	websdk         *websdk.SDK
	company        *company
	front          *front.Front
	streams        streams
	handler        http.Handler

	changing sync.Mutex // one change of options or of the time at once: each begins with what there is
}

// New returns a sandbox at its start. Its mailbox does not listen yet: call Mailbox().Listen if mail is to arrive.
// Close it when it is no longer needed.
func New(o Options) *Sandbox {
	o = o.withDefaults()
	s := &Sandbox{options: o, clock: clock.New(o.Now), effects: &effects.Log{}, faults: faults.New(), streams: newStreams(o.Seed)}
	s.calls = calls.New(s.clock.Now, keptCalls)
	s.faults.Now = s.clock.Now
	s.faults.OnStrike = func(r *http.Request, rule faults.Rule) { calls.Note(r.Context(), rule.Summary()) }
	s.faults.Seed(o.Seed)
	s.mailbox = mailbox.New(s.clock.Now)
	s.company = newCompany(o.NoticesSecret)
	s.webhooks = webhooks.New(webhooks.Config{Now: s.clock.Now, Random: s.streams.of("webhooks"), Options: o.Webhooks})
	s.sumsubWebhooks = sumsubwebhooks.New(sumsubwebhooks.Config{
		Now: s.clock.Now, Random: s.streams.of("sumsub webhooks"), Options: o.SumsubWebhooks,
	})
	s.passfort = passfort.New(passfort.Config{
		MasterKey:   o.MasterKey,
		RedirectURL: o.RedirectURL,
		FormURL:     o.FormURL,
		Account:     o.Account,
		Now:         s.clock.Now,
		Record:      s.effects.Add,
		Notify:      s.webhooks.Enqueue,
		Send:        s.mailbox.Send,
		Template:    o.emailTemplate,
		Random:      s.streams.of("passfort"),
		Options:     o.PassFort,
	})
	s.sumsub = sumsub.New(sumsub.Config{
		AppToken:  o.AppToken,
		SecretKey: o.SecretKey,
		Levels:    o.Levels,
		Now:       s.clock.Now,
		Callers:   o.Now, // the portal stays behind when the sandbox's clock is set forward
		Record:    s.effects.Add,
		Notify:    s.sumsubWebhooks.Enqueue,
		Random:    s.streams.of("sumsub"),
		Options:   o.Sumsub,
	})
	s.front = front.New(front.Options{
		FrameAncestors: func() []string { return s.passfort.Options().FrameAncestors },
		LinkParams:     func() [2]string { return [2]string(s.passfort.Options().LinkParams) },
		ThemeFile:      o.ThemeFile,
	})
	s.websdk = websdk.New(websdk.Options{
		Applicants:     s.sumsub,
		AllowedDomains: func() []string { return s.sumsub.Options().AllowedDomains },
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
	if o.NoticesSecret == "" {
		o.NoticesSecret = DefaultNoticesSecret
	}
	if o.AppToken == "" {
		o.AppToken = DefaultAppToken
	}
	if o.SecretKey == "" {
		o.SecretKey = DefaultSecretKey
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

// emailTemplate reads the custom template anew for every e-mail, so that an edit shows in the next one.
func (o Options) emailTemplate() (string, error) {
	if o.EmailTemplate == "" {
		return "", nil
	}
	content, err := os.ReadFile(o.EmailTemplate)
	if err != nil {
		return "", fmt.Errorf("reading the e-mail template: %w", err)
	}
	return string(content), nil
}

// Handler answers every address of the sandbox, whatever the host name.
func (s *Sandbox) Handler() http.Handler { return s.handler }

// Effects returns what really happened at the providers, in order.
func (s *Sandbox) Effects() []effects.Effect { return s.effects.All() }

// Faults are the rules by which calls go wrong. A rule added here without a path strikes the calls behind the framed
// forms, too.
func (s *Sandbox) Faults() *faults.Rules { return s.faults }

// Calls are the last hundred calls of the API and of the framed forms.
func (s *Sandbox) Calls() []calls.Call { return s.calls.All() }

// FailNext makes the next n calls of the API fail with this status, before they take effect.
func (s *Sandbox) FailNext(status, n int) error {
	_, err := s.order(faults.Rule{When: faults.Before, Kind: faults.Status, Status: status, Count: n})
	return err
}

// order puts a rule in force. One that names no path is for the API, not for the calls behind the framed forms.
func (s *Sandbox) order(rule faults.Rule) (faults.Rule, error) {
	if rule.Path == "" {
		rule.Path = apiPath
	}
	return s.faults.Add(rule)
}

// Now is the sandbox's time.
func (s *Sandbox) Now() time.Time { return s.clock.Now() }

// Advance sets the sandbox's clock forward. What becomes due in that time happens, each thing at its own time. It returns
// the new time.
func (s *Sandbox) Advance(d time.Duration) (time.Time, error) {
	s.changing.Lock()
	defer s.changing.Unlock()
	end, err := s.clock.After(d)
	if err != nil {
		return time.Time{}, err
	}
	for at, ok := s.nextDue(); ok && at.Before(end); at, ok = s.nextDue() {
		s.clock.AdvanceTo(at)
		s.catchUp()
	}
	s.clock.AdvanceTo(end)
	s.catchUp()
	s.webhooks.Wake()
	return s.clock.Now(), nil
}

// nextDue is when the next thing will happen by itself; false if nothing will.
func (s *Sandbox) nextDue() (next time.Time, ok bool) {
	for _, part := range []func() (time.Time, bool){s.passfort.NextDue, s.sumsub.NextDue, s.sumsubWebhooks.NextDue} {
		if at, due := part(); due && (!ok || at.Before(next)) {
			next, ok = at, true
		}
	}
	return next, ok
}

// catchUp lets everything happen that is due. What the providers do comes first, since webhooks may tell of it.
func (s *Sandbox) catchUp() {
	s.passfort.CatchUp()
	s.sumsub.Wake()
	s.sumsubWebhooks.CatchUp()
}

// Mailbox is everybody's e-mail.
func (s *Sandbox) Mailbox() *mailbox.Mailbox { return s.mailbox }

// PassFort is the provider, with what its staff can do.
func (s *Sandbox) PassFort() *passfort.Provider { return s.passfort }

// Webhooks is PassFort's queue of webhooks.
func (s *Sandbox) Webhooks() *webhooks.Queue { return s.webhooks }

// Sumsub is the second provider, with what its staff can do.
func (s *Sandbox) Sumsub() *sumsub.Provider { return s.sumsub }

// SumsubWebhooks are the deliveries of Sumsub's webhooks.
func (s *Sandbox) SumsubWebhooks() *sumsubwebhooks.Queue { return s.sumsubWebhooks }

// SetRequestState ends a customer request.
func (s *Sandbox) SetRequestState(requestID string, state passfort.State) error {
	return s.passfort.SetRequestState(requestID, state)
}

// Reset brings everything back to the start.
func (s *Sandbox) Reset() {
	s.faults.Reset()
	s.passfort.Reset()
	s.webhooks.Reset()
	s.sumsub.Reset()
	s.sumsubWebhooks.Reset()
	s.streams.reset()
	s.effects.Reset()
	s.calls.Reset()
	s.mailbox.Reset()
	s.company.reset()
	s.clock.Reset()
}

// Close ends the calls that faults hold up, stops webhooks and everything that would happen by itself, and the mailbox.
func (s *Sandbox) Close() error {
	s.faults.Close()
	s.passfort.Close()
	s.webhooks.Close()
	s.sumsub.Close()
	s.sumsubWebhooks.Close()
	return s.mailbox.Close()
}
