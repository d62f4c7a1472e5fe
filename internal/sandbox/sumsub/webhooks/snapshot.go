package webhooks

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Snapshot is what waits and the log, to be kept as JSON. Options and troubles are not part of it; what trouble holds
// back is saved as if it waited for its time alone.
type Snapshot struct {
	Waiting []Delivery `json:"waiting"` // oldest first
	Log     []Delivery `json:"log"`     // oldest first
}

// Save returns what waits and the log. What is on its way still waits.
func (q *Queue) Save() Snapshot {
	q.mu.Lock()
	defer q.mu.Unlock()
	s := Snapshot{Waiting: []Delivery{}, Log: append([]Delivery{}, q.log...)}
	for _, d := range q.waiting {
		s.Waiting = append(s.Waiting, d.shown())
	}
	return s
}

// Load replaces what waits and the log, and starts to deliver, unless webhooks are off: then what waits is lost. Other
// webhooks and troubles are forgotten.
func (q *Queue) Load(s Snapshot) error {
	if err := s.check(); err != nil {
		return err
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.drop()
	q.log = nil
	for _, d := range s.Log {
		q.over(d)
	}
	if q.options.URL != "" {
		for _, d := range s.Waiting {
			q.waiting = append(q.waiting, &delivery{Message: d.Message, attempts: d.Attempts, due: d.due(q.config.Now())})
		}
	}
	q.changed()
	return nil
}

// due is when a saved delivery is attempted next.
func (d Delivery) due(now time.Time) time.Time {
	if d.NextAttempt == nil {
		return now
	}
	return *d.NextAttempt
}

// check says which deliveries cannot be used.
func (s Snapshot) check() error {
	var errs []error
	for i, d := range s.Waiting {
		if d.State != Waiting {
			errs = append(errs, fmt.Errorf("waiting delivery %d has the state %q", i, d.State))
		}
		errs = append(errs, d.check("waiting", i))
	}
	for i, d := range s.Log {
		if err := oneOf("state", d.State, Delivered, Failed, Forged); err != nil {
			errs = append(errs, fmt.Errorf("delivery %d of the log: %w", i, err))
		}
		if d.State != Failed || d.Body != "" {
			errs = append(errs, d.check("log's", i))
		}
	}
	return errors.Join(errs...)
}

func (d Delivery) check(list string, i int) error {
	if d.ID == "" || d.Event == "" || !json.Valid([]byte(d.Body)) {
		return fmt.Errorf("%s delivery %d needs an id, an event and a body", list, i)
	}
	return nil
}
