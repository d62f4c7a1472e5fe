package webhooks

import (
	"maps"
	"math/rand/v2"
	"slices"
	"time"
)

// order is a trouble that wants webhooks still to come.
type order struct {
	Trouble
	taken int
	pen   *pen // where a shuffle gathers them
}

// pen holds webhooks back until a shuffle has all it wants, or has waited long enough.
type pen struct {
	order *order
	until time.Time
}

// take lets a new delivery in, as the first trouble that still wants webhooks would have it. The lock is held.
func (q *Queue) take(d *delivery) {
	q.waiting = append(q.waiting, d)
	if len(q.orders) > 0 {
		q.spoil(q.orders[0], d)
	}
	q.changed()
}

// spoil does to a delivery what a trouble wants. The lock is held.
func (q *Queue) spoil(o *order, d *delivery) {
	switch o.Mode {
	case Late:
		d.due, d.heldBy = d.due.Add(o.holds()), Late
	case MissingField:
		d.Body = without(d.Body, o.Fields)
	case Shuffle:
		if o.pen == nil {
			o.pen = &pen{order: o, until: d.due.Add(o.holds())}
		}
		d.pen, d.heldBy = o.pen, Shuffle
	}
	o.taken++
	if o.taken < o.Count {
		return
	}
	q.fulfilled(o)
	if o.pen != nil {
		q.open(o.pen)
	}
}

// without is a body that lacks some members.
func without(body string, fields []string) string {
	payload, err := decode([]byte(body))
	if err != nil {
		panic("reading what was just written: " + err.Error())
	}
	maps.DeleteFunc(payload, func(name string, _ any) bool { return slices.Contains(fields, name) })
	return pretty(payload)
}

// release opens the pens that have waited long enough; their troubles are over, even if they wanted more.
func (q *Queue) release(now time.Time) {
	for _, d := range slices.Clone(q.waiting) {
		if d.pen != nil && !d.pen.until.After(now) {
			q.fulfilled(d.pen.order)
			q.open(d.pen)
		}
	}
}

// open lets the deliveries of a pen go, each when the first attempt of the one before it is over: only so is the order
// that was shuffled the order of their arrival.
func (q *Queue) open(p *pen) {
	var held []*delivery
	for _, d := range q.waiting {
		if d.pen == p {
			held = append(held, d)
		}
	}
	shuffle(held, p.order.Seed)
	for i, d := range held {
		d.pen, d.due = nil, q.config.Now()
		if i > 0 {
			d.behind = held[i-1]
		}
	}
}

// fulfilled ends an order.
func (q *Queue) fulfilled(o *order) {
	q.orders = slices.DeleteFunc(q.orders, func(other *order) bool { return other == o })
}

// shuffle brings deliveries into another order than they had: a shuffle that changes nothing would be no trouble.
func shuffle(held []*delivery, seed uint64) {
	if len(held) < 2 {
		return
	}
	dice := rand.New(rand.NewPCG(seed, seed))
	before := slices.Clone(held)
	for slices.Equal(before, held) {
		dice.Shuffle(len(held), func(i, j int) { held[i], held[j] = held[j], held[i] })
	}
}
