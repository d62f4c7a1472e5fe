package main

import (
	"strings"
	"time"

	"portal/internal/identity"
)

// sendingFor is longer than an e-mail can be on its way to the mail server.
const sendingFor = time.Minute

// meaning says in a sentence what became of an e-mail.
func meaning(d identity.Delivery, now time.Time) string {
	switch d.Status {
	case identity.MailSending:
		if now.Sub(d.CreatedAt) > sendingFor {
			return "the portal was stopped, or lost its database, while it sent this; the e-mail may have gone out"
		}
		return "it is being sent"
	case identity.MailAccepted:
		return "the mail server has taken it; look for it among spam, then in the mail server's log"
	case identity.MailRefused:
		return "the mail server does not take e-mail for this address: " + blame(d.Reply)
	case identity.MailBounced:
		return "it came back: " + blame(d.Reply)
	}
	return trouble(d.Reply)
}

// blames are what enhanced codes (RFC 3463, without their class) say of an address.
var blames = map[string]string{
	"1.1": "there is no such mailbox", "1.2": "there is no such domain", "1.3": "this is no address", "1.6": "the mailbox has moved",
	"1.10": "the domain takes no e-mail", "2.1": "the mailbox is switched off", "2.2": "the mailbox is full",
	"2.3": "the mailbox takes no e-mail of this size", "4.1": "the domain's mail server does not answer, or does not know the address",
	"4.4": "the domain has no mail server", "4.7": "the domain's mail server could not be reached for too long",
	"6.7": "the address is of a script that a mail server on the way cannot carry", "7.1": "the receiving side does not let it in",
}

// blame says why an address does not get its e-mail, as far as the codes tell.
func blame(reply string) string {
	_, about := codes(reply)
	if says, ok := blames[about]; ok {
		return says
	}
	if strings.HasPrefix(about, "7.") {
		return "a policy of the receiving side keeps it out"
	}
	return "the code does not say why"
}

// trouble says why the mail server did not take an e-mail, for which the applicant cannot be blamed.
func trouble(reply string) string {
	code, about := codes(reply)
	switch {
	case reply == "":
		return "the mail server could not be reached, or did not answer in time"
	case code == "530", code == "534", code == "535", code == "538":
		return "the mail server does not accept the portal's user and password: see PORTAL_SMTP_URL"
	case strings.HasPrefix(reply, "4"):
		return "the mail server put it off; the applicant was asked to try again"
	case strings.HasPrefix(about, "7."):
		return "a policy of the mail server keeps the portal from sending this"
	}
	return "the mail server did not take it for a reason that is not the address: see its log"
}

// codes takes a reply such as "550 5.1.1" apart: the code of SMTP, and what the enhanced one says but for its class.
func codes(reply string) (code, about string) {
	for _, word := range strings.Fields(reply) {
		if _, rest, ok := strings.Cut(word, "."); ok {
			about = rest
		} else {
			code = word
		}
	}
	return code, about
}
