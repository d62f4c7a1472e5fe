package webhooks

import (
	"cmp"
	"time"
)

// Mode is a kind of trouble.
type Mode string

// The troubles a receiver can be put to.
const (
	Duplicate Mode = "duplicate"  // the last Count delivered messages, or the one with ID, are delivered once more
	Shuffle   Mode = "shuffle"    // the next Count messages are delivered in another order
	Late      Mode = "late"       // each of the next Count messages is overtaken by others for DelayMS
	Unknown   Mode = "unknown"    // a message with an event that nobody has heard of is queued
	BadSecret Mode = "bad_secret" // a message is delivered past the line with a wrong secret
	Batch     Mode = "batch"      // the next Count messages are delivered in one request
)

// Place is where a forged message has a wrong secret.
type Place string

// The places of the secret.
const (
	InBody   Place = "body"
	InHeader Place = "header"
	InBoth   Place = "both"
)

// unheardOf is the event of an Unknown trouble unless it is given.
const unheardOf = "SOMETHING_NEW_CHANGED"

// Trouble is one order for trouble. A mode refuses members that mean nothing to it. Shuffle and Batch hold messages
// back until Count of them are there, or until WithinMS after the first.
type Trouble struct {
	Provider  string         `json:"provider,omitempty"` // passfort, or empty
	Mode      Mode           `json:"mode"`
	Count     int            `json:"count,omitempty"`      // unless given 5 for Shuffle, 10 for Batch, 1 for others
	Seed      uint64         `json:"seed,omitempty"`       // of Shuffle: the same one makes the same order again
	DelayMS   int            `json:"delay_ms,omitempty"`   // of Late, 2000 unless given
	WithinMS  int            `json:"within_ms,omitempty"`  // of Shuffle and Batch, 2000 unless given
	Event     string         `json:"event,omitempty"`      // of Unknown and BadSecret, delivered as it is written here
	ID        string         `json:"id,omitempty"`         // of Duplicate: a delivered message
	ProfileID string         `json:"profile_id,omitempty"` // for the data of Unknown and BadSecret; a new one unless given
	Data      map[string]any `json:"data,omitempty"`       // of Unknown and BadSecret, instead of ProfileID
	Place     Place          `json:"place,omitempty"`      // of BadSecret, both unless given
}

// withDefaults fills in what the caller left out.
func (t Trouble) withDefaults() Trouble {
	switch t.Mode {
	case Duplicate:
		if t.ID == "" {
			t.Count = cmp.Or(t.Count, 1)
		}
	case Shuffle:
		t.Count, t.WithinMS = cmp.Or(t.Count, 5), cmp.Or(t.WithinMS, 2000)
	case Late:
		t.Count, t.DelayMS = cmp.Or(t.Count, 1), cmp.Or(t.DelayMS, 2000)
	case BadSecret:
		t.Place = cmp.Or(t.Place, InBoth)
	case Batch:
		t.Count, t.WithinMS = cmp.Or(t.Count, 10), cmp.Or(t.WithinMS, 2000)
	}
	return t
}

// holds is how long a message is kept away from the line at most.
func (t Trouble) holds() time.Duration { return milliseconds(t.DelayMS + t.WithinMS) }
