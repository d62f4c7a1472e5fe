package sandbox

import (
	"cmp"
	"io"
	"net/http"
	"regexp"

	"portal/internal/sandbox/mailbox"
)

// mailCSP lets an e-mail look as it does in a mail program, without scripts, forms or anything from elsewhere. Its
// links open in a new tab, since a frame is no place for the pages they lead to.
const mailCSP = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; " +
	"frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"

// mailView is what the mailbox shows.
type mailView struct {
	To       string // whose mail; empty for everybody's
	Messages []mailbox.Message
	SMTP     string // where it listens, empty if it does not
}

func (s *Sandbox) showMail(r *http.Request) (view, error) {
	to := r.URL.Query().Get("to")
	shown := mailView{To: to, Messages: s.mailbox.Messages(to), SMTP: s.mailbox.Addr()}
	return view{template: "mail.html", title: "Mailbox", place: "/mail", data: shown}, nil
}

func (s *Sandbox) showMessage(r *http.Request) (view, error) {
	msg, ok := s.mailbox.Message(r.PathValue("id"))
	if !ok {
		return view{}, errNoPage
	}
	return view{template: "message.html", title: cmp.Or(msg.Subject, "(no subject)"), place: "/mail", data: msg}, nil
}

// afterHead finds the place in an HTML document where its head has begun.
var afterHead = regexp.MustCompile(`(?i)<head(\s[^>]*)?>`)

// showMessageHTML answers with an e-mail's HTML part, for the frame in its page.
func (s *Sandbox) showMessageHTML(w http.ResponseWriter, r *http.Request) {
	msg, ok := s.mailbox.Message(r.PathValue("id"))
	if !ok || msg.HTML == "" {
		s.showProblem(w, r, "/mail", errNoPage)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", mailCSP)
	w.Header().Set("Referrer-Policy", "no-referrer")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = io.WriteString(w, withBase(msg.HTML))
}

// withBase makes the links of a document open in a new tab.
func withBase(html string) string {
	const base = `<base target="_blank">`
	if place := afterHead.FindStringIndex(html); place != nil {
		return html[:place[1]] + base + html[place[1]:]
	}
	return base + html
}
