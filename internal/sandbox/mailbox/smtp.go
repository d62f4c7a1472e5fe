package mailbox

import (
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// maxMessage is the largest e-mail taken, in bytes.
const maxMessage = 10 << 20

// ErrNotListening is returned for mail that is sent while nobody listens.
var ErrNotListening = errors.New("the mailbox does not listen for SMTP")

// Listen starts the SMTP side on an address such as 127.0.0.1:8025 and returns the one it got. Close stops it.
func (m *Mailbox) Listen(addr string) (net.Addr, error) {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("listening for SMTP: %w", err)
	}
	server := smtp.NewServer(smtp.BackendFunc(m.newSession))
	server.Domain = "mailbox.localhost"
	server.AllowInsecureAuth = true
	server.EnableSMTPUTF8 = true
	server.EnableDSN = true
	server.MaxMessageBytes = maxMessage
	server.MaxRecipients = 100
	server.ReadTimeout = 30 * time.Second
	server.WriteTimeout = 30 * time.Second
	server.ErrorLog = quiet{}

	m.mu.Lock()
	m.server, m.listener = server, listener
	m.mu.Unlock()
	m.serving.Go(func() { _ = server.Serve(listener) })
	return listener.Addr(), nil
}

// Addr is where the mailbox listens for SMTP, empty if it does not.
func (m *Mailbox) Addr() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.listener == nil {
		return ""
	}
	return m.listener.Addr().String()
}

// Close stops the SMTP side, if it was started.
func (m *Mailbox) Close() error {
	m.mu.Lock()
	server, listener := m.server, m.listener
	m.server, m.listener = nil, nil
	m.mu.Unlock()
	if server == nil {
		return nil
	}
	err := server.Close()
	_ = listener.Close() // in case the server had not yet taken it over
	m.serving.Wait()
	return err
}

// Send delivers a message to this mailbox the way anybody else would: over SMTP.
func (m *Mailbox) Send(from, to, message string) error {
	addr := m.Addr()
	if addr == "" {
		return ErrNotListening
	}
	client, err := smtp.Dial(addr)
	if err != nil {
		return fmt.Errorf("reaching the mailbox: %w", err)
	}
	defer func() { _ = client.Close() }()
	if err := client.SendMail(from, []string{to}, strings.NewReader(message)); err != nil {
		return fmt.Errorf("sending to the mailbox: %w", err)
	}
	return client.Quit()
}

func (m *Mailbox) newSession(*smtp.Conn) (smtp.Session, error) {
	return &session{mailbox: m}, nil
}

// session is one SMTP conversation; it believes everybody.
type session struct {
	mailbox *Mailbox
	envelope
}

// envelope is what SMTP says of a message.
type envelope struct {
	from, id string
	to       []string
}

// Mail is part of smtp.Session.
func (s *session) Mail(from string, o *smtp.MailOptions) error {
	s.from, s.id = from, o.EnvelopeID
	return nil
}

// troubles are the domains whose addresses are not taken.
var troubles = map[string]*smtp.SMTPError{
	"refused.example": {Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "No such mailbox"},
	"away.example":    {Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "Not now, try again later"},
}

// Rcpt is part of smtp.Session.
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	_, domain, _ := strings.Cut(strings.ToLower(to), "@")
	if trouble, ok := troubles[domain]; ok {
		return trouble
	}
	s.to = append(s.to, to)
	return nil
}

// Data is part of smtp.Session.
func (s *session) Data(r io.Reader) error {
	return s.mailbox.receive(s.envelope, r)
}

// Reset is part of smtp.Session.
func (s *session) Reset() {
	s.envelope = envelope{}
}

// Logout is part of smtp.Session.
func (s *session) Logout() error { return nil }

// AuthMechanisms is part of smtp.AuthSession.
func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

// Auth is part of smtp.AuthSession. Any name and password will do.
func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, _, _ string) error { return nil }), nil
}

// quiet keeps the server's notes about broken connections to itself.
type quiet struct{}

// Printf is part of smtp.Logger.
func (quiet) Printf(string, ...any) {}

// Println is part of smtp.Logger.
func (quiet) Println(...any) {}
