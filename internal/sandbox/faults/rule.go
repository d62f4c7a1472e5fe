package faults

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"time"
)

// When says where in the life of a call a rule strikes.
type When string

// The moments at which a rule can strike.
const (
	Before When = "before" // the call has no effect
	After  When = "after"  // the effect takes place, only the answer is spoilt
	Later  When = "later"  // the answer is spoilt now, the effect takes place DelayMS later
)

// Kind says what happens to the answer.
type Kind string

// The ways an answer can be spoilt.
const (
	Status  Kind = "status"  // an error status with an error body
	Reset   Kind = "reset"   // the connection is reset
	Hang    Kind = "hang"    // no answer at all, until the client goes away
	Slow    Kind = "slow"    // the true answer, DelayMS later
	Garbage Kind = "garbage" // status 200 with a body that is no JSON
)

// Rule is one order for trouble. Zero values mean: any method, any path, before, every call.
type Rule struct {
	Method      string  `json:"method,omitempty"`
	Path        string  `json:"path,omitempty"` // a prefix
	When        When    `json:"when"`
	Kind        Kind    `json:"kind"`
	Status      int     `json:"status,omitempty"`      // for Kind Status, 503 unless given
	DelayMS     int     `json:"delay_ms,omitempty"`    // for Slow and Later
	Count       int     `json:"count,omitempty"`       // how many calls it strikes; 0 is all of them
	Probability float64 `json:"probability,omitempty"` // of striking a matching call; 0 is always
	Seed        uint64  `json:"seed,omitempty"`        // makes the same calls meet the same fate again
}

// Report is a rule and how often it has struck.
type Report struct {
	Rule
	Struck int `json:"struck"`
}

// withDefaults fills in what the caller left out.
func (r Rule) withDefaults() Rule {
	if r.When == "" {
		r.When = Before
	}
	if r.Kind == Status && r.Status == 0 {
		r.Status = http.StatusServiceUnavailable
	}
	return r
}

// check says everything that is wrong with the rule.
func (r Rule) check() error {
	var errs []error
	if !slices.Contains([]When{Before, After, Later}, r.When) {
		errs = append(errs, fmt.Errorf("when is %q, but must be before, after or later", r.When))
	}
	if !slices.Contains([]Kind{Status, Reset, Hang, Slow, Garbage}, r.Kind) {
		errs = append(errs, fmt.Errorf("kind is %q, but must be status, reset, hang, slow or garbage", r.Kind))
	}
	if r.Kind == Status && (r.Status < 200 || r.Status > 599) {
		errs = append(errs, fmt.Errorf("status is %d, but must be between 200 and 599", r.Status))
	}
	if r.When == Later && r.Kind == Slow {
		errs = append(errs, errors.New("slow gives the true answer, so it cannot be combined with later"))
	}
	if r.DelayMS < 0 || r.Count < 0 {
		errs = append(errs, errors.New("delay_ms and count must not be negative"))
	}
	if r.Probability < 0 || r.Probability > 1 {
		errs = append(errs, errors.New("probability must be between 0 and 1"))
	}
	return errors.Join(errs...)
}

// delay is DelayMS as a duration.
func (r Rule) delay() time.Duration { return time.Duration(r.DelayMS) * time.Millisecond }

// order is a rule in force.
type order struct {
	Rule
	struck  int
	dice    *rand.Rand
	deleted chan struct{} // closed when the rule is deleted; ends its hanging calls
}

func newOrder(r Rule) *order {
	return &order{Rule: r, dice: rand.New(rand.NewPCG(r.Seed, r.Seed)), deleted: make(chan struct{})}
}

// strikes says whether this call is hit, and counts it if so.
func (o *order) strikes(method, path string) bool {
	if o.Count > 0 && o.struck >= o.Count {
		return false
	}
	if o.Method != "" && !strings.EqualFold(o.Method, method) || !strings.HasPrefix(path, o.Path) {
		return false
	}
	if o.Probability > 0 && o.dice.Float64() >= o.Probability {
		return false
	}
	o.struck++
	return true
}
