// Package doctor looks at what a portal needs of the world around it: Postgres, DNS, the public URL, clocks. It changes nothing.
//
// A [Check] has a name and says in [Finding]s what it has found and what to do; [Run] makes many of them at once, each with a
// deadline of its own. Which checks there are, and of what settings, is said in cmd/portal.
package doctor

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// State is how well something is.
type State string

// The states, the worst last.
const (
	Fine    State = "ok"
	Doubt   State = "warning"
	Trouble State = "problem"
)

// Finding is what was found, in a sentence, and what to do about it, which is empty where all is well.
type Finding struct {
	State State  `json:"state"`
	What  string `json:"what"`
	Fix   string `json:"fix,omitempty"`
}

// OK is a finding that all is well.
func OK(format string, args ...any) Finding {
	return Finding{State: Fine, What: fmt.Sprintf(format, args...)}
}

// Warning is a finding of what works and should not stay so.
func Warning(fix, format string, args ...any) Finding {
	return Finding{Doubt, fmt.Sprintf(format, args...), fix}
}

// Problem is a finding of what does not work.
func Problem(fix, format string, args ...any) Finding {
	return Finding{Trouble, fmt.Sprintf(format, args...), fix}
}

// Check is a look at one thing.
type Check struct {
	Name string
	Look func(ctx context.Context) []Finding
}

// Result is what came of a check.
type Result struct {
	Name     string    `json:"name"`
	State    State     `json:"state"`
	Findings []Finding `json:"findings"`
}

// grace is what a check has after its deadline to say what it was waiting for.
const grace = 500 * time.Millisecond

// Run makes all checks at once and returns their results in the same order. A check that does not mind its deadline is not
// waited for.
func Run(ctx context.Context, checks []Check, within time.Duration) []Result {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	late, stop := context.WithTimeout(context.WithoutCancel(ctx), within+grace)
	defer stop()
	answers := make([]chan []Finding, len(checks))
	for i, c := range checks {
		answers[i] = make(chan []Finding, 1)
		go func() { answers[i] <- c.Look(ctx) }()
	}
	results := make([]Result, len(checks))
	for i, c := range checks {
		results[i] = Result{Name: c.Name, Findings: awaited(late, answers[i], within)}
		results[i].State = worst(results[i].Findings)
	}
	return results
}

func awaited(late context.Context, answer <-chan []Finding, within time.Duration) []Finding {
	select {
	case findings := <-answer:
		return findings
	case <-late.Done():
	}
	select {
	case findings := <-answer: // both were there
		return findings
	default:
		return []Finding{Problem("see why what is asked does not answer, or give it longer with --timeout", "no answer within %s", within)}
	}
}

// order is that of the states.
var order = []State{Fine, Doubt, Trouble}

func worst(findings []Finding) State {
	state := Fine
	for _, f := range findings {
		if slices.Index(order, f.State) > slices.Index(order, state) {
			state = f.State
		}
	}
	return state
}

// Worst is the state of all results together.
func Worst(results []Result) State {
	var all []Finding
	for _, r := range results {
		all = append(all, r.Findings...)
	}
	return worst(all)
}
