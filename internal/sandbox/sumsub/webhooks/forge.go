package webhooks

import (
	"context"
	"net/http"
	"strings"
)

// hexID is an identifier in the form of Sumsub's: 24 hexadecimal digits.
func hexID(uuid string) string { return strings.ReplaceAll(uuid, "-", "")[:24] }

// forge delivers a webhook whose signature is wrong: a forger waits for nobody, and is not tried again.
func (q *Queue) forge(ctx context.Context, t Trouble) (Outcome, error) {
	if err := q.enter(); err != nil {
		return Outcome{}, err
	}
	m, err := q.forged(&t)
	if err != nil {
		q.mu.Unlock()
		return Outcome{}, err
	}
	o := q.options
	header, body := q.falsely(t.Wrong, m.Body)
	m.Body = body
	q.work.Add(1)
	defer q.work.Done()
	q.mu.Unlock()

	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(q.ctx, cancel)() // Close does not wait for a receiver that hangs
	answer := q.post(ctx, o, header, []byte(body))
	q.mu.Lock()
	defer q.mu.Unlock()
	q.over(Delivery{Message: m, State: Forged, Attempts: []Attempt{{At: q.config.Now(), Answer: answer}}})
	return Outcome{Trouble: t, IDs: []string{m.ID}, Receiver: &answer}, nil
}

// forged is the webhook that a trouble describes, or a copy of the latest one. The lock is held.
func (q *Queue) forged(t *Trouble) (Message, error) {
	if t.Event != "" || t.ApplicantID != "" || t.Data != nil {
		if t.Event == "" {
			t.Event = "applicantReviewed"
		}
		d, err := q.invented(t)
		if err != nil {
			return Message{}, err
		}
		return d.Message, nil
	}
	m, err := q.latest()
	m.ID, m.QueuedAt = q.newID(), q.config.Now()
	return m, err
}

// falsely signs a body in a way that no receiver should believe, and returns it as it is sent. The lock is held.
func (q *Queue) falsely(wrong Wrong, body string) (http.Header, string) {
	a, secret := q.options.Algorithm, q.options.Secret
	switch wrong {
	case WrongKey:
		return signed(a.Name(), Digest(a, "wrong-"+q.newID(), []byte(body))), body
	case WrongBody:
		return signed(a.Name(), Digest(a, secret, []byte(body))), body + " "
	case WrongAlgorithm:
		return signed("HMAC_MD5_HEX", Digest(a, secret, []byte(body))), body
	default:
		return http.Header{}, body
	}
}
