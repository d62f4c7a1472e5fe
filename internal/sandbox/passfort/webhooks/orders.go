package webhooks

import (
	"math/rand/v2"
	"slices"
)

// order is a trouble that wants messages still to come.
type order struct {
	Trouble
	taken int
	pen   *pen // where it gathers them, or where a late order put the last one
}

// hold keeps a message out of the line, as the trouble wants it.
func (q *Queue) hold(o *order, m *message) {
	if o.pen == nil || o.Mode == Late {
		o.pen = &pen{order: o, until: q.in(o.holds())}
		q.pens = append(q.pens, o.pen)
	}
	o.pen.messages = append(o.pen.messages, m)
	o.taken++
	if o.taken < o.Count {
		return
	}
	q.fulfilled(o)
	if o.Mode != Late {
		q.open(o.pen)
	}
}

// open lets the messages of a pen into the line. A trouble that has gathered some is then over, even if it wanted more.
func (q *Queue) open(p *pen) {
	q.pens = slices.DeleteFunc(q.pens, func(other *pen) bool { return other == p })
	switch p.order.Mode {
	case Shuffle:
		q.fulfilled(p.order)
		shuffle(p.messages, p.order.Seed)
	case Batch:
		q.fulfilled(p.order)
		q.batches++
		for _, m := range p.messages {
			m.batch = q.batches
		}
	}
	q.line(p.messages...)
}

// fulfilled ends an order.
func (q *Queue) fulfilled(o *order) {
	q.orders = slices.DeleteFunc(q.orders, func(other *order) bool { return other == o })
}

// shuffle brings messages into another order than they had: a shuffle that changes nothing would be no trouble.
func shuffle(messages []*message, seed uint64) {
	if len(messages) < 2 {
		return
	}
	dice := rand.New(rand.NewPCG(seed, seed))
	before := slices.Clone(messages)
	for slices.Equal(before, messages) {
		dice.Shuffle(len(messages), func(i, j int) { messages[i], messages[j] = messages[j], messages[i] })
	}
}
