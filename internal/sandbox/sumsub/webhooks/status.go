package webhooks

import (
	"fmt"
	"slices"
)

// Mood is how deliveries fare as a whole.
type Mood string

// The moods of a queue.
const (
	Off        Mood = "off"        // there is no URL
	Idle       Mood = "idle"       // nothing waits
	Delivering Mood = "delivering" // something is due or kept back
	Retrying   Mood = "retrying"   // something was not accepted and will be tried again
)

// Status is the queue as a person sees it.
type Status struct {
	State      Mood       `json:"state"`
	URL        string     `json:"url"`
	Waiting    int        `json:"waiting"`
	Deliveries []Delivery `json:"deliveries"` // all that wait and the last that are over, each newest first
	Troubles   []Pending  `json:"troubles"`   // that still want webhooks, in the order in which they take them
}

// Pending is a trouble that still wants webhooks.
type Pending struct {
	Trouble
	Taken int `json:"taken"` // of the Count webhooks it wants
}

// Status tells how the queue is doing.
func (q *Queue) Status() Status {
	q.mu.Lock()
	defer q.mu.Unlock()
	s := Status{
		State: q.mood(), URL: q.options.URL, Waiting: len(q.waiting),
		Deliveries: q.deliveries(func(Message) bool { return true }), Troubles: []Pending{},
	}
	for _, o := range q.orders {
		s.Troubles = append(s.Troubles, Pending{o.Trouble, o.taken})
	}
	return s
}

func (q *Queue) mood() Mood {
	switch {
	case q.options.URL == "":
		return Off
	case len(q.waiting) == 0:
		return Idle
	case slices.ContainsFunc(q.waiting, func(d *delivery) bool { return len(d.attempts) > 0 }):
		return Retrying
	default:
		return Delivering
	}
}

// Of lists the deliveries about one applicant, as Status does.
func (q *Queue) Of(applicantID string) []Delivery {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.deliveries(func(m Message) bool { return m.ApplicantID == applicantID })
}

// deliveries lists some deliveries, those that wait first. The lock is held.
func (q *Queue) deliveries(wanted func(m Message) bool) []Delivery {
	list := []Delivery{}
	for _, d := range slices.Backward(q.waiting) {
		if wanted(d.Message) {
			list = append(list, d.shown())
		}
	}
	for _, d := range slices.Backward(q.log) {
		if wanted(d.Message) {
			list = append(list, d)
		}
	}
	return list
}

// Resend delivers a webhook at once, as the button in Sumsub's dashboard does: one that waits does so no longer, one
// that is over is delivered once more, which is another delivery of the same bytes. What was forged
// cannot be: it would be signed properly now.
func (q *Queue) Resend(id string) (Delivery, error) {
	if err := q.enter(); err != nil {
		return Delivery{}, err
	}
	defer q.mu.Unlock()
	for _, d := range q.waiting {
		if d.ID == id {
			d.due = q.config.Now()
			q.changed()
			return d.shown(), nil
		}
	}
	i := slices.IndexFunc(q.log, func(d Delivery) bool { return d.ID == id && d.resendable() })
	if i < 0 {
		return Delivery{}, fmt.Errorf("%w: %s", ErrNotFound, id)
	}
	return q.again(q.log[i].Message).shown(), nil
}

// RetryNow delivers what waits for its next attempt at once.
func (q *Queue) RetryNow() {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, d := range q.waiting {
		d.due = q.config.Now()
	}
	q.changed()
}

// again queues a message once more, past every trouble. The lock is held.
func (q *Queue) again(m Message) *delivery {
	m.ID, m.QueuedAt = q.newID(), q.config.Now()
	d := &delivery{Message: m, due: m.QueuedAt}
	q.waiting = append(q.waiting, d)
	q.changed()
	return d
}
