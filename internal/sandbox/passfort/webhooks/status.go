package webhooks

import "time"

// maxShown is how many of the waiting messages a status lists.
const maxShown = 100

// State is what the queue is doing.
type State string

// The states of a queue. PassFort's documentation speaks of a stalled one.
const (
	Off        State = "off"        // there is no URL
	Idle       State = "idle"       // nothing waits
	Delivering State = "delivering" // the head of the line is about to be delivered, or messages are held back
	Stalled    State = "stalled"    // the head of the line was not accepted and will be tried again
)

// Status is the queue as a person sees it.
type Status struct {
	State     State      `json:"state"`
	URL       string     `json:"url"`
	Waiting   int        `json:"waiting"`    // all messages, in line or held back
	Messages  []Waiting  `json:"messages"`   // the first hundred of them, in the order of delivery
	Attempts  int        `json:"attempts"`   // to deliver the head of the line so far
	NextRetry *time.Time `json:"next_retry"` // by the sandbox's clock; null unless stalled
	Failures  []Failure  `json:"failures"`   // the last ten, newest first
	Delivered []Delivery `json:"delivered"`  // the last hundred, newest first
	Forged    []Forgery  `json:"forged"`     // the last ten, newest first
	Troubles  []Pending  `json:"troubles"`   // that still want messages, in the order in which they take them
}

// Waiting is a message that was not accepted yet.
type Waiting struct {
	ID        string `json:"id"`
	Event     string `json:"event"`
	Timestamp int64  `json:"timestamp"`
	ProfileID string `json:"profile_id"`
	HeldBy    Mode   `json:"held_by,omitempty"` // the trouble that keeps it out of the line
}

// Delivery is a message that was accepted.
type Delivery struct {
	ID       string    `json:"id"`
	Event    string    `json:"event"`
	At       time.Time `json:"at"`
	Status   int       `json:"status"`   // the receiver's
	Attempts int       `json:"attempts"` // including the one that was accepted
}

// Pending is a trouble that still wants messages.
type Pending struct {
	Trouble
	Taken int `json:"taken"` // of the Count messages it wants
}

// Status tells how the queue is doing.
func (q *Queue) Status() Status {
	q.mu.Lock()
	defer q.mu.Unlock()
	s := Status{
		State:     q.state(),
		URL:       q.options.URL,
		Waiting:   q.count(),
		Messages:  q.shown(),
		Failures:  newestFirst(q.failures),
		Delivered: []Delivery{},
		Forged:    newestFirst(q.forgeries),
		Troubles:  []Pending{},
	}
	if len(q.waiting) > 0 {
		s.Attempts = q.waiting[0].attempts
	}
	if s.State == Stalled {
		s.NextRetry = q.nextRetry()
	}
	for _, d := range newestFirst(q.delivered) {
		s.Delivered = append(s.Delivered, Delivery{d.ID, d.Event, d.At, d.Status, d.Attempts})
	}
	for _, o := range q.orders {
		s.Troubles = append(s.Troubles, Pending{o.Trouble, o.taken})
	}
	return s
}

func (q *Queue) state() State {
	switch {
	case q.options.URL == "":
		return Off
	case q.count() == 0:
		return Idle
	case len(q.waiting) > 0 && q.waiting[0].attempts > 0:
		return Stalled
	default:
		return Delivering
	}
}

// nextRetry is when the head of the line is tried again: now, if it is on its way or about to be.
func (q *Queue) nextRetry() *time.Time {
	at := q.config.Now()
	if q.flight == nil && !q.rush && q.notBefore.shown.After(at) {
		at = q.notBefore.shown
	}
	return &at
}

// shown lists waiting messages, those in line first.
func (q *Queue) shown() []Waiting {
	list := []Waiting{}
	add := func(messages []*message, heldBy Mode) {
		for _, m := range messages[:min(len(messages), maxShown-len(list))] {
			list = append(list, Waiting{m.ID, m.Event, m.Timestamp, m.profileID(), heldBy})
		}
	}
	add(q.waiting, "")
	for _, p := range q.pens {
		add(p.messages, p.order.Mode)
	}
	return list
}
