package passfort

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"html"
	htmltemplate "html/template"
	"net/url"
	"strings"
	"text/template"

	netmail "github.com/emersion/go-message/mail"
)

var (
	//go:embed email.txt
	emailText string
	//go:embed email.html
	emailHTML string

	emailTextTemplate = template.Must(template.New("text").Parse(emailText))
	emailHTMLTemplate = htmltemplate.Must(htmltemplate.New("html").Parse(emailHTML))
)

// The places in a custom HTML template that PassFort fills in. How it marks them is not documented: these marks are the
// sandbox's own.
const (
	markText = "{{editable_text}}"
	markLink = "{{link}}"
)

// emailView is what the default template shows.
type emailView struct {
	Company, Title, Logo, Text, Button, ButtonColour, Footer, Link, Until string
}

// requestLink is what the button of a request e-mail opens: the customer's page with the pair in its query or, as an
// option, in its fragment.
func (p *Provider) requestLink(req *request) string {
	o := p.Options()
	pair := url.QueryEscape(o.LinkParams[0]) + "=" + req.ID + "&" + url.QueryEscape(o.LinkParams[1]) + "=" + req.APIKey
	mark := "?"
	switch {
	case o.LinkFragment:
		mark = "#"
	case strings.Contains(p.config.FormURL, "?"):
		mark = "&"
	}
	return p.config.FormURL + mark + pair
}

// writeLetter makes the whole message that carries a link, as text and as HTML. The lock is not held.
func (p *Provider) writeLetter(l letter) (string, error) {
	theme := p.account.Email
	view := emailView{
		Company: p.account.Institution, Title: l.subject, Logo: theme.Logo, Text: l.text, Button: theme.Button,
		ButtonColour: theme.ButtonColour, Footer: theme.Footer, Link: l.link, Until: l.until.Format("2 January 2006"),
	}
	plain, page, err := p.emailParts(view)
	if err != nil {
		return "", err
	}
	var header netmail.Header
	header.SetDate(p.now())
	header.SetAddressList("From", []*netmail.Address{{Name: theme.SenderName, Address: theme.SenderAddress}})
	header.SetAddressList("To", []*netmail.Address{{Address: l.to}})
	header.SetSubject(l.subject)
	_, host, _ := strings.Cut(theme.SenderAddress, "@")
	if err := header.GenerateMessageIDWithHostname(host); err != nil {
		return "", fmt.Errorf("making a message id: %w", err)
	}
	return writeMessage(header, plain, page)
}

// emailParts are the text and the HTML of an e-mail; the HTML from the custom template if there is one.
func (p *Provider) emailParts(view emailView) (plain, page []byte, err error) {
	var text, markup bytes.Buffer
	if err := emailTextTemplate.Execute(&text, view); err != nil {
		return nil, nil, fmt.Errorf("writing the text part: %w", err)
	}
	custom, err := p.template()
	if err != nil {
		return nil, nil, err
	}
	if custom != "" {
		return text.Bytes(), fillTemplate(custom, view), nil
	}
	if err := emailHTMLTemplate.Execute(&markup, view); err != nil {
		return nil, nil, fmt.Errorf("writing the HTML part: %w", err)
	}
	return text.Bytes(), markup.Bytes(), nil
}

// CheckTemplate says what a custom HTML template of e-mails lacks: it must have a place for the paragraph and one for the
// link.
func CheckTemplate(custom string) error {
	var errs []error
	for _, mark := range []string{markText, markLink} {
		if !strings.Contains(custom, mark) {
			errs = append(errs, fmt.Errorf("%w: the custom e-mail template lacks %s", ErrInvalid, mark))
		}
	}
	return errors.Join(errs...)
}

// template is the custom template of e-mails; empty if there is none.
func (p *Provider) template() (string, error) {
	custom, err := p.config.Template()
	if err != nil || custom == "" {
		return "", err
	}
	return custom, CheckTemplate(custom)
}

// fillTemplate puts the paragraph and the link into a custom template.
func fillTemplate(custom string, view emailView) []byte {
	filled := strings.NewReplacer(markText, html.EscapeString(view.Text), markLink, html.EscapeString(view.Link)).Replace(custom)
	return []byte(filled)
}

// writeMessage puts a message of two alternative parts together.
func writeMessage(header netmail.Header, text, html []byte) (string, error) {
	var message bytes.Buffer
	writer, err := netmail.CreateInlineWriter(&message, header)
	if err != nil {
		return "", fmt.Errorf("starting the message: %w", err)
	}
	for _, part := range []struct {
		kind    string
		content []byte
	}{{"text/plain", text}, {"text/html", html}} {
		var h netmail.InlineHeader
		h.SetContentType(part.kind, map[string]string{"charset": "utf-8"})
		h.Set("Content-Transfer-Encoding", "quoted-printable")
		w, err := writer.CreatePart(h)
		if err != nil {
			return "", fmt.Errorf("starting the %s part: %w", part.kind, err)
		}
		_, _ = w.Write(part.content) // into memory
		_ = w.Close()
	}
	if err := writer.Close(); err != nil {
		return "", fmt.Errorf("ending the message: %w", err)
	}
	return message.String(), nil
}
