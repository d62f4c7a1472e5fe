// Package mail sends the portal's e-mails over SMTP, rendered from templates/email in the applicant's language, and reads
// what mail servers say of them later.
//
// [Sender] sends; server.go talks to the mail server and refusal.go judges its answers. [ParseBounce] reads the messages
// by which e-mails come back. An e-mail is known by its [identity.MailID] on all its way.
package mail

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	netmail "net/mail"
	"strings"

	"github.com/a-h/templ"
	gomail "github.com/wneessen/go-mail"

	"portal/internal/brand"
	"portal/internal/i18n"
	"portal/internal/identity"
	"portal/templates/email"
)

// Options is what a Sender needs. All fields but Brands are required.
type Options struct {
	// URL is smtp://[user:password@]host[:port] or smtps:// for TLS from the first byte. With a user, the connection
	// must become encrypted (STARTTLS); without one it does where the server offers it.
	URL   string
	From  string // the sender's address, with or without a name
	Page  string // the URL of the page that e-mails lead to
	Brand brand.Brand
	// Brands are those of the flows that look otherwise.
	Brands map[string]brand.Brand
	// Languages are those that the company's applicants are written to in.
	Languages *i18n.Languages
}

// Sender sends e-mails, a connection each.
type Sender struct {
	server *server
	from   string
	domain string // of the sender's address
	page   string
	brand  brand.Brand
	brands map[string]brand.Brand

	languages *i18n.Languages
}

// New returns a sender. It does not connect. Its errors never repeat the URL, which may hold a password.
func New(o Options) (*Sender, error) {
	at, err := parseServer(o.URL)
	if err != nil {
		return nil, err
	}
	from, err := netmail.ParseAddress(o.From)
	if err != nil {
		return nil, errors.New("the sender is not an e-mail address")
	}
	_, domain, _ := strings.Cut(from.Address, "@")
	return &Sender{server: at, from: o.From, domain: domain, page: o.Page, brand: o.Brand, brands: o.Brands, languages: o.Languages}, nil
}

// SendCode implements [identity.Mailer].
func (s *Sender) SendCode(ctx context.Context, c identity.CodeMail) error {
	m, err := s.codeMessage(ctx, c)
	if err != nil {
		return err
	}
	if err := s.server.deliver(ctx, m, c.ID); err != nil {
		return judge(err, c.To, c.ID)
	}
	return nil
}

// brandOf is how the e-mails of a flow look.
func (s *Sender) brandOf(flow string) brand.Brand {
	if b, ok := s.brands[flow]; ok {
		return b
	}
	return s.brand
}

// codeMessage is the e-mail with a sign-in code.
func (s *Sender) codeMessage(ctx context.Context, c identity.CodeMail) (*gomail.Msg, error) {
	ctx = i18n.With(ctx, s.languages.Negotiate(c.Locale))
	view := email.SignInCodeView{Brand: s.brandOf(c.Flow), Code: c.Code, Minutes: int(identity.CodeValidity.Minutes())}
	return s.message(ctx, c.To, c.ID, email.SignInCodeSubject(ctx, view), email.SignInCodeText(ctx, view), email.SignInCode(view))
}

// message is an e-mail in the language of the context. The text comes first: programs show the last part that they can.
func (s *Sender) message(ctx context.Context, to identity.Email, id identity.MailID, subject, text string, page templ.Component) (*gomail.Msg, error) {
	var html bytes.Buffer
	if err := page.Render(ctx, &html); err != nil {
		return nil, fmt.Errorf("rendering the e-mail: %w", err)
	}
	m := gomail.NewMsg()
	if err := errors.Join(m.From(s.from), m.To(to.Reveal())); err != nil {
		return nil, errors.New("addressing the e-mail: the mail library does not take an address")
	}
	m.Subject(subject)
	m.SetMessageIDWithValue(string(id) + "@" + s.domain)
	m.SetDate()
	m.SetGenHeader(gomail.HeaderContentLang, i18n.From(ctx).Lang())
	m.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: so that no robot answers
	m.SetBodyString(gomail.TypeTextPlain, text)
	m.AddAlternativeString(gomail.TypeTextHTML, html.String())
	return m, nil
}
