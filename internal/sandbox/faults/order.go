package faults

import (
	"math/rand/v2"
	"strings"
)

// order is a rule in force.
type order struct {
	Rule
	struck  int
	dice    *rand.Rand
	deleted chan struct{} // closed when the rule is deleted; ends the calls it holds up
}

// newOrder puts a rule in force. Each rule has dice of its own, so that no other rule's calls change its chances.
func newOrder(r Rule, seed uint64) *order {
	dice := rand.NewPCG(r.Seed, r.Seed)
	if r.Seed == 0 {
		dice.Seed(seed, uint64(r.ID))
	}
	return &order{Rule: r, dice: rand.New(dice), deleted: make(chan struct{})}
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
