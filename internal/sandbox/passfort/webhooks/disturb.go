package webhooks

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// Outcome is a trouble as it was understood, with what it has done so far.
type Outcome struct {
	Trouble
	IDs      []string `json:"ids,omitempty"`      // of the messages that were queued or forged
	Receiver *Answer  `json:"receiver,omitempty"` // to a forged message
}

// Disturb makes trouble. What it orders for messages still to come waits for them; only a forged message is delivered
// before Disturb returns. That the receiver does not like it is no error.
func (q *Queue) Disturb(ctx context.Context, t Trouble) (Outcome, error) {
	if err := t.check(); err != nil {
		return Outcome{}, err
	}
	t = t.withDefaults()
	switch t.Mode {
	case Duplicate:
		return q.repeat(t)
	case Unknown:
		return q.surprise(t)
	case BadSecret:
		return q.forge(ctx, t)
	default:
		return q.order(t)
	}
}

// enter takes the lock to make trouble, unless there is nobody to be troubled.
func (q *Queue) enter() error {
	q.mu.Lock()
	switch {
	case q.closed:
		q.mu.Unlock()
		return ErrClosed
	case q.options.URL == "":
		q.mu.Unlock()
		return ErrOff
	}
	return nil
}

// order leaves a trouble to wait for its messages.
func (q *Queue) order(t Trouble) (Outcome, error) {
	if err := q.enter(); err != nil {
		return Outcome{}, err
	}
	defer q.mu.Unlock()
	q.orders = append(q.orders, &order{Trouble: t})
	return Outcome{Trouble: t}, nil
}

// repeat queues delivered messages once more, behind what waits.
func (q *Queue) repeat(t Trouble) (Outcome, error) {
	if err := q.enter(); err != nil {
		return Outcome{}, err
	}
	defer q.mu.Unlock()
	again, err := q.chosen(t)
	out := Outcome{Trouble: t}
	for _, d := range again {
		q.take(&message{Message: d.Message})
		out.IDs = append(out.IDs, d.ID)
	}
	return out, err
}

// chosen are the delivered messages that a trouble names.
func (q *Queue) chosen(t Trouble) ([]Delivered, error) {
	if t.ID == "" {
		if len(q.delivered) < t.Count {
			return nil, fmt.Errorf("count is %d, but %d messages were delivered so far", t.Count, len(q.delivered))
		}
		return slices.Clone(q.delivered[len(q.delivered)-t.Count:]), nil
	}
	i := slices.IndexFunc(q.delivered, func(d Delivered) bool { return d.ID == t.ID })
	if i < 0 {
		return nil, fmt.Errorf("id is %q, but no such message is among the last %d delivered", t.ID, maxDelivered)
	}
	return q.delivered[i : i+1], nil
}

// surprise queues a message that a receiver cannot know. That its event is not enabled does not stop it.
func (q *Queue) surprise(t Trouble) (Outcome, error) {
	if err := q.enter(); err != nil {
		return Outcome{}, err
	}
	defer q.mu.Unlock()
	if t.Event == "" {
		t.Event = q.options.spell(unheardOf)
	}
	m, err := q.invented(&t)
	if err != nil {
		return Outcome{}, err
	}
	q.take(m)
	return Outcome{Trouble: t, IDs: []string{m.ID}}, nil
}

// invented is the message that a trouble describes; what it leaves open is filled in.
func (q *Queue) invented(t *Trouble) (*message, error) {
	data := t.Data
	if data == nil {
		if t.ProfileID == "" {
			t.ProfileID = q.newID()
		}
		data = map[string]any{"profile_id": t.ProfileID, "customer_ref": nil}
	}
	raw, err := encodeData(data)
	if err != nil {
		return nil, err
	}
	return q.newMessage(t.Event, raw), nil
}

// latest is the message that was delivered last, or else the last one that waits.
func (q *Queue) latest() (event string, data json.RawMessage, err error) {
	if n := len(q.delivered); n > 0 {
		return q.delivered[n-1].Event, q.delivered[n-1].Data, nil
	}
	if n := len(q.waiting); n > 0 {
		return q.waiting[n-1].Event, q.waiting[n-1].Data, nil
	}
	return "", nil, errors.New("there is no message to copy yet, so event must be given")
}
