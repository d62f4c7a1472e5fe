// Package inbox receives the webhooks of providers: it stores each once before it is acknowledged, hands them on in the
// order of their profiles, and sends them on to the company's own receiver where there is one.
//
// A provider is answered "received" only when [Inbox.Receive] returns nil, which it does after the messages are
// committed. From then on nothing is lost: a message that nobody can read is quarantined with its bytes, and every
// other one is handed to [Inbox.Hand] until that succeeds. It may be handed on more than once, so whoever takes it
// treats it as a hint to read the provider's truth.
//
// Read [Message] and [Inbox] first; receive.go, process.go and forward.go follow a message's way.
package inbox

import (
	"context"
	"errors"
	"log/slog"
	"time"
)

// ErrForged means that a delivery does not prove to be the provider's by the secret that was agreed on. Nothing of it is
// kept.
var ErrForged = errors.New("the webhook is not proved to be the provider's")

// ErrUnknownProvider means that no webhooks of that provider are expected.
var ErrUnknownProvider = errors.New("no webhooks of that provider are expected")

// The outcomes that a message can tell of a customer request.
const (
	Sent      = "SENT"
	Completed = "COMPLETED"
	Expired   = "EXPIRED"
)

// Message is one webhook of a provider.
type Message struct {
	Seq         int64     // our order of receipt; 0 before it is stored
	Provider    string    // such as "passfort"
	ID          string    // the provider's own id, or "sha256:…" of the content where there is none
	Event       string    // upper case, whatever the provider wrote
	Profile     string    // the provider's profile it is about; "" unknown
	CustomerRef string    // our reference for that profile as the provider says it; "" none
	Request     string    // the customer request it is about; "" none
	Outcome     string    // what it says of that request: "", Sent, Completed or Expired
	Body        Body      // the message as received, the secret cut out
	Trouble     string    // why it cannot be read; then it is quarantined. Never quotes the content
	Forward     bool      // it is to be sent on to the company's own receiver
	ReceivedAt  time.Time // when we had it
}

// Line is the name of what the message is handed on in order with: its profile's, or its own.
func (m Message) Line() string {
	if m.Profile != "" {
		return "profile/" + m.Profile
	}
	return "message/" + m.ID
}

// Decoder checks and takes apart one provider's deliveries.
type Decoder interface {
	// Admit returns nil when a delivery that shows this proof may be read at all, and otherwise ErrForged with the reason.
	Admit(p Proof) error
	// Decode returns the messages of a delivery in their order, or ErrForged with the reason. A genuine body that was cut
	// off, or that cannot be read, becomes a message with a Trouble.
	Decode(p Proof, body []byte, cut bool) ([]Message, error)
	// DecodeAgain takes the kept bytes of a quarantined message apart, as Decode would today.
	DecodeAgain(body Body) ([]Message, error)
}

// Forwarder sends one message on to the company's own receiver, as the provider sent it.
type Forwarder interface {
	Forward(ctx context.Context, m Message) error
}

// Messages keeps webhooks. Its errors come to callers as they are, so that they can tell when the store is away.
type Messages interface {
	Shelf
	Lines
	Outbox
	Archive
}

// Inbox carries out the use cases of webhooks. All fields are required unless they say otherwise.
type Inbox struct {
	Messages   Messages
	Decoders   map[string]Decoder   // by provider
	Forwarders map[string]Forwarder // by provider; may be nil
	// Hand takes messages of one profile, oldest first, without their bodies. Those of a profile it is never given at
	// once twice; after an error, or a crash, it is given the same again.
	Hand      func(ctx context.Context, provider, profile string, messages []Message) error
	Retention time.Duration // how long bodies are kept
	Now       func() time.Time
	Jitter    func() float64 // in [0, 1)
	Log       *slog.Logger

	arrived  bell // something is to be handed on
	outgoing bell // something is to be sent on
}
