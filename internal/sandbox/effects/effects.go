// Package effects keeps the log of what really happened at the providers, in order. An answer may be lost on its way;
// this log is where a test sees whether the call took effect all the same.
package effects

import (
	"sync"
	"time"
)

// The kinds of effects a provider records.
const (
	ProfileCreate           = "profile.create"
	CollectedDataUpdate     = "collected_data.update"
	DocumentAdd             = "document.add"
	CustomerRequestCreate   = "customer_request.create"
	CustomerRequestEmail    = "customer_request.email"
	CustomerRequestComplete = "customer_request.complete"
	CustomerRequestExpire   = "customer_request.expire"
	CustomerRequestRemind   = "customer_request.remind"
	ApplicationCreate       = "application.create"
	CheckCreate             = "check.create"
	ApplicantCreate         = "applicant.create"
	ApplicantUpdate         = "applicant.update"
	ApplicantReset          = "applicant.reset"
	DocumentRemove          = "document.remove"
	CheckRequest            = "check.request"
	Verdict                 = "verdict"
	AccessTokenCreate       = "access_token.create"
)

// Effect is one thing that happened at a provider.
type Effect struct {
	Seq         int       `json:"seq"`
	At          time.Time `json:"at"`
	Provider    string    `json:"provider"`
	Kind        string    `json:"kind"`
	ID          string    `json:"id"`
	ProfileID   string    `json:"profile_id"`
	CustomerRef string    `json:"customer_ref"`
}

// Log is an append-only list of effects. It is safe for concurrent use.
type Log struct {
	mu      sync.Mutex
	effects []Effect
}

// Add numbers the effect and appends it.
func (l *Log) Add(e Effect) {
	l.mu.Lock()
	defer l.mu.Unlock()
	e.Seq = len(l.effects) + 1
	l.effects = append(l.effects, e)
}

// All returns a copy of every effect, oldest first.
func (l *Log) All() []Effect {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]Effect{}, l.effects...)
}

// Load puts saved effects in the place of the present ones.
func (l *Log) Load(saved []Effect) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.effects = append([]Effect{}, saved...)
}

// Reset forgets every effect; numbering starts again at one.
func (l *Log) Reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.effects = nil
}
