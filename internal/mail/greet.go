package mail

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"strings"

	gomail "github.com/wneessen/go-mail"

	"portal/internal/identity"
)

// Greeting is how a mail server has received a sender.
type Greeting struct {
	At        string // host and port
	Encrypted bool
	SignedIn  bool
}

// Greet connects as for an e-mail, with TLS and sign-in, and parts again: nothing is sent.
func (s *Sender) Greet(ctx context.Context) (Greeting, error) {
	g := Greeting{At: s.server.address, SignedIn: s.server.signsIn}
	err := s.server.connected(ctx, func(ctx context.Context, conn net.Conn) error {
		client, err := s.server.client(conn)
		if err != nil {
			return err
		}
		dialogue, err := client.DialToSMTPClientWithContext(ctx)
		if err != nil {
			return fmt.Errorf("connecting: %w", err)
		}
		_, err = dialogue.GetTLSConnectionState()
		g.Encrypted = err == nil
		_ = dialogue.Quit()
		return nil
	})
	return g, err
}

// SendTrial sends an e-mail to an operator, to see that it arrives and what the receiver says of its sender.
func (s *Sender) SendTrial(ctx context.Context, to string) error {
	address, err := netmail.ParseAddress(to)
	if err != nil {
		return errors.New("not an e-mail address")
	}
	m := gomail.NewMsg()
	if err := errors.Join(m.From(s.from), m.To(address.Address)); err != nil {
		return errors.New("the mail library does not take an address")
	}
	id := identity.MailID(strings.ToLower(rand.Text()))
	m.SetMessageIDWithValue(string(id) + "@" + s.domain)
	m.SetDate()
	m.Subject("portal doctor")
	m.SetBodyString(gomail.TypeTextPlain, "`portal doctor` has sent this to see that e-mails of "+s.page+" arrive.\r\nIts headers tell what your mail server makes of the sender's SPF, DKIM and DMARC.\r\n")
	if err := s.server.deliver(ctx, m, id); err != nil {
		return judge(err, identity.Email(address.Address), id)
	}
	return nil
}
