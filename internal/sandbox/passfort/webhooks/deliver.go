package webhooks

import (
	"context"
	"slices"
	"time"
)

// flight is a request on its way.
type flight struct {
	carried   []*message
	messages  []Message
	options   Options
	shape     Shape
	ctx       context.Context
	cancel    context.CancelFunc
	abandoned bool // its answer is of no interest any more
}

// run delivers while something waits. There is one such goroutine at most, so there is one request at a time.
func (q *Queue) run() {
	for {
		f, pause, more := q.next()
		switch {
		case !more:
			return
		case f == nil:
			q.sleep(pause)
		default:
			q.settle(f, q.send(f))
		}
	}
}

// next is what the goroutine has to do: deliver, pause, or end because there is no more.
func (q *Queue) next() (f *flight, pause time.Duration, more bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.release()
	if q.closed || q.count() == 0 {
		q.working = false
		return nil, 0, false
	}
	var pauses []time.Duration
	for _, p := range q.pens {
		pauses = append(pauses, q.left(p.until))
	}
	if len(q.waiting) > 0 {
		if pause = q.pause(); pause <= 0 {
			return q.depart(), 0, true
		}
		pauses = append(pauses, pause)
	}
	return nil, slices.Min(pauses), true
}

// depart puts the head of the line on its way.
func (q *Queue) depart() *flight {
	f := &flight{carried: slices.Clone(q.waiting[:q.load()]), options: q.options}
	for _, m := range f.carried {
		f.messages = append(f.messages, m.Message)
	}
	f.shape = q.options.shape(f.carried[0].batch > 0)
	f.ctx, f.cancel = context.WithCancel(q.ctx)
	q.flight = f
	q.rush = false
	return f
}

// send delivers what a flight carries.
func (q *Queue) send(f *flight) Answer {
	defer f.cancel()
	body, err := encode(f.messages, f.options.Secret, f.shape)
	if err != nil {
		return Answer{Error: err.Error()}
	}
	return q.post(f.ctx, f.options, f.options.Secret, body)
}

// settle takes what was accepted out of the line, or sees to it that it is tried again.
func (q *Queue) settle(f *flight, a Answer) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if f.abandoned {
		return
	}
	q.flight = nil
	for _, m := range f.carried {
		m.attempts++
	}
	if f.options.accepts(a.Status) {
		q.accepted(f, a)
	} else {
		q.refused(f, a)
	}
	q.changed()
}

// accepted moves what was delivered from the line to the history.
func (q *Queue) accepted(f *flight, a Answer) {
	n := len(f.carried)
	clear(q.waiting[:n]) // so that the line does not keep them alive
	q.waiting = q.waiting[n:]
	q.notBefore, q.rush = moment{}, false
	if q.options.batches() {
		q.notBefore = q.in(q.options.period())
	}
	at := q.config.Now()
	for _, m := range f.carried {
		q.arrived(Delivered{Message: m.Message, At: at, Status: a.Status, Attempts: m.attempts})
	}
}

// refused notes the failure and puts the next attempt off.
func (q *Queue) refused(f *flight, a Answer) {
	head := f.carried[0]
	q.notBefore = q.in(f.options.backoff(head.attempts))
	q.failed(Failure{
		At: q.config.Now(), ID: head.ID, Event: head.Event,
		Messages: len(f.carried), Attempt: head.attempts, Answer: a,
	})
}

// abandon gives the request on its way up, if there is one; what it carries has not been delivered.
func (q *Queue) abandon() {
	if q.flight == nil {
		return
	}
	q.flight.abandoned = true
	q.flight.cancel()
	q.flight = nil
}
