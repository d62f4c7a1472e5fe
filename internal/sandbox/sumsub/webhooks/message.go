package webhooks

import (
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"
)

// maxData is the largest payload, in bytes: many times the largest one of Sumsub's.
const maxData = 1 << 20

// stampLayout is how a payload writes the time, which is UTC.
const stampLayout = "2006-01-02 15:04:05.000"

// Message is a webhook as it travels, with what is known about it here. Sumsub's webhooks have no id: this one is the
// log's, and a repetition has another one.
type Message struct {
	ID             string    `json:"id"`
	Event          string    `json:"event"`
	ApplicantID    string    `json:"applicant_id"`
	ExternalUserID string    `json:"external_user_id"`
	QueuedAt       time.Time `json:"queued_at"`
	Body           string    `json:"body"` // the very bytes that are signed, at every attempt
}

// complete adds what every payload has to what the event says. The lock is held.
func (q *Queue) complete(event string, payload map[string]any) {
	payload["type"] = event
	if _, ok := payload["createdAtMs"]; !ok {
		payload["createdAtMs"] = q.config.Now().UTC().Format(stampLayout)
	}
	if _, ok := payload["correlationId"]; !ok {
		payload["correlationId"] = "req-" + q.newID()
	}
}

// apply makes a payload poorer, as the options want it.
func (o Options) apply(payload map[string]any) {
	if o.MissingOptional {
		maps.DeleteFunc(payload, func(name string, _ any) bool { return !slices.Contains(essential, name) })
	}
	if mode, ok := payload["sandboxMode"].(bool); ok && o.SandboxModeAsString {
		payload["sandboxMode"] = strconv.FormatBool(mode)
	}
}

// newMessage writes a payload. The lock is held.
func (q *Queue) newMessage(payload map[string]any) Message {
	text := func(name string) string {
		value, _ := payload[name].(string)
		return value
	}
	return Message{
		ID:             q.newID(),
		Event:          text("type"),
		ApplicantID:    text("applicantId"),
		ExternalUserID: text("externalUserId"),
		QueuedAt:       q.config.Now(),
		Body:           pretty(payload),
	}
}

// newID makes an identifier. The lock is held.
func (q *Queue) newID() string {
	id, err := uuid.NewRandomFromReader(q.config.Random)
	if err != nil {
		panic("reading randomness: " + err.Error())
	}
	return id.String()
}
