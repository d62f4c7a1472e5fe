package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"time"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"

	"portal/internal/identity"
)

// sendFor bounds a delivery, whatever the mail server does: an applicant waits for it.
const sendFor = 10 * time.Second

// partFor bounds the good-bye once the e-mail is taken, for which nobody should wait.
const partFor = time.Second

// errSilent is what an answer that does not come in time is called: that the connection was closed means nothing to an operator.
var errSilent = errors.New("no answer in time")

// errUnanswered is the same after the last byte of the e-mail.
var errUnanswered = errors.New("no answer in time to the whole e-mail, which may arrive")

// server is the mail server that takes the portal's e-mails.
type server struct {
	host, address string
	encrypted     bool // from the first byte
	signsIn       bool
	tls           *tls.Config
	options       []gomail.Option
}

func parseServer(text string) (*server, error) {
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || (u.Scheme != "smtp" && u.Scheme != "smtps") {
		return nil, errors.New("not an SMTP URL such as smtp://user:password@mail.example.com:587")
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"smtp": "25", "smtps": "465"}[u.Scheme]
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
		return nil, errors.New("SMTP URL: the port is not a number between 1 and 65535")
	}
	config := &tls.Config{ServerName: u.Hostname(), MinVersion: tls.VersionTLS12}
	return &server{
		host: u.Hostname(), address: net.JoinHostPort(u.Hostname(), port), encrypted: u.Scheme == "smtps", signsIn: u.User != nil,
		tls: config, options: append(clientOptions(u), gomail.WithTLSConfig(config)),
	}, nil
}

// clientOptions skips the commands that only keep a connection for further e-mails, which cost the applicant three answers'
// time. That a DSN comes back on failure is asked of servers that offer DSNs.
func clientOptions(u *url.URL) []gomail.Option {
	options := []gomail.Option{
		gomail.WithTimeout(sendFor), gomail.WithoutNoop(), gomail.WithoutRset(), gomail.WithTLSPolicy(gomail.TLSOpportunistic),
		gomail.WithDSNRcptNotifyType(gomail.DSNRcptNotifyFailure),
	}
	if u.User != nil {
		password, _ := u.User.Password()
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover),
			gomail.WithUsername(u.User.Username()), gomail.WithPassword(password))
		if u.Scheme == "smtp" {
			options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
		}
	}
	return options
}

// deliver hands an e-mail over on a connection of its own.
func (s *server) deliver(ctx context.Context, m *gomail.Msg, id identity.MailID) error {
	return s.connected(ctx, func(ctx context.Context, conn net.Conn) error { return s.converse(ctx, conn, m, id) })
}

// connected has a conversation on a connection of its own. The library minds the context only while it connects, so the end of
// the time closes the connection.
func (s *server) connected(ctx context.Context, converse func(ctx context.Context, conn net.Conn) error) error {
	ctx, cancel := bounded(ctx)
	defer cancel()
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", s.address)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	err = converse(ctx, conn)
	if err != nil && ctx.Err() != nil {
		return silence(err)
	}
	return err
}

// silence is what the end of the time means: once the whole e-mail was handed over, it may arrive all the same.
func silence(err error) error {
	if sent, ok := errors.AsType[*gomail.SendError](err); ok && sent.Reason == gomail.ErrSMTPDataClose {
		return errUnanswered
	}
	return errSilent
}

// bounded keeps the deadline, and not the end of the request: an applicant who has pressed the button and turned to
// their mailbox, which on a telephone may end the request, is waiting for the e-mail.
func bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	until := time.Now().Add(sendFor)
	if sooner, ok := ctx.Deadline(); ok && sooner.Before(until) {
		until = sooner
	}
	return context.WithDeadline(context.WithoutCancel(ctx), until)
}

// converse sends the e-mail over the connection. Once the server has taken it, nothing that follows is an error.
func (s *server) converse(ctx context.Context, conn net.Conn, m *gomail.Msg, id identity.MailID) error {
	client, err := s.client(conn)
	if err != nil {
		return err
	}
	dialogue, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return fmt.Errorf("connecting: %w", err)
	}
	returnHeaders(dialogue, id)
	if err := client.SendWithSMTPClient(dialogue, m); err != nil {
		return err
	}
	if err := dialogue.UpdateDeadline(partFor); err == nil {
		_ = dialogue.Quit()
	}
	return nil
}

// returnHeaders asks for the headers only of an e-mail that comes back, and for its id: the library has no word for
// ENVID, and writes this one as it is.
func returnHeaders(c *smtp.Client, id identity.MailID) {
	c.SetDSNMailReturnOption(string(gomail.DSNMailReturnHeadersOnly) + " ENVID=" + string(id))
}

// client is the library's, on a connection that is made already.
func (s *server) client(conn net.Conn) (*gomail.Client, error) {
	if s.encrypted {
		conn = tls.Client(conn, s.tls)
	}
	made := func(context.Context, string, string) (net.Conn, error) { return conn, nil }
	client, err := gomail.NewClient(s.host, append([]gomail.Option{gomail.WithDialContextFunc(made)}, s.options...)...)
	if err != nil {
		return nil, errors.New("SMTP URL: the mail library does not take it")
	}
	return client, nil
}
