package passfort

import (
	"bytes"
	_ "embed"
	"fmt"
	htmltemplate "html/template"
	"strings"
	"text/template"
	"time"

	netmail "github.com/emersion/go-message/mail"
)

// emailSender is the sender that the e-mail theme names.
const emailSender = "onboarding@company.example"

var (
	//go:embed front/email.txt
	emailText string
	//go:embed front/email.html
	emailHTML string

	emailTextTemplate = template.Must(template.New("text").Parse(emailText))
	emailHTMLTemplate = htmltemplate.Must(htmltemplate.New("html").Parse(emailHTML))
)

// link is what the button of a request e-mail opens: the customer's page with the pair in its query.
func (p *Provider) link(req *request) string {
	mark := "?"
	if strings.Contains(p.config.FormURL, "?") {
		mark = "&"
	}
	return p.config.FormURL + mark + "request_id=" + req.id + "&apikey=" + req.apikey
}

// requestEmail is the whole message that carries a link, as text and as HTML.
func requestEmail(to, link string, now time.Time) (string, error) {
	view := struct{ Link string }{link}
	var text, html bytes.Buffer
	if err := emailTextTemplate.Execute(&text, view); err != nil {
		return "", fmt.Errorf("writing the text part: %w", err)
	}
	if err := emailHTMLTemplate.Execute(&html, view); err != nil {
		return "", fmt.Errorf("writing the HTML part: %w", err)
	}
	var header netmail.Header
	header.SetDate(now)
	header.SetAddressList("From", []*netmail.Address{{Name: "Northlight", Address: emailSender}})
	header.SetAddressList("To", []*netmail.Address{{Address: to}})
	header.SetSubject("Please complete your registration")
	if err := header.GenerateMessageIDWithHostname("company.example"); err != nil {
		return "", fmt.Errorf("making a message id: %w", err)
	}
	return writeMessage(header, text.Bytes(), html.Bytes())
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
