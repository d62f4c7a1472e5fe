package webhooks

import (
	"encoding/json"
	"fmt"

	"github.com/google/uuid"
)

// maxData is the largest data of a message, in bytes: several times the largest profile.
const maxData = 4 << 20

// Message is a webhook without its secret, which it gets only on its way.
type Message struct {
	ID        string          `json:"id"` // stays the same however often it is delivered
	Event     string          `json:"event"`
	Timestamp int64           `json:"timestamp"` // of the event, in Unix seconds
	Data      json.RawMessage `json:"data"`
}

// message is one delivery of a Message. Its id, event, timestamp and data never change.
type message struct {
	Message
	batch    int // messages with the same number travel in one request; 0 is none
	attempts int // so far
}

// envelope is a message as PassFort's documentation shows it. The secret travels here and in the header Authorization.
type envelope struct {
	ID        string          `json:"id"`
	Event     string          `json:"event"`
	Secret    string          `json:"secret"`
	Timestamp int64           `json:"timestamp"`
	Data      json.RawMessage `json:"data"`
}

// newMessage makes a message of this moment. The lock is held.
func (q *Queue) newMessage(event string, data json.RawMessage) *message {
	return &message{Message: Message{
		ID:        q.newID(),
		Event:     event,
		Timestamp: q.config.Now().Unix(),
		Data:      data,
	}}
}

// newID makes an identifier. The lock is held.
func (q *Queue) newID() string {
	id, err := uuid.NewRandomFromReader(q.config.Random)
	if err != nil {
		panic("reading randomness: " + err.Error())
	}
	return id.String()
}

// profileID is the profile that a message is about, if it says so.
func (m Message) profileID() string {
	var data struct {
		ProfileID string `json:"profile_id"`
	}
	_ = json.Unmarshal(m.Data, &data) // data of another kind is about no profile
	return data.ProfileID
}

// encodeData is the data of an event as it travels.
func encodeData(data map[string]any) (json.RawMessage, error) {
	raw, err := json.Marshal(data)
	if err != nil {
		return nil, fmt.Errorf("the data cannot be delivered: %w", err)
	}
	if len(raw) > maxData {
		return nil, fmt.Errorf("the data has %d bytes, but must not have more than %d", len(raw), maxData)
	}
	return raw, nil
}

// encode is the body of a request with these messages: a bare envelope, or several in the shape of a batch.
func encode(messages []Message, secret string, shape Shape) ([]byte, error) {
	envelopes := make([]envelope, len(messages))
	for i, m := range messages {
		envelopes[i] = envelope{ID: m.ID, Event: m.Event, Secret: secret, Timestamp: m.Timestamp, Data: m.Data}
	}
	var body any = envelopes
	switch shape {
	case Single:
		body = envelopes[0]
	case Object:
		body = map[string]any{"webhooks": envelopes}
	}
	encoded, err := json.Marshal(body)
	if err != nil {
		return nil, fmt.Errorf("encoding %d messages: %w", len(messages), err)
	}
	return encoded, nil
}
