package torture

import (
	"context"
	"math/rand/v2"
	"net/http"
	"time"

	"portal/internal/sandbox/faults"
	"portal/internal/sandbox/passfort/webhooks"
)

// mostLate is the latest that a spoilt call may take effect: well within PASSFORT_SETTLE.
const mostLate = 500 * time.Millisecond

// troubleProvider spoils calls and webhooks until ctx ends.
func (r *ordeal) troubleProvider(ctx context.Context) {
	dice := r.dice(diceOfProvider)
	for linger(ctx, between(dice, 20*time.Millisecond, 300*time.Millisecond)) {
		if dice.IntN(2) == 0 {
			r.disturb(ctx, dice)
		} else {
			r.spoil(ctx, dice)
		}
	}
	r.sandbox.Faults().Clear()
}

// spoil orders a fault. Nobody is left hanging for long: a call that hangs has a minute by rights.
func (r *ordeal) spoil(ctx context.Context, dice *rand.Rand) {
	rule, err := r.sandbox.Faults().Add(newFault(dice))
	if err != nil {
		r.violated("the sandbox does not take a fault: %v", err)
		return
	}
	r.tell("provider", "%s %s: %s, %d times", rule.Method, rule.Path, rule.Summary(), rule.Count)
	if rule.Kind == faults.Hang {
		linger(ctx, between(dice, 200*time.Millisecond, 800*time.Millisecond))
		_ = r.sandbox.Faults().Delete(rule.ID) // it is there
	}
}

// faultPlaces are where calls are spoilt, those that create something above all.
var faultPlaces = []faults.Rule{
	{Method: http.MethodPost, Path: "/4.0/profiles"},
	{Method: http.MethodPost, Path: "/4.0/profiles"},
	{Method: http.MethodPost, Path: "/4.0/forms/profile"},
	{Method: http.MethodPost, Path: "/4.0/forms/profile"},
	{Method: http.MethodGet, Path: "/4.0/profiles"},
	{Method: http.MethodGet, Path: "/4.0/forms/profile"},
}

// newFault is a random one.
func newFault(dice *rand.Rand) faults.Rule {
	rule := faultPlaces[dice.IntN(len(faultPlaces))]
	rule.When = []faults.When{faults.Before, faults.After, faults.After, faults.Later}[dice.IntN(4)]
	rule.Kind = []faults.Kind{faults.Status, faults.Status, faults.Reset, faults.Hang, faults.Slow, faults.Garbage}[dice.IntN(6)]
	rule.Count = 1 + dice.IntN(2)
	switch {
	case dice.IntN(12) == 0: // a storm
		return faults.Rule{Path: "/4.0", When: faults.Before, Kind: faults.Status, Status: http.StatusTooManyRequests, RetryAfterS: 1, Count: 4 + dice.IntN(8)}
	case rule.Kind == faults.Slow:
		rule.When, rule.DelayMS = faults.After, int(between(dice, 50*time.Millisecond, 800*time.Millisecond).Milliseconds())
	case rule.When == faults.Later:
		rule.DelayMS = int(between(dice, 20*time.Millisecond, mostLate).Milliseconds())
	}
	switch rule.Kind {
	case faults.Status:
		rule.Status = []int{http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout}[dice.IntN(4)]
	case faults.Garbage:
		rule.Garbage = []faults.Shape{faults.Malformed, faults.Truncated, faults.HTML, faults.WrongType, faults.Empty, faults.Binary}[dice.IntN(6)]
	}
	return rule
}

// disturb makes trouble in the line of webhooks.
func (r *ordeal) disturb(ctx context.Context, dice *rand.Rand) {
	t := newDisturbance(dice)
	out, err := r.sandbox.Webhooks().Disturb(ctx, t)
	if err != nil {
		return // there is nothing to disturb yet
	}
	r.tell("provider", "webhooks: %s", t.Mode)
	if t.Mode != webhooks.BadSecret {
		return
	}
	r.forged = append(r.forged, out.IDs...)
	if out.Receiver != nil && out.Receiver.Status == http.StatusOK {
		r.violated("a forged webhook was acknowledged")
	}
}

// newDisturbance is a random one.
func newDisturbance(dice *rand.Rand) webhooks.Trouble {
	switch dice.IntN(6) {
	case 0:
		return webhooks.Trouble{Mode: webhooks.Duplicate, Count: 1 + dice.IntN(2)}
	case 1:
		return webhooks.Trouble{Mode: webhooks.Shuffle, Count: 2 + dice.IntN(3), WithinMS: 500, Seed: 1 + dice.Uint64N(1000)}
	case 2:
		return webhooks.Trouble{Mode: webhooks.Late, DelayMS: 100 + dice.IntN(800)}
	case 3:
		return webhooks.Trouble{Mode: webhooks.Unknown}
	case 4:
		return webhooks.Trouble{Mode: webhooks.BadSecret, Place: []webhooks.Place{webhooks.InBody, webhooks.InHeader, webhooks.InBoth}[dice.IntN(3)]}
	default:
		return webhooks.Trouble{Mode: webhooks.Batch, Count: 2 + dice.IntN(4), WithinMS: 500}
	}
}
