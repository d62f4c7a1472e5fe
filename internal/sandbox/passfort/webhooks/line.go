package webhooks

import "slices"

// What travels in one request at most. PassFort's documentation gives the number of messages; the bytes keep the
// memory bounded, and a message that is larger than that alone travels alone.
const (
	maxBatch   = 100
	maxRequest = 4 << 20
)

// pen holds messages back from the line until its moment comes, or until it has all it wants.
type pen struct {
	order    *order
	messages []*message
	until    moment
}

// take lets a message in: into the line, or where the first trouble that still wants messages keeps it.
func (q *Queue) take(m *message) {
	q.release()
	if len(q.orders) > 0 {
		q.hold(q.orders[0], m)
	} else {
		q.line(m)
	}
	q.changed()
}

// line appends messages to those that wait. The first ones of a batch wait for others to come.
func (q *Queue) line(messages ...*message) {
	if len(q.waiting) == 0 {
		q.notBefore = moment{}
		if q.options.batches() {
			q.notBefore = q.in(q.options.period())
		}
	}
	q.waiting = append(q.waiting, messages...)
}

// release lets the messages into the line whose moment has come, in the order of those moments.
func (q *Queue) release() {
	var due []*pen
	for _, p := range q.pens {
		if q.left(p.until) <= 0 {
			due = append(due, p)
		}
	}
	slices.SortStableFunc(due, func(a, b *pen) int { return a.until.real.Compare(b.until.real) })
	for _, p := range due {
		q.open(p)
	}
}

// load is how many of the waiting messages the next request carries.
func (q *Queue) load() int {
	first := q.waiting[0]
	if first.batch == 0 && !q.options.batches() {
		return 1
	}
	count, size := 0, 0
	for _, m := range q.waiting[:min(len(q.waiting), maxBatch)] {
		size += len(m.Data)
		if m.batch != first.batch || count > 0 && size > maxRequest {
			break
		}
		count++
	}
	return count
}

// count is how many messages wait, in line or held back.
func (q *Queue) count() int {
	n := len(q.waiting)
	for _, p := range q.pens {
		n += len(p.messages)
	}
	return n
}

// drop forgets everything that waits and every trouble that was ordered.
func (q *Queue) drop() {
	q.abandon()
	q.waiting, q.pens, q.orders = nil, nil, nil
	q.notBefore, q.rush = moment{}, false
}

// changed follows every change of what waits: it starts the goroutine or wakes it, and tells those who Wait.
func (q *Queue) changed() {
	if q.closed {
		return
	}
	switch count := q.count(); {
	case count == 0 && q.idle != nil:
		close(q.idle)
		q.idle = nil
	case count > 0 && q.idle == nil:
		q.idle = make(chan struct{})
	}
	if q.idle != nil && !q.working {
		q.working = true
		q.work.Go(q.run)
	}
	select {
	case q.wake <- struct{}{}:
	default: // it has been told already
	}
}
