package identity

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// The results that applicants are told by e-mail.
const (
	ResultApproved = "approved"
	ResultRetry    = "retry" // something is to be given anew
	ResultRejected = "rejected"
)

// Result is an e-mail about what was decided.
type Result struct {
	ID     MailID // the same whenever the same decision is told, so that it is told once
	To     Email
	Kind   string // such as ResultApproved
	Locale string // a BCP 47 tag
	Flow   string // whose page it leads to
}

// Results keeps what became of such e-mails.
type Results interface {
	// BookResult records that the e-mail is about to be sent, and says whether it is to be: not once the mail server has
	// taken it, or refused it for good.
	BookResult(ctx context.Context, r Result, now time.Time) (send bool, err error)
	// SettleMail records what the mail server said.
	SettleMail(ctx context.Context, m MailID, status, reply string, now time.Time) error
}

// ResultMailer sends such an e-mail. What the mail server does not take is a *MailError.
type ResultMailer interface {
	SendResult(ctx context.Context, r Result) error
}

// Herald tells applicants by e-mail what was decided. All fields are required.
type Herald struct {
	Results Results
	Mailer  ResultMailer
	Now     func() time.Time
}

// Tell sends the e-mail, unless it was sent before. An error means that it is worth another try.
func (h *Herald) Tell(ctx context.Context, r Result) error {
	send, err := h.Results.BookResult(ctx, r, h.Now())
	if err != nil || !send {
		return err
	}
	sent := h.Mailer.SendResult(ctx, r)
	status, reply := MailAccepted, ""
	refusal, known := errors.AsType[*MailError](sent)
	switch {
	case known:
		status, reply = refusal.Status(), refusal.Reply
	case sent != nil:
		status = MailUnreachable
	}
	if err := h.Results.SettleMail(context.WithoutCancel(ctx), r.ID, status, reply, h.Now()); err != nil {
		return fmt.Errorf("storing what became of an e-mail: %w", err)
	}
	if known && refusal.Refused { // for good: operators see it among the e-mails that failed
		return nil
	}
	return sent
}
