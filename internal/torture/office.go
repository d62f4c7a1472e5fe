package torture

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"

	"portal/internal/inbox"
)

// webhookSecret is what the sandbox and the portal have agreed on; it must be in no log.
const webhookSecret = "torture-webhook-secret"

// letter is a webhook on its way.
type letter struct {
	id      string
	profile string
	body    json.RawMessage
}

// sender is a provider whose webhooks an office takes: what they look like.
type sender interface {
	provider() string
	// manners are the ways in which they may come, the mildest first.
	manners() []string
	read(body []byte) (letter, error)
	// before says whether a letter was written before another, where the order of arrival may differ from run to run.
	before(a, b letter) int
	// proof is what makes a body the sender's.
	proof(body []byte) inbox.Proof
	// odd is a letter of a kind that nobody knows, and forged one that only looks like the sender's.
	odd(n int) letter
	forged(n int, inside bool) (letter, inbox.Proof)
}

// office takes the webhooks that the sandbox sends and delivers them as the plan wants.
type office struct {
	sender sender
	lossy  bool // some never come

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
	if err != nil {
		return
	}
	l, err := o.sender.read(body)
	if err != nil {
		http.Error(w, "not a webhook", http.StatusBadRequest)
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.waiting = append(o.waiting, l)
	slices.SortStableFunc(o.waiting, o.sender.before)
}

// delivery is some letters in one body.
type delivery struct {
	name    string
	proof   inbox.Proof
	body    []byte
	letters []letter
	forged  bool
	broken  bool // nobody can read it
	lost    bool // it never comes
}

// collect makes up a delivery: mostly the next letter, sometimes something worse. ok is false where there is nothing.
func (o *office) collect(choose Chooser) (d delivery, ok bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.waiting) == 0 && len(o.delivered) == 0 {
		return d, false
	}
	manners := o.sender.manners()
	manner := manners[choose(len(manners), "manner")]
	d = delivery{name: manner}
	switch {
	case manner == "unknown":
		o.made++
		d.letters = []letter{o.sender.odd(o.made)}
	case manner == "unreadable":
		o.made++
		d.body, d.broken = fmt.Appendf(nil, `{"id":"broken-%d`, o.made), true
	case manner == "forged", manner == "forged inside":
		return o.forge(d), true
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
	case manner == "lost" && o.lossy:
		o.waiting, d.lost = o.waiting[1:], true
		return d, true
	default:
		d.letters = slices.Clone(o.waiting[:1])
	}
	return o.sealed(d), true
}

// sealed is the delivery with its body and what proves it.
func (o *office) sealed(d delivery) delivery {
	switch {
	case d.name == "batch":
		d.body = joined(d.letters)
	case d.name == "wrapped batch":
		d.body = fmt.Appendf(nil, `{"webhooks":%s}`, joined(d.letters))
	case len(d.letters) > 0:
		d.body = d.letters[0].body
	}
	d.proof = o.sender.proof(d.body)
	return d
}

// forge is a delivery that is not the provider's, which shows in what comes with the body or in the body itself.
func (o *office) forge(d delivery) delivery {
	l, proof := o.sender.forged(len(o.forged), d.name == "forged inside")
	o.forged = append(o.forged, l.id)
	d.forged, d.body, d.proof = true, l.body, proof
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
	return o.sealed(delivery{name: "at last", letters: slices.Clone(o.waiting[:1])})
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
