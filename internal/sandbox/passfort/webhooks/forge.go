package webhooks

import "context"

// forge delivers a message with a wrong secret past the line: a forger does not wait.
func (q *Queue) forge(ctx context.Context, t Trouble) (Outcome, error) {
	if err := q.enter(); err != nil {
		return Outcome{}, err
	}
	m, err := q.forged(&t)
	if err != nil {
		q.mu.Unlock()
		return Outcome{}, err
	}
	o, wrong := q.options, "wrong-"+q.newID()
	q.work.Add(1)
	defer q.work.Done()
	q.mu.Unlock()

	answer := q.deliverForged(ctx, m.Message, o, t.Place, wrong)
	q.mu.Lock()
	defer q.mu.Unlock()
	q.noticed(Forgery{At: q.config.Now(), ID: m.ID, Event: m.Event, Place: t.Place, Answer: answer})
	return Outcome{Trouble: t, IDs: []string{m.ID}, Receiver: &answer}, nil
}

// forged is the message that a trouble describes, or a copy of the latest one under a new id.
func (q *Queue) forged(t *Trouble) (*message, error) {
	if t.Event != "" {
		return q.invented(t)
	}
	event, data, err := q.latest()
	if err != nil {
		return nil, err
	}
	return q.newMessage(event, data), nil
}

// deliverForged sends a message whose secret is wrong in one place or both.
func (q *Queue) deliverForged(ctx context.Context, m Message, o Options, place Place, wrong string) Answer {
	inBody, inHeader := wrong, wrong
	if place == InBody {
		inHeader = o.Secret
	}
	if place == InHeader {
		inBody = o.Secret
	}
	body, err := encode([]Message{m}, inBody, o.shape(false))
	if err != nil {
		return Answer{Error: err.Error()}
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(q.ctx, cancel)() // Close does not wait for a receiver that hangs
	return q.post(ctx, o, inHeader, body)
}
