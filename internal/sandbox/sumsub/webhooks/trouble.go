package webhooks

import (
	"cmp"
	"time"
)

// Mode is a kind of trouble.
type Mode string

// The troubles a receiver can be put to.
const (
	Duplicate    Mode = "duplicate"     // the last Count delivered webhooks, or the one with ID, are delivered once more
	Shuffle      Mode = "shuffle"       // the next Count webhooks arrive one by one in another order
	Late         Mode = "late"          // each of the next Count webhooks is overtaken by others for DelayMS
	Unknown      Mode = "unknown"       // a webhook of a type that nobody has heard of is sent
	BadSecret    Mode = "bad_secret"    // a webhook is sent that was not signed as it should be
	MissingField Mode = "missing_field" // each of the next Count webhooks lacks Fields
)

// Wrong is what is wrong about a forged webhook.
type Wrong string

// What can be wrong about a signature.
const (
	WrongKey       Wrong = "key"       // it was signed with another secret
	WrongBody      Wrong = "body"      // the body was changed after it had been signed
	WrongAlgorithm Wrong = "algorithm" // the header names an algorithm that there is not
	WrongHeader    Wrong = "header"    // there is no header with the digest
)

// provider is what a trouble names as the one whose webhooks it is about.
const provider = "sumsub"

// unheardOf is the type of an Unknown trouble unless it is given.
const unheardOf = "applicantSomethingNew"

// usuallyMissing are the members that Sumsub's own samples lack here and there.
var usuallyMissing = []string{"applicantType", "sandboxMode", "clientId"}

// Trouble is one order for trouble. A mode refuses members that mean nothing to it. Shuffle holds webhooks back until
// Count of them are there, or until WithinMS after the first. All times are the sandbox's.
type Trouble struct {
	Provider    string         `json:"provider,omitempty"` // sumsub, or empty
	Mode        Mode           `json:"mode"`
	Count       int            `json:"count,omitempty"`        // unless given 5 for Shuffle, 1 for others
	Seed        uint64         `json:"seed,omitempty"`         // of Shuffle: the same one makes the same order again
	DelayMS     int            `json:"delay_ms,omitempty"`     // of Late, 2000 unless given
	WithinMS    int            `json:"within_ms,omitempty"`    // of Shuffle, 2000 unless given
	Event       string         `json:"event,omitempty"`        // of Unknown and BadSecret
	ID          string         `json:"id,omitempty"`           // of Duplicate: a delivery that was accepted
	ApplicantID string         `json:"applicant_id,omitempty"` // for the payload of Unknown and BadSecret
	Data        map[string]any `json:"data,omitempty"`         // of Unknown and BadSecret, instead of ApplicantID
	Wrong       Wrong          `json:"wrong,omitempty"`        // of BadSecret, key unless given
	Fields      []string       `json:"fields,omitempty"`       // of MissingField: those that Sumsub's samples lack, unless given
}

// withDefaults fills in what the caller left out.
func (t Trouble) withDefaults() Trouble {
	t.Provider = provider
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
		t.Wrong = cmp.Or(t.Wrong, WrongKey)
	case MissingField:
		t.Count = cmp.Or(t.Count, 1)
		if len(t.Fields) == 0 {
			t.Fields = usuallyMissing
		}
	}
	return t
}

// holds is how long a webhook is kept back at most.
func (t Trouble) holds() time.Duration { return milliseconds(t.DelayMS + t.WithinMS) }
