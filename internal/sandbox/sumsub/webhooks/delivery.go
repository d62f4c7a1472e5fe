package webhooks

import (
	"slices"
	"time"
)

// maxLog is how many deliveries that are over are remembered.
const maxLog = 200

// State is what became of a delivery.
type State string

// The states of a delivery.
const (
	Waiting   State = "waiting"   // for its first attempt, for its next one, or for trouble to let it go
	Delivered State = "delivered" // an attempt was accepted
	Failed    State = "failed"    // it was given up
	Forged    State = "forged"    // it was sent once, as trouble wanted it, and never counts as delivered
)

// Delivery is a webhook with what became of it.
type Delivery struct {
	Message
	State       State      `json:"state"`
	Attempts    []Attempt  `json:"attempts"`
	NextAttempt *time.Time `json:"next_attempt,omitempty"` // by the sandbox's clock, of one that waits
	HeldBy      Mode       `json:"held_by,omitempty"`      // the trouble that keeps it back
}

// Attempt is one request of a delivery.
type Attempt struct {
	At time.Time `json:"at"`
	Answer
}

// delivery is one that waits.
type delivery struct {
	Message
	attempts  []Attempt
	due       time.Time // of the next attempt
	heldBy    Mode
	pen       *pen      // where a shuffle gathers it
	behind    *delivery // whose first attempt must be over, so that a shuffled order is the order of arrival
	giveUp    func()    // ends the attempt under way; nil if there is none
	abandoned bool      // the answer is of no interest any more
}

// newDelivery is a delivery that is due at once. The lock is held.
func (q *Queue) newDelivery(payload map[string]any) *delivery {
	return &delivery{Message: q.newMessage(payload), due: q.config.Now()}
}

// ready says whether the next attempt may begin.
func (d *delivery) ready(now time.Time) bool {
	return d.giveUp == nil && d.free() && !d.due.After(now)
}

// free says whether only time keeps the next attempt from beginning.
func (d *delivery) free() bool {
	return d.pen == nil && (d.behind == nil || len(d.behind.attempts) > 0)
}

// shown is a delivery for people.
func (d *delivery) shown() Delivery {
	next := d.due
	if d.pen != nil {
		next = d.pen.until
	}
	return Delivery{
		Message: d.Message, State: Waiting, Attempts: append([]Attempt{}, d.attempts...), NextAttempt: &next, HeldBy: d.heldBy,
	}
}

// resendable says whether a delivery that is over may be delivered once more.
func (d Delivery) resendable() bool { return d.State != Forged && d.Body != "" }

// over remembers a delivery that waits no longer, and forgets the oldest. The lock is held.
func (q *Queue) over(d Delivery) {
	q.log = append(q.log, d)
	q.log = slices.Delete(q.log, 0, max(0, len(q.log)-maxLog))
}

// drop forgets everything that waits and every trouble that was ordered. The lock is held.
func (q *Queue) drop() {
	for _, d := range q.waiting {
		d.abandoned = true
		if d.giveUp != nil {
			d.giveUp()
		}
	}
	q.waiting, q.orders = nil, nil
}
