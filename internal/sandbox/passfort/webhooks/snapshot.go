package webhooks

import (
	"encoding/json"
	"errors"
	"fmt"
)

// Snapshot is what waits and what was delivered, to be kept as JSON. Options and troubles are not part of it; messages
// that trouble holds back are saved as if they stood at the end of the line.
type Snapshot struct {
	Waiting   []Saved     `json:"waiting"`
	Delivered []Delivered `json:"delivered"` // oldest first
}

// Saved is a waiting message.
type Saved struct {
	Message
	Attempts int `json:"attempts,omitempty"` // so far
	Batch    int `json:"batch,omitempty"`    // messages with the same number travel in one request
}

// Save returns what waits and what was delivered. A message that is on its way still waits.
func (q *Queue) Save() Snapshot {
	q.mu.Lock()
	defer q.mu.Unlock()
	s := Snapshot{Waiting: []Saved{}, Delivered: append([]Delivered{}, q.delivered...)}
	save := func(messages []*message) {
		for _, m := range messages {
			s.Waiting = append(s.Waiting, Saved{m.Message, m.attempts, m.batch})
		}
	}
	save(q.waiting)
	for _, p := range q.pens {
		save(p.messages)
	}
	return s
}

// Load replaces what waits and what was delivered, and starts to deliver, unless webhooks are off: then what waits is
// lost. Other messages, troubles and failures are forgotten.
func (q *Queue) Load(s Snapshot) error {
	if err := s.check(); err != nil {
		return err
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.drop()
	q.history = history{}
	for _, d := range s.Delivered {
		q.arrived(d)
	}
	if q.options.URL != "" {
		for _, m := range s.Waiting {
			q.line(&message{Message: m.Message, attempts: m.Attempts, batch: m.Batch})
			q.batches = max(q.batches, m.Batch)
		}
	}
	q.changed()
	return nil
}

// check says which messages cannot be delivered.
func (s Snapshot) check() error {
	var errs []error
	for i, m := range s.Waiting {
		errs = append(errs, m.check("waiting", i))
		if m.Attempts < 0 || m.Batch < 0 {
			errs = append(errs, fmt.Errorf("waiting message %d has a negative number", i))
		}
	}
	for i, d := range s.Delivered {
		errs = append(errs, d.check("delivered", i))
	}
	return errors.Join(errs...)
}

func (m Message) check(list string, i int) error {
	if m.ID == "" || m.Event == "" || !json.Valid(m.Data) {
		return fmt.Errorf("%s message %d needs an id, an event and data", list, i)
	}
	return nil
}
