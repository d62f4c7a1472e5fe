package webhooks

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// Outcome is a trouble as it was understood, with what it has done so far.
type Outcome struct {
	Trouble
	IDs      []string `json:"ids,omitempty"`      // of the deliveries that it has made
	Receiver *Answer  `json:"receiver,omitempty"` // to a forged webhook
}

// Disturb makes trouble. What it orders for webhooks still to come waits for them; only a forged webhook is delivered
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

// enter takes the lock to deliver something, unless there is nobody to deliver it to.
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

// order leaves a trouble to wait for its webhooks.
func (q *Queue) order(t Trouble) (Outcome, error) {
	if err := q.enter(); err != nil {
		return Outcome{}, err
	}
	defer q.mu.Unlock()
	q.orders = append(q.orders, &order{Trouble: t})
	return Outcome{Trouble: t}, nil
}

// repeat delivers accepted webhooks once more.
func (q *Queue) repeat(t Trouble) (Outcome, error) {
	if err := q.enter(); err != nil {
		return Outcome{}, err
	}
	defer q.mu.Unlock()
	chosen, err := q.chosen(t)
	out := Outcome{Trouble: t}
	for _, m := range chosen {
		out.IDs = append(out.IDs, q.again(m).ID)
	}
	return out, err
}

// chosen are the accepted webhooks that a trouble names.
func (q *Queue) chosen(t Trouble) ([]Message, error) {
	var accepted []Message
	for _, d := range q.log {
		if d.State == Delivered && (t.ID == "" || d.ID == t.ID) {
			accepted = append(accepted, d.Message)
		}
	}
	switch {
	case t.ID != "" && len(accepted) == 0:
		return nil, fmt.Errorf("id is %q, but no such delivery is among the accepted ones of the log", t.ID)
	case len(accepted) < t.Count:
		return nil, fmt.Errorf("count is %d, but %d webhooks were delivered so far", t.Count, len(accepted))
	case t.ID == "":
		return accepted[len(accepted)-t.Count:], nil
	default:
		return accepted, nil
	}
}

// surprise sends a webhook that a receiver cannot know. That its type is not enabled does not stop it.
func (q *Queue) surprise(t Trouble) (Outcome, error) {
	if err := q.enter(); err != nil {
		return Outcome{}, err
	}
	defer q.mu.Unlock()
	if t.Event == "" {
		t.Event = unheardOf
	}
	d, err := q.invented(&t)
	if err != nil {
		return Outcome{}, err
	}
	q.take(d)
	return Outcome{Trouble: t, IDs: []string{d.ID}}, nil
}

// invented is the webhook that a trouble describes; what it leaves open is filled in. The lock is held.
func (q *Queue) invented(t *Trouble) (*delivery, error) {
	data := t.Data
	if data == nil {
		data = q.somebody(t)
	}
	payload, err := plain(data)
	if err != nil {
		return nil, err
	}
	q.complete(t.Event, payload)
	return q.newDelivery(payload), nil
}

// somebody is the payload about an applicant that may not even exist.
func (q *Queue) somebody(t *Trouble) map[string]any {
	if t.ApplicantID == "" {
		t.ApplicantID = hexID(q.newID())
	}
	return map[string]any{
		"applicantId": t.ApplicantID, "inspectionId": hexID(q.newID()), "externalUserId": q.newID(),
		"levelName": "id-only", "sandboxMode": true, "reviewStatus": "init",
	}
}

// latest is the webhook that was delivered last, or else the last one that waits. The lock is held.
func (q *Queue) latest() (Message, error) {
	for _, d := range slices.Backward(q.log) {
		if d.State == Delivered {
			return d.Message, nil
		}
	}
	if n := len(q.waiting); n > 0 {
		return q.waiting[n-1].Message, nil
	}
	return Message{}, errors.New("there is no webhook to copy yet, so event must be given")
}
