package identity

import (
	"fmt"
	"time"
)

// MailID names an e-mail: in its Message-ID, and in what mail servers say of it later.
type MailID string

// What became of an e-mail.
const (
	MailSending     = "sending"
	MailAccepted    = "accepted"    // by the mail server, which may still bounce it
	MailRefused     = "refused"     // by the mail server, for good
	MailUnreachable = "unreachable" // the mail server, or it could not take the mail now
	MailBounced     = "bounced"     // it came back
)

// Delivery is what is known of one e-mail, for operators.
type Delivery struct {
	ID        MailID
	Purpose   string // such as "sign_in_code"
	To        Email
	Status    string
	Reply     string // codes of the mail server, such as "550 5.1.1"; never its text
	CreatedAt time.Time
	SettledAt time.Time // zero while it is being sent
}

// MailError says that a mail server did not take an e-mail.
type MailError struct {
	Refused bool // for good; otherwise a later attempt may help
	// Unanswered says that the whole e-mail was handed over, but the mail server did not say in time that it had it.
	Unanswered bool
	Reply      string // codes of the mail server, or empty
	Err        error
}

// Error says the cause.
func (e *MailError) Error() string { return fmt.Sprintf("sending an e-mail: %v", e.Err) }

// Unwrap returns the cause.
func (e *MailError) Unwrap() error { return e.Err }

// Status is what the e-mail has become.
func (e *MailError) Status() string {
	if e.Refused {
		return MailRefused
	}
	return MailUnreachable
}
