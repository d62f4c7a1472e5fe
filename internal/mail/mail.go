// Package mail sends the portal's e-mails over SMTP, rendered from templates/email in the applicant's language.
package mail

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"portal/internal/brand"
	"portal/internal/i18n"
	"portal/internal/identity"
	"portal/templates/email"
)

// Options is what a Sender needs. All fields are required.
type Options struct {
	// URL is smtp://[user:password@]host[:port] or smtps:// for TLS from the first byte. With a user, the connection
	// must become encrypted (STARTTLS); without one it does where the server offers it.
	URL   string
	From  string // the sender's address, with or without a name
	Brand brand.Brand
}

// Sender sends e-mails, a connection each.
type Sender struct {
	client *gomail.Client
	from   string
	brand  brand.Brand
}

// sendFor bounds a delivery: an applicant waits for it.
const sendFor = 10 * time.Second

// New returns a sender. It does not connect. Its errors never repeat the URL, which may hold a password.
func New(o Options) (*Sender, error) {
	u, err := url.Parse(o.URL)
	if err != nil || u.Hostname() == "" || (u.Scheme != "smtp" && u.Scheme != "smtps") {
		return nil, errors.New("not an SMTP URL such as smtp://user:password@mail.example.com:587")
	}
	options, err := clientOptions(u)
	if err != nil {
		return nil, err
	}
	client, err := gomail.NewClient(u.Hostname(), options...)
	if err != nil {
		return nil, errors.New("SMTP URL: the mail library does not take it")
	}
	return &Sender{client: client, from: o.From, brand: o.Brand}, nil
}

func clientOptions(u *url.URL) ([]gomail.Option, error) {
	options := []gomail.Option{gomail.WithTimeout(sendFor)}
	if u.Port() != "" {
		port, err := strconv.Atoi(u.Port())
		if err != nil {
			return nil, errors.New("SMTP URL: the port is not a number")
		}
		options = append(options, gomail.WithPort(port))
	}
	switch {
	case u.Scheme == "smtps":
		options = append(options, gomail.WithSSL())
	case u.User != nil:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	default:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSOpportunistic))
	}
	if u.User != nil {
		password, _ := u.User.Password()
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover),
			gomail.WithUsername(u.User.Username()), gomail.WithPassword(password))
	}
	return options, nil
}

// SendCode implements [identity.Mailer].
func (s *Sender) SendCode(ctx context.Context, to identity.Email, code, locale string) error {
	ctx = i18n.With(ctx, i18n.Negotiate(locale))
	view := email.SignInCodeView{Brand: s.brand, Code: code, Minutes: int(identity.CodeValidity.Minutes())}
	var html bytes.Buffer
	if err := email.SignInCode(view).Render(ctx, &html); err != nil {
		return fmt.Errorf("rendering the e-mail: %w", err)
	}
	m := gomail.NewMsg()
	if err := errors.Join(m.From(s.from), m.To(to.Reveal())); err != nil {
		return errors.New("addressing the e-mail: the mail library does not take an address")
	}
	m.Subject(email.SignInCodeSubject(ctx, view))
	m.SetMessageID()
	m.SetDate()
	m.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: so that no robot answers
	m.SetBodyString(gomail.TypeTextPlain, email.SignInCodeText(ctx, view))
	m.AddAlternativeString(gomail.TypeTextHTML, html.String())
	ctx, cancel := context.WithTimeout(ctx, sendFor)
	defer cancel()
	if err := s.client.DialAndSendWithContext(ctx, m); err != nil {
		return unaddressed(err, to)
	}
	return nil
}

// unaddressed is the error without the applicant, whom servers and the mail library name in theirs.
func unaddressed(err error, to identity.Email) error {
	address := regexp.QuoteMeta(to.Reveal())
	local, _, _ := strings.Cut(address, "@")
	named := regexp.MustCompile(`(?i)` + address + `|\b` + local + `\b`)
	return fmt.Errorf("smtp: %s", named.ReplaceAllLiteralString(err.Error(), fmt.Sprint(to)))
}
