package onboarding

import (
	"crypto/sha256"
	"encoding/json"
	"time"
)

// Entry is one change of a registration's state: who, what, when, and from which evidence. It holds no personal data
// and no secret.
type Entry struct {
	Seq      int64     `json:"seq"` // from 1, without gaps
	At       time.Time `json:"at"`  // in microseconds
	Actor    string    `json:"actor"`
	From     Status    `json:"from"` // empty for the first
	To       Status    `json:"to"`
	What     string    `json:"what"`
	Evidence string    `json:"evidence"`
	Profile  ProfileID `json:"profile"` // afterwards
	Request  RequestID `json:"request"` // afterwards
}

// Hash chains entries: it covers everything that an entry says, and the entry before it.
type Hash [sha256.Size]byte

// Chained is the hash of the registration's entry after the one whose hash is before; the zero hash is before the
// first.
func (e Entry) Chained(id RegistrationID, before Hash) Hash {
	e.At = e.At.UTC()
	text, err := json.Marshal(struct {
		Registration string `json:"registration"`
		Entry
	}{id.String(), e})
	if err != nil {
		panic(err) // of strings, a number and a time of this era
	}
	return sha256.Sum256(append(before[:], text...))
}

// Trail is where a registration's chain of entries stands, and what is to be added with the next save.
type Trail struct {
	Seq  int64
	Head Hash
	Add  []Entry
}

// Actors of changes. An operator's is OperatorPrefix and a name.
const (
	ActorApplicant = "applicant"
	ActorPortal    = "portal"
	ActorProvider  = "provider" // by a webhook
	OperatorPrefix = "operator "
)

// noted adds to the trail what has happened without a change of status.
func (r Registration) noted(what, evidence string) Registration {
	return r.moved(r.Status, what, evidence)
}

// moved adds to the trail what has become of the registration.
func (r Registration) moved(from Status, what, evidence string) Registration {
	e := Entry{From: from, To: r.Status, What: what, Evidence: evidence, Profile: r.Profile}
	if r.Request != nil {
		e.Request = r.Request.ID
	}
	r.Trail.Add = append(r.Trail.Add[:len(r.Trail.Add):len(r.Trail.Add)], e)
	return r
}

// Revived says whether the changes that are to be added set a registration going that had come to rest.
func (r Registration) Revived() bool {
	for _, e := range r.Trail.Add {
		if e.From != "" && !e.From.moving() && e.To.moving() {
			return true
		}
	}
	return false
}

// by says who made the changes that are to be added, and when.
func (r Registration) by(actor string, now time.Time) Registration {
	add := make([]Entry, len(r.Trail.Add))
	for i, e := range r.Trail.Add {
		e.Seq, e.Actor, e.At = r.Trail.Seq+int64(i)+1, actor, now.Truncate(time.Microsecond)
		add[i] = e
	}
	r.Trail.Add = add
	return r
}

// Extended is the trail with what was to be added, and the hashes of the added entries, in their order.
func (t Trail) Extended(id RegistrationID) (Trail, []Hash) {
	hashes := make([]Hash, len(t.Add))
	for i, e := range t.Add {
		t.Head = e.Chained(id, t.Head)
		t.Seq, hashes[i] = e.Seq, t.Head
	}
	t.Add = nil
	return t, hashes
}
