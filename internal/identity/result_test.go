package identity_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"portal/internal/identity"
)

// outTray keeps results in memory, and a mail server that answers as it is told.
type outTray struct {
	status  map[identity.MailID]string
	sent    int
	answer  error
	settles error
}

func (o *outTray) BookResult(_ context.Context, r identity.Result, _ time.Time) (bool, error) {
	before, known := o.status[r.ID]
	if !known {
		o.status[r.ID] = identity.MailSending
	}
	return !known || before == identity.MailSending || before == identity.MailUnreachable, nil
}

func (o *outTray) SettleMail(_ context.Context, m identity.MailID, status, _ string, _ time.Time) error {
	if o.settles == nil {
		o.status[m] = status
	}
	return o.settles
}

func (o *outTray) SendResult(context.Context, identity.Result) error {
	o.sent++
	return o.answer
}

func TestADecisionIsToldOnce(t *testing.T) {
	t.Parallel()
	refused := &identity.MailError{Refused: true, Reply: "550", Err: errors.New("no")}
	away := &identity.MailError{Err: errors.New("away")}
	for name, c := range map[string]struct {
		answer, settles error
		status          string
		again           bool // another try is worth it, and sends again
	}{
		"taken":       {nil, nil, identity.MailAccepted, false},
		"refused":     {refused, nil, identity.MailRefused, false},
		"away":        {away, nil, identity.MailUnreachable, true},
		"broken":      {errors.New("cannot be rendered"), nil, identity.MailUnreachable, true},
		"not settled": {nil, errors.New("store away"), identity.MailSending, true},
	} {
		o := &outTray{status: map[identity.MailID]string{}, answer: c.answer, settles: c.settles}
		h := &identity.Herald{Results: o, Mailer: o, Now: time.Now}
		r := identity.Result{ID: "a", To: "ada@example.com", Kind: identity.ResultRejected}
		if err := h.Tell(t.Context(), r); (err != nil) != c.again {
			t.Errorf("%s: %v", name, err)
		}
		if o.status["a"] != c.status {
			t.Errorf("%s: it is %s", name, o.status["a"])
		}
		_ = h.Tell(t.Context(), r)
		if again := o.sent == 2; again != c.again {
			t.Errorf("%s: sent %d times", name, o.sent)
		}
	}
}
