package onboarding

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"hash"
	"iter"
	"time"
)

// TrailEnd is where a registration's trail ends by what its own row says, or by what is kept of it where that was deleted.
type TrailEnd struct {
	Registration RegistrationID
	Status       Status // empty where the registration is not there any more
	Seq          int64  // 0 where nothing has changed since there are trails
	Head         []byte
	Forgotten    *Forgotten // nil where it was not forgotten
}

// Forgotten says when a registration was that was deleted after its time.
type Forgotten struct {
	Began time.Time // zero where an earlier release forgot it
	Ended time.Time // its latest change
	At    time.Time // when it was deleted
}

// soonest is how long after its end a registration may be deleted: the settings refuse less than 30 days, and clocks differ.
const soonest = 29 * 24 * time.Hour

// KeptEntry is an entry as it is stored.
type KeptEntry struct {
	Entry
	Registration RegistrationID
	Hash         []byte
}

// Fault is a place where a trail does not hold.
type Fault struct {
	Registration RegistrationID
	Seq          int64 // of the entry
	What         string
}

// Audit is what a verification of all trails found.
type Audit struct {
	Registrations int64 // that have a trail
	Untrailed     int64 // that have none, because nothing has changed since there are trails
	Entries       int64
	Faults        int64
	Forgotten     int64 // that were deleted after their time
	Lost          int64 // forgotten ones of which the root should cover a part, which nobody knows any more
	Covered       int64 // registrations that the root covers
	Root          Hash  // covers the id and the head of every trail, in the order of the ids
}

// Auditor checks the trails of all registrations, part by part in the order of their ids, and tells every fault as it is
// found.
type Auditor struct {
	entries entries // of the part
	until   time.Time
	tell    func(Fault)
	root    hash.Hash
	audit   Audit
}

// NewAuditor returns one whose root covers the entries up to a time, or all of them where that is zero. A root of before a
// registration that was deleted since had come to its end cannot be computed again.
func NewAuditor(until time.Time, tell func(Fault)) *Auditor {
	return &Auditor{until: until, tell: tell, root: sha256.New()}
}

// Audit is what was found in all parts together.
func (a *Auditor) Audit() Audit {
	a.root.Sum(a.audit.Root[:0])
	return a.audit
}

// Part checks the registrations behind those of the part before it. Ends and entries are of one moment, and in the order of the
// registrations; entries then in that of their numbers.
func (a *Auditor) Part(ends []TrailEnd, kept iter.Seq2[KeptEntry, error]) error {
	pull, stop := iter.Pull2(kept)
	defer stop()
	a.entries = entries{pull: pull}
	a.entries.advance()
	for _, end := range ends {
		a.strays(func(id RegistrationID) bool { return bytes.Compare(id[:], end.Registration[:]) < 0 })
		if end.Forgotten != nil {
			a.forgotten(end)
		}
		if end.Status != "" {
			a.trail(end)
		}
	}
	a.strays(func(RegistrationID) bool { return true })
	return a.entries.err
}

// entries gives one after another.
type entries struct {
	pull func() (KeptEntry, error, bool)
	next KeptEntry // the entry to look at, if there is one more
	more bool
	err  error
}

func (e *entries) advance() {
	e.next, e.err, e.more = e.pull()
	e.more = e.more && e.err == nil
}

func (a *Auditor) fault(id RegistrationID, seq int64, format string, args ...any) {
	a.audit.Faults++
	a.tell(Fault{Registration: id, Seq: seq, What: fmt.Sprintf(format, args...)})
}

// strays passes over entries that no registration claims.
func (a *Auditor) strays(are func(RegistrationID) bool) {
	for e := &a.entries; e.more && are(e.next.Registration); e.advance() {
		a.audit.Entries++
		a.fault(e.next.Registration, e.next.Seq, "there is no such registration")
	}
}

// trail checks one registration's entries, each against what is stored of the one before it, so that one change makes
// few faults.
func (a *Auditor) trail(end TrailEnd) {
	var last KeptEntry
	var covered []byte // the head at until
	within := true
	for e := &a.entries; e.more && e.next.Registration == end.Registration; e.advance() {
		a.audit.Entries++
		a.follows(last, e.next)
		last = e.next
		if within = within && (a.until.IsZero() || !last.At.After(a.until)); within {
			covered = last.Hash
		}
	}
	if a.entries.err != nil {
		return
	}
	if covered != nil {
		a.cover(end.Registration, covered)
	}
	a.ends(last, end)
}

// cover has the root cover a trail.
func (a *Auditor) cover(id RegistrationID, head []byte) {
	a.audit.Covered++
	a.root.Write(id[:])
	a.root.Write(head)
}

// forgotten checks what is kept of a registration that was deleted, and has the root cover it as far as it can be known: how it
// stood at a time before its end cannot.
func (a *Auditor) forgotten(end TrailEnd) {
	f := end.Forgotten
	if kept := f.At.Sub(f.Ended); kept < soonest {
		a.fault(end.Registration, 0, "it was deleted %s after its last change, which is sooner than the portal does", max(kept, 0).Truncate(time.Minute))
	}
	if end.Status != "" {
		a.fault(end.Registration, end.Seq, "it is there, and kept as one that was deleted")
		return
	}
	a.audit.Forgotten++
	switch {
	case a.until.IsZero() || !f.Ended.After(a.until):
		a.cover(end.Registration, end.Head)
	case !f.Began.After(a.until):
		a.audit.Lost++
	}
}

// follows checks an entry against the one before it, which is the zero value before the first.
func (a *Auditor) follows(last, e KeptEntry) {
	if e.Seq != last.Seq+1 {
		a.fault(e.Registration, e.Seq, "entry %d does not follow entry %d: one is missing, or too many", e.Seq, last.Seq)
	} else if e.From != last.To {
		a.fault(e.Registration, e.Seq, "it was %s for this entry, and %s after the entry before it", e.From, last.To)
	}
	var before Hash
	copy(before[:], last.Hash)
	if want := e.Chained(e.Registration, before); !bytes.Equal(want[:], e.Hash) {
		a.fault(e.Registration, e.Seq, "its hash is not that of what it says after the entry before it")
	}
}

// ends checks the registration's row against its last entry.
func (a *Auditor) ends(last KeptEntry, end TrailEnd) {
	if end.Seq == 0 && last.Seq == 0 {
		a.audit.Untrailed++
		return
	}
	a.audit.Registrations++
	switch {
	case end.Seq != last.Seq:
		a.fault(end.Registration, end.Seq, "the registration says that its trail ends with entry %d, but it ends with %d", end.Seq, last.Seq)
	case !bytes.Equal(end.Head, last.Hash):
		a.fault(end.Registration, end.Seq, "the registration has another hash than its last entry")
	}
	if last.Seq != 0 && end.Status != last.To {
		a.fault(end.Registration, end.Seq, "the registration is %s, but its last entry left it %s", end.Status, last.To)
	}
}
