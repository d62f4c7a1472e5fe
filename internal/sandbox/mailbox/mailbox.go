// Package mailbox is the e-mail in-tray of everybody: an SMTP server that takes mail for any recipient, keeps it in
// memory and shows it decoded. Nothing ever leaves the machine. For trying what happens without: addresses of
// refused.example do not exist, and mail for away.example is put off.
package mailbox

import (
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
)

// Message is one e-mail as it arrived, its parts decoded.
type Message struct {
	ID         string    `json:"id"`
	To         string    `json:"to"`     // the envelope's recipients, comma-separated
	From       string    `json:"from"`   // the envelope's sender
	Sender     string    `json:"sender"` // as the message names them, such as Northlight <onboarding@company.example>
	Subject    string    `json:"subject"`
	Text       string    `json:"text"`
	HTML       string    `json:"html"`
	ReceivedAt time.Time `json:"received_at"`
	EnvelopeID string    `json:"envelope_id,omitempty"` // what the sender wants it called if it comes back (ENVID of SMTP)

	recipients []string
}

// Mailbox keeps messages and serves SMTP. It is safe for concurrent use.
type Mailbox struct {
	now func() time.Time

	mu       sync.Mutex
	messages []Message // oldest first
	arrived  int       // ever, so that an id is never given twice
	server   *smtp.Server
	listener net.Listener
	serving  sync.WaitGroup
}

// New returns an empty mailbox that stamps messages with now.
func New(now func() time.Time) *Mailbox {
	return &Mailbox{now: now}
}

// Messages returns what arrived for an address, or for everybody if to is empty, newest first.
func (m *Mailbox) Messages(to string) []Message {
	m.mu.Lock()
	defer m.mu.Unlock()
	found := []Message{}
	for _, msg := range slices.Backward(m.messages) {
		if to == "" || msg.isFor(to) {
			found = append(found, msg)
		}
	}
	return found
}

// Message returns one message by its id.
func (m *Mailbox) Message(id string) (Message, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	i := slices.IndexFunc(m.messages, func(msg Message) bool { return msg.ID == id })
	if i < 0 {
		return Message{}, false
	}
	return m.messages[i], true
}

// Load puts saved messages, newest first, in the place of the present ones.
func (m *Mailbox) Load(saved []Message) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.messages = slices.Clone(saved)
	slices.Reverse(m.messages)
	for i := range m.messages {
		m.messages[i].recipients = strings.Split(m.messages[i].To, ", ")
		if n, err := strconv.Atoi(m.messages[i].ID); err == nil {
			m.arrived = max(m.arrived, n)
		}
	}
}

// Reset throws every message away.
func (m *Mailbox) Reset() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.messages = nil
}

// receive files a message that came with this envelope.
func (m *Mailbox) receive(e envelope, r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return fmt.Errorf("reading the message: %w", err)
	}
	msg := parse(raw)
	msg.From, msg.EnvelopeID = e.from, e.id
	msg.recipients = e.to
	msg.To = strings.Join(e.to, ", ")

	m.mu.Lock()
	defer m.mu.Unlock()
	m.arrived++
	msg.ID = fmt.Sprint(m.arrived)
	msg.ReceivedAt = m.now()
	m.messages = append(m.messages, msg)
	return nil
}

// isFor says whether the address is among the envelope's recipients.
func (msg Message) isFor(address string) bool {
	return slices.ContainsFunc(msg.recipients, func(r string) bool { return strings.EqualFold(r, address) })
}
