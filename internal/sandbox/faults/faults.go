// Package faults makes trouble on demand: it wraps a provider's handler and spoils the calls that its rules name.
//
// A rule strikes before the call, after it, or spoils the answer at once and lets the effect happen later. That is how a
// test orders the hard cases: an effect without an answer, or an effect that comes after its answer.
//
// New makes the rules, Middleware puts them around a handler, and Add, Delete and Clear may follow at any time, while
// calls are under way. Everything that is left to chance comes from the number given to Seed, so that a run can be had
// again.
package faults

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"
)

// maxID keeps the ids of loaded rules so small that there is always a next one.
const maxID = 1 << 30

// ErrNotFound says that no rule in force has this id.
var ErrNotFound = errors.New("no such rule")

// Rules are the orders in force. They are safe for concurrent use.
type Rules struct {
	// OnStrike, unless nil, hears of every call that is struck, before the trouble begins. Set it before serving.
	OnStrike func(r *http.Request, rule Rule)
	// Now, unless nil, is the time that error answers speak of; else it is the real one. Set it before serving.
	Now func() time.Time

	mu     sync.Mutex
	seed   uint64
	lastID int
	orders []*order
	later  map[*time.Timer]struct{} // effects still to come
	work   sync.WaitGroup           // late effects under way
	closed bool
}

// New returns rules that strike nothing yet.
func New() *Rules {
	return &Rules{later: map[*time.Timer]struct{}{}}
}

// Seed decides the chances of the rules added from now on that have no seed of their own. The same seed and the same
// rules in the same order strike the same calls. Without Seed it is zero.
func (f *Rules) Seed(n uint64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.seed = n
}

// Add puts a rule in force behind the others; the first that matches a call and has count left strikes it. The rule is
// returned as it is in force, with its defaults and the id that it was given.
func (f *Rules) Add(r Rule) (Rule, error) {
	r = r.withDefaults()
	if err := r.check(); err != nil {
		return Rule{}, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.lastID++
	r.ID = f.lastID
	f.orders = append(f.orders, newOrder(r, f.seed))
	return r, nil
}

// All reports every rule in force and how often it has struck.
func (f *Rules) All() []Report {
	f.mu.Lock()
	defer f.mu.Unlock()
	reports := make([]Report, 0, len(f.orders))
	for _, o := range f.orders {
		reports = append(reports, Report{Rule: o.Rule, Struck: o.struck})
	}
	return reports
}

// Load puts what All once reported in force instead of the present rules: with the same ids, and with the calls they
// have already struck taken off their counts. Their chances begin again from their seeds. If one report cannot be used,
// nothing changes.
func (f *Rules) Load(reports []Report) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	lastID := 0
	orders := make([]*order, 0, len(reports))
	for _, saved := range reports {
		saved.Rule = saved.withDefaults()
		if err := saved.check(lastID); err != nil {
			return fmt.Errorf("rule %d: %w", saved.ID, err)
		}
		o := newOrder(saved.Rule, f.seed)
		o.struck = saved.Struck
		orders = append(orders, o)
		lastID = saved.ID
	}
	f.clear()
	f.orders, f.lastID = orders, lastID
	return nil
}

// Delete takes one rule out of force and so ends the calls it holds up.
func (f *Rules) Delete(id int) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	i, ok := slices.BinarySearchFunc(f.orders, id, func(o *order, id int) int { return cmp.Compare(o.ID, id) })
	if !ok {
		return fmt.Errorf("rule %d: %w", id, ErrNotFound)
	}
	close(f.orders[i].deleted)
	f.orders = slices.Delete(f.orders, i, i+1)
	return nil
}

// Clear deletes every rule and so ends the calls they hold up. Effects already under way still take place.
func (f *Rules) Clear() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.clear()
}

func (f *Rules) clear() {
	for _, o := range f.orders {
		close(o.deleted)
	}
	f.orders = nil
}

// Reset deletes every rule and forgets the effects still to come. Ids and chances start again, the latter from Seed.
func (f *Rules) Reset() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.reset()
}

func (f *Rules) reset() {
	f.clear()
	f.lastID = 0
	for timer := range f.later {
		timer.Stop()
	}
	clear(f.later)
}

// Close is Reset for good: nothing strikes any more, so that a server can stop. It waits for late effects under way.
func (f *Rules) Close() {
	f.mu.Lock()
	f.reset()
	f.closed = true
	f.mu.Unlock()
	f.work.Wait()
}
