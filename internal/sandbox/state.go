package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"portal/internal/sandbox/clock"
	"portal/internal/sandbox/effects"
	"portal/internal/sandbox/faults"
	"portal/internal/sandbox/mailbox"
	"portal/internal/sandbox/passfort"
	"portal/internal/sandbox/passfort/webhooks"
	"portal/internal/sandbox/sumsub"
	sumsubwebhooks "portal/internal/sandbox/sumsub/webhooks"
)

// stateVersion is the format of State. Another one is refused rather than half understood.
const stateVersion = 1

// State is everything the sandbox remembers, but for the last calls, the company's notices and the options, of webhooks
// too: those are what the sandbox was started with.
type State struct {
	Version        int                     `json:"version"`
	Ahead          time.Duration           `json:"clock_ahead"`         // of the real time, in nanoseconds
	Positions      map[string][]byte       `json:"positions,omitempty"` // of the random numbers, if they have a seed
	PassFort       json.RawMessage         `json:"passfort"`
	Webhooks       webhooks.Snapshot       `json:"webhooks"`
	Sumsub         json.RawMessage         `json:"sumsub"`
	SumsubWebhooks sumsubwebhooks.Snapshot `json:"sumsub_webhooks"`
	Mail           []mailbox.Message       `json:"mail"` // newest first
	Effects        []effects.Effect        `json:"effects"`
	Faults         []faults.Report         `json:"faults"`
}

// Save returns the present state, for Load.
func (s *Sandbox) Save() (State, error) {
	account, err := s.passfort.Save()
	if err != nil {
		return State{}, err
	}
	applicants, err := s.sumsub.Save()
	if err != nil {
		return State{}, err
	}
	positions, err := s.streams.save()
	return State{
		Version:        stateVersion,
		Ahead:          s.clock.Ahead(),
		Positions:      positions,
		PassFort:       account,
		Webhooks:       s.webhooks.Save(),
		Sumsub:         applicants,
		SumsubWebhooks: s.sumsubWebhooks.Save(),
		Mail:           s.mailbox.Messages(""),
		Effects:        s.effects.All(),
		Faults:         s.faults.All(),
	}, err
}

// Load puts a saved state in the place of the present one. A state that cannot be used changes nothing.
//
// The providers' accounts come last: what has become due since it was saved happens at once, and must find the mailbox, the
// effects and the webhooks that it belongs to. Nothing is left of the present accounts by then that could disturb them.
func (s *Sandbox) Load(state State) error {
	if err := s.rehearse(state); err != nil {
		return err
	}
	options := s.passfort.Options()
	s.passfort.Reset()
	if err := s.passfort.SetOptions(options); err != nil {
		return err
	}
	sumsubOptions := s.sumsub.Options()
	s.sumsub.Reset()
	if err := s.sumsub.SetOptions(sumsubOptions); err != nil {
		return err
	}
	if err := s.clock.SetAhead(state.Ahead); err != nil {
		return err
	}
	s.mailbox.Load(state.Mail)
	s.effects.Load(state.Effects)
	return errors.Join(
		s.streams.load(state.Positions),
		s.faults.Load(state.Faults),
		s.webhooks.Load(state.Webhooks),
		s.sumsubWebhooks.Load(state.SumsubWebhooks),
		s.passfort.Load(state.PassFort),
		s.sumsub.Load(state.Sumsub),
	)
}

// rehearse loads a state into parts that nobody uses, to find out whether it can be.
func (s *Sandbox) rehearse(state State) error {
	if state.Version != stateVersion {
		return fmt.Errorf("the state has version %d, but this sandbox knows version %d", state.Version, stateVersion)
	}
	then := clock.New(s.options.Now)
	if err := then.SetAhead(state.Ahead); err != nil {
		return err
	}
	account := passfort.New(passfort.Config{
		Account: s.options.Account,
		Now:     then.Now,
		Record:  func(effects.Effect) {},
		Send:    func(_, _, _ string) error { return nil },
	})
	defer account.Close()
	applicants := sumsub.New(sumsub.Config{Levels: s.options.Levels, Now: then.Now, Record: func(effects.Effect) {}})
	defer applicants.Close()
	queue := webhooks.New(webhooks.Config{Now: then.Now}) // off, so it delivers nothing
	defer queue.Close()
	deliveries := sumsubwebhooks.New(sumsubwebhooks.Config{Now: then.Now}) // off, too
	defer deliveries.Close()
	return errors.Join(
		newStreams(0).load(state.Positions),
		faults.New().Load(state.Faults),
		queue.Load(state.Webhooks),
		deliveries.Load(state.SumsubWebhooks),
		account.Load(state.PassFort),
		applicants.Load(state.Sumsub),
	)
}
