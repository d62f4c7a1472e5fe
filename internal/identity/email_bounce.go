package identity

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"
)

// ErrNotABounce means that a message does not say of an e-mail of ours what became of it.
var ErrNotABounce = errors.New("not a delivery status notification about an e-mail of the portal")

// Bounce says that an e-mail came back. Whoever knows an e-mail's random id can say so, which is its recipient and the
// mail servers on its way; all that a forged one does is to mark that e-mail.
type Bounce struct {
	ID    MailID
	Reply string // codes, such as "550 5.1.1", or empty
}

// DeliveryFilter says which e-mails to list.
type DeliveryFilter struct {
	To     Email // empty for everybody
	Failed bool  // only those that were refused or bounced, or that could not be sent
	Most   int
}

// Deliveries keeps what became of e-mails.
type Deliveries interface {
	// BounceMail records that an e-mail came back, which is the last word; marked is false where there is none of that
	// id, or it has come back before.
	BounceMail(ctx context.Context, b Bounce, now time.Time) (marked bool, err error)
	// Mails lists e-mails, the newest first.
	Mails(ctx context.Context, f DeliveryFilter) ([]Delivery, error)
}

// Post carries out the use cases of those who look after the portal's e-mails. All fields are required.
type Post struct {
	Deliveries Deliveries
	Parse      func(report io.Reader) ([]Bounce, error) // of a message as it came; ErrNotABounce where it is none
	Observe    func(outcome string)                     // hears MailBounced for each e-mail that came back
	Log        *slog.Logger
	Now        func() time.Time
}

// Receive takes in a message that a mail server has sent to the e-mails' sender, and returns how many e-mails it marked.
// A message that comes twice marks nothing the second time. Errors: ErrNotABounce.
func (p *Post) Receive(ctx context.Context, report io.Reader) (marked int, err error) {
	bounces, err := p.Parse(report)
	if err != nil {
		return 0, fmt.Errorf("reading a bounce: %w", err)
	}
	for _, b := range bounces {
		ok, err := p.Deliveries.BounceMail(ctx, b, p.Now())
		if err != nil {
			return marked, fmt.Errorf("recording a bounce: %w", err)
		}
		if ok {
			marked++
			p.Observe(MailBounced)
			p.Log.WarnContext(ctx, "e-mail bounced", slog.String("mail_id", string(b.ID)), slog.String("reply", b.Reply))
		}
	}
	return marked, nil
}

// List lists e-mails, the newest first.
func (p *Post) List(ctx context.Context, f DeliveryFilter) ([]Delivery, error) {
	return p.Deliveries.Mails(ctx, f)
}
