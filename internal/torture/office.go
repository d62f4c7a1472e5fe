package torture

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
)

// webhookSecret is what the sandbox and the portal have agreed on; it must be in no log.
const webhookSecret = "torture-webhook-secret"

// letter is a webhook on its way.
type letter struct {
	id      string
	profile string
	body    json.RawMessage
}

// office takes the webhooks that the sandbox sends and delivers them as the plan wants.
type office struct {
	mu           sync.Mutex // the sandbox sends from a goroutine of its own
	waiting      []letter
	delivered    []letter // for duplicates
	acknowledged []string
	told         map[string]bool // profiles that those are about
	forged       []string
	made         int // bodies that the sandbox did not send
	unreadable   int // of them, acknowledged
}

// ServeHTTP receives what the sandbox sends.
func (o *office) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	var envelope struct {
		ID   string `json:"id"`
		Data struct {
			ProfileID string `json:"profile_id"`
		} `json:"data"`
	}
	if err != nil || json.Unmarshal(body, &envelope) != nil {
		http.Error(w, "not a webhook", http.StatusBadRequest)
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.waiting = append(o.waiting, letter{envelope.ID, envelope.Data.ProfileID, body})
}

// delivery is some letters in one body.
type delivery struct {
	name    string
	secret  string
	body    []byte
	letters []letter
	forged  bool
	broken  bool // nobody can read it
}

// collect makes up a delivery: mostly the next letter, sometimes something worse. ok is false where there is nothing.
func (o *office) collect(choose Chooser) (d delivery, ok bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.waiting) == 0 && len(o.delivered) == 0 {
		return d, false
	}
	manners := []string{"in order", "in order", "in order", "shuffled", "batch", "wrapped batch", "again", "forged", "forged inside", "unknown", "unreadable"}
	manner := manners[choose(len(manners), "manner")]
	d = delivery{name: manner, secret: webhookSecret}
	switch {
	case manner == "unknown":
		return o.odd(d, `{"id":"odd-%d","event":"NEVER_HEARD_OF","secret":"`+webhookSecret+`","data":{}}`), true
	case manner == "unreadable":
		o.made++
		d.body, d.broken = fmt.Appendf(nil, `{"id":"broken-%d`, o.made), true
		return d, true
	case len(o.waiting) == 0 || manner == "again" && len(o.delivered) > 0:
		if len(o.delivered) == 0 {
			return d, false
		}
		d.name = "again"
		d.letters = []letter{o.delivered[choose(len(o.delivered), "which again")]}
	case manner == "shuffled":
		d.letters = []letter{o.waiting[choose(len(o.waiting), "which letter")]}
	case manner == "batch", manner == "wrapped batch":
		d.letters = slices.Clone(o.waiting[:1+choose(len(o.waiting), "batch size")])
	case manner == "forged", manner == "forged inside":
		return o.forge(d), true
	default:
		d.letters = slices.Clone(o.waiting[:1])
	}
	d.body = d.letters[0].body
	if manner == "batch" {
		d.body = joined(d.letters)
	}
	if manner == "wrapped batch" {
		d.body = fmt.Appendf(nil, `{"webhooks":%s}`, joined(d.letters))
	}
	return d, true
}

// odd is a delivery of a message that nobody knows, with an id of its own.
func (o *office) odd(d delivery, format string) delivery {
	o.made++
	l := letter{id: fmt.Sprintf("odd-%d", o.made)}
	l.body = fmt.Appendf(nil, format, o.made)
	d.letters, d.body = []letter{l}, l.body
	return d
}

// forge is a delivery with a wrong secret, in the header or in the body.
func (o *office) forge(d delivery) delivery {
	id := fmt.Sprintf("forged-%d", len(o.forged))
	o.forged = append(o.forged, id)
	inside := "guessed"
	if d.name == "forged" {
		d.secret, inside = "guessed", webhookSecret
	}
	d.forged = true
	d.body = fmt.Appendf(nil, `{"id":%q,"event":"CUSTOMER_REQUEST_CHANGED","secret":%q,"data":{}}`, id, inside)
	return d
}

func joined(letters []letter) []byte {
	bodies := make([]json.RawMessage, len(letters))
	for i, l := range letters {
		bodies[i] = l.body
	}
	text, err := json.Marshal(bodies)
	if err != nil {
		panic(err) // they were JSON when they came
	}
	return text
}

// waits is how many letters wait.
func (o *office) waits() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.waiting)
}

// atLast is a delivery of the next letter, as it came. There must be one.
func (o *office) atLast() delivery {
	o.mu.Lock()
	defer o.mu.Unlock()
	return delivery{name: "at last", secret: webhookSecret, body: o.waiting[0].body, letters: slices.Clone(o.waiting[:1])}
}

// accept is told that the portal has acknowledged a delivery: the sender will not send it again.
func (o *office) accept(d delivery) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if d.broken {
		o.unreadable++
	}
	for _, l := range d.letters {
		o.acknowledged = append(o.acknowledged, l.id)
		o.told[l.profile] = true
		was := len(o.waiting)
		o.waiting = slices.DeleteFunc(o.waiting, func(w letter) bool { return w.id == l.id })
		if len(o.waiting) < was {
			o.delivered = append(o.delivered, l)
		}
	}
}
