package mailbox

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // reads mail in character sets other than UTF-8
	netmail "github.com/emersion/go-message/mail"
)

// parse decodes a message. What cannot be parsed is kept as text: a mailbox loses nothing.
func parse(raw []byte) Message {
	reader, err := netmail.CreateReader(bytes.NewReader(raw))
	if err != nil && !message.IsUnknownCharset(err) {
		return Message{Text: string(raw)}
	}
	defer func() { _ = reader.Close() }()

	var msg Message
	if msg.Subject, err = reader.Header.Subject(); err != nil {
		msg.Subject = reader.Header.Get("Subject")
	}
	if senders, err := reader.Header.AddressList("From"); err == nil && len(senders) > 0 {
		msg.Sender = named(senders[0])
	}
	for {
		part, err := reader.NextPart()
		if err != nil && !message.IsUnknownCharset(err) {
			if !errors.Is(err, io.EOF) && msg.Text == "" && msg.HTML == "" {
				msg.Text = string(raw)
			}
			return msg
		}
		msg.take(part)
	}
}

// named writes a sender as people read it.
func named(sender *netmail.Address) string {
	if sender.Name == "" {
		return sender.Address
	}
	return sender.Name + " <" + sender.Address + ">"
}

// take keeps the first text and the first HTML part; attachments are of no interest here.
func (msg *Message) take(part *netmail.Part) {
	header, ok := part.Header.(*netmail.InlineHeader)
	if !ok {
		return
	}
	kind, _, err := header.ContentType()
	if err != nil {
		kind = "text/plain"
	}
	content, err := io.ReadAll(part.Body)
	if err != nil && len(content) == 0 {
		return
	}
	text := strings.ReplaceAll(string(content), "\r\n", "\n")
	switch {
	case kind == "text/html" && msg.HTML == "":
		msg.HTML = text
	case kind == "text/plain" && msg.Text == "":
		msg.Text = text
	}
}
