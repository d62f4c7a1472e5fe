package inbox

import (
	"context"
	"fmt"
	"log/slog"
)

// Shelf takes messages in.
type Shelf interface {
	// Put stores the messages of one delivery in its order, in one round trip, and returns after commit. One that is
	// there already, by provider and id, stays as it is.
	Put(ctx context.Context, messages []Message) error
}

// Admit returns nil when a delivery that shows this proof may be read at all, so that strangers cannot have us read their
// bodies where that can be told beforehand; otherwise why it may not.
func (i *Inbox) Admit(provider string, p Proof) error {
	d, ok := i.Decoders[provider]
	if !ok {
		return ErrUnknownProvider
	}
	return d.Admit(p)
}

// Receive checks and stores a delivery. It returns nil only when every message of it is committed; ErrForged when the
// delivery is not the provider's; errors of the store as they are. cut says that the body was longer than is read.
func (i *Inbox) Receive(ctx context.Context, provider string, p Proof, body []byte, cut bool) error {
	d, ok := i.Decoders[provider]
	if !ok {
		return ErrUnknownProvider
	}
	messages, err := d.Decode(p, body, cut)
	if err != nil {
		return fmt.Errorf("reading a delivery of %s: %w", provider, err)
	}
	i.stamp(provider, messages)
	if err := i.acknowledge(ctx, messages); err != nil {
		return fmt.Errorf("storing a delivery of %s: %w", provider, err)
	}
	i.reportQuarantined(ctx, messages)
	i.arrived.ring()
	i.outgoing.ring()
	return nil
}

// stamp writes down what the decoder cannot know. What cannot be read is not sent on.
func (i *Inbox) stamp(provider string, messages []Message) {
	now := i.Now()
	_, forwards := i.Forwarders[provider]
	for k := range messages {
		m := &messages[k]
		m.Provider, m.ReceivedAt, m.Forward = provider, now, forwards && m.Trouble == ""
	}
}

// reportQuarantined raises an alert for each message that a person has to look at.
func (i *Inbox) reportQuarantined(ctx context.Context, messages []Message) {
	for _, m := range messages {
		if m.Trouble != "" {
			i.Log.ErrorContext(ctx, "webhook quarantined", slog.String("provider", m.Provider),
				slog.String("trouble", m.Trouble), slog.Int("bytes", len(m.Body)))
		}
	}
}
