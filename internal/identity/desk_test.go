package identity_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"portal/internal/identity"
)

// network is where the tests ask from.
const network = "192.0.2.0/24"

var errDown = errors.New("down")

// letter is what became of an e-mail.
type letter struct {
	id            identity.MailID
	status, reply string
}

// desk is a Desk whose store and mailer remember what they were given. A port that a test does not need is nil.
type desk struct {
	*identity.Desk
	stored   []identity.SignIn
	hashes   [][]byte // of the codes stored
	limits   [][]identity.Allowance
	returned [][]identity.Allowance
	tried    [][]byte // of the codes entered
	opened   []identity.Opening
	codes    []string // as sent
	sent     []letter // what became of them
	refusal  error    // of the mail server
	full     error    // of the store
	now      time.Time
}

func newDesk() *desk {
	d := &desk{now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	d.Desk = &identity.Desk{
		Codes: d, Allowances: d, Mailer: d, Budget: identity.Budget{PerNetwork: 60, PerDay: 1000},
		Limits: identity.Limits{Idle: time.Hour, Absolute: 12 * time.Hour}, Now: func() time.Time { return d.now },
	}
	return d
}

func (d *desk) PutCode(_ context.Context, in identity.SignIn, hash []byte, m identity.MailID, a []identity.Allowance, now time.Time) error {
	if !now.Equal(d.now) {
		return errors.New("the time is another")
	}
	if d.full != nil {
		return d.full
	}
	d.stored, d.hashes, d.limits = append(d.stored, in), append(d.hashes, hash), append(d.limits, a)
	d.sent = append(d.sent, letter{m, identity.MailSending, ""})
	return nil
}

func (d *desk) SettleMail(ctx context.Context, m identity.MailID, status, reply string, _ time.Time) error {
	for i := range d.sent {
		if d.sent[i].id == m {
			d.sent[i].status, d.sent[i].reply = status, reply
		}
	}
	return ctx.Err()
}

func (d *desk) Spend(context.Context, []identity.Allowance, time.Time) error { return d.full }

func (d *desk) GiveBack(ctx context.Context, a []identity.Allowance) error {
	d.returned = append(d.returned, a)
	return ctx.Err()
}

func (d *desk) PendingSignIn(_ context.Context, browser identity.Token, _ time.Time) (identity.SignIn, error) {
	for _, in := range d.stored {
		if in.Browser == browser {
			return in, nil
		}
	}
	return identity.SignIn{}, identity.ErrCodeExpired
}

func (d *desk) TakeCode(_ context.Context, browser identity.Token, hash []byte, _ identity.From, o identity.Opening, _ time.Time) (identity.SignIn, error) {
	d.tried = append(d.tried, hash)
	for i, in := range d.stored {
		if in.Browser == browser && string(d.hashes[i]) == string(hash) {
			d.opened = append(d.opened, o)
			return in, nil
		}
	}
	return identity.SignIn{Email: "known@example.com"}, identity.ErrCodeWrong
}

func (d *desk) SendCode(_ context.Context, m identity.CodeMail) error {
	if len(d.sent) == 0 || d.sent[len(d.sent)-1].id != m.ID || m.Flow != ada.Flow {
		return errors.New("the e-mail was not booked, or is of no flow")
	}
	d.codes = append(d.codes, m.Code)
	return d.refusal
}

// ada asks for a code.
var ada = identity.Asking{
	Typed: "Ada@Example.com ", From: identity.From{Network: network}, Locale: "en", Wish: identity.Wish{Flow: "company", Case: "north"},
}

func (d *desk) ask(t *testing.T) (identity.SignIn, string) {
	t.Helper()
	in, err := d.Desk.SendCode(t.Context(), ada)
	if err != nil {
		t.Fatal(err)
	}
	return in, d.codes[len(d.codes)-1]
}
