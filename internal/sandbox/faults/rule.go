package faults

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"
)

// maxSpan bounds delay_ms and retry_after_s; a day is longer than any client waits.
const maxSpan = 24 * time.Hour

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
	Garbage Kind = "garbage" // status 200 with a body of the rule's Garbage
)

// Rule is one order for trouble. Zero values mean: any method, any path, before, every call.
type Rule struct {
	ID          int     `json:"id,omitempty"` // given by Add, whatever was there
	Method      string  `json:"method,omitempty"`
	Path        string  `json:"path,omitempty"` // a prefix
	When        When    `json:"when"`
	Kind        Kind    `json:"kind"`
	Status      int     `json:"status,omitempty"`        // for Kind Status, 503 unless given
	RetryAfterS int     `json:"retry_after_s,omitempty"` // for Status 429, 1 unless given
	Garbage     Shape   `json:"garbage,omitempty"`       // for Kind Garbage, Malformed unless given
	DelayMS     int     `json:"delay_ms,omitempty"`      // for Slow and Later, 1000 unless given
	Count       int     `json:"count,omitempty"`         // how many calls it strikes; 0 is all of them
	Probability float64 `json:"probability,omitempty"`   // of striking a matching call; 0 is always
	Seed        uint64  `json:"seed,omitempty"`          // of these chances; 0 takes them from the seed of all rules
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
	if r.DelayMS == 0 && (r.Kind == Slow || r.When == Later) {
		r.DelayMS = 1000
	}
	if r.limits() && r.RetryAfterS == 0 {
		r.RetryAfterS = 1
	}
	if r.Kind == Garbage && r.Garbage == "" {
		r.Garbage = Malformed
	}
	return r
}

// check says everything that is wrong with the rule.
func (r Rule) check() error {
	errs := []error{r.checkAnswer()}
	if !slices.Contains([]When{Before, After, Later}, r.When) {
		errs = append(errs, fmt.Errorf("when is %q, but must be before, after or later", r.When))
	}
	if r.When == Later && r.Kind == Slow {
		errs = append(errs, errors.New("slow gives the true answer, so it cannot be combined with later"))
	}
	if r.DelayMS < 0 || int64(r.DelayMS) > maxSpan.Milliseconds() {
		errs = append(errs, fmt.Errorf("delay_ms must be between 0 and %d, which is a day", maxSpan.Milliseconds()))
	}
	if r.Count < 0 {
		errs = append(errs, errors.New("count must not be negative"))
	}
	if r.Probability < 0 || r.Probability > 1 {
		errs = append(errs, errors.New("probability must be between 0 and 1"))
	}
	return errors.Join(errs...)
}

// checkAnswer says what is wrong with the members that describe the answer.
func (r Rule) checkAnswer() error {
	var errs []error
	if !slices.Contains([]Kind{Status, Reset, Hang, Slow, Garbage}, r.Kind) {
		errs = append(errs, fmt.Errorf("kind is %q, but must be status, reset, hang, slow or garbage", r.Kind))
	}
	if r.Kind == Status && (r.Status < 200 || r.Status > 599) {
		errs = append(errs, fmt.Errorf("status is %d, but must be between 200 and 599", r.Status))
	}
	if r.RetryAfterS != 0 && !r.limits() {
		errs = append(errs, errors.New("retry_after_s only goes with kind status and status 429"))
	}
	if r.RetryAfterS < 0 || float64(r.RetryAfterS) > maxSpan.Seconds() {
		errs = append(errs, fmt.Errorf("retry_after_s must be between 0 and %.0f, which is a day", maxSpan.Seconds()))
	}
	if r.Garbage != "" && r.Kind != Garbage {
		errs = append(errs, errors.New("garbage only goes with kind garbage"))
	}
	if r.Kind == Garbage && !slices.Contains(shapes, r.Garbage) {
		errs = append(errs, fmt.Errorf("garbage is %q, but must be malformed, truncated, html, wrong_type, empty or binary", r.Garbage))
	}
	return errors.Join(errs...)
}

// check says what is wrong with a saved report that follows one with the id lastID.
func (r Report) check(lastID int) error {
	errs := []error{r.Rule.check()}
	if r.ID <= lastID || r.ID > maxID {
		errs = append(errs, fmt.Errorf("ids must ascend from 1 to at most %d", maxID))
	}
	if r.Struck < 0 {
		errs = append(errs, errors.New("struck must not be negative"))
	}
	return errors.Join(errs...)
}

// limits says whether the answer is that of a rate limit.
func (r Rule) limits() bool { return r.Kind == Status && r.Status == http.StatusTooManyRequests }

// delay is DelayMS as a duration.
func (r Rule) delay() time.Duration { return time.Duration(r.DelayMS) * time.Millisecond }

// Summary says in a few words what the rule does to a call.
func (r Rule) Summary() string {
	what := string(r.Kind)
	switch r.Kind {
	case Status:
		what = fmt.Sprintf("status %d", r.Status)
	case Garbage:
		what = fmt.Sprintf("garbage (%s)", r.Garbage)
	case Slow:
		what = fmt.Sprintf("slow by %v", r.delay())
	}
	if r.When == Later {
		return fmt.Sprintf("rule %d: %s, the effect %v later", r.ID, what, r.delay())
	}
	return fmt.Sprintf("rule %d: %s %s the effect", r.ID, what, r.When)
}
