package onboarding

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"iter"
	"time"
)

// TrailEnd is where a registration's trail ends by what its own row says.
type TrailEnd struct {
	Registration RegistrationID
	Status       Status
	Seq          int64 // 0 where nothing has changed since there are trails
	Head         []byte
	ForgottenAt  time.Time // when the last entry of a registration was that is forgotten by now; zero where it is there
}

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
	Covered       int64 // registrations that the root covers
	Root          Hash  // covers the id and the head of every trail, in the order of the ids
}

// VerifyTrails checks the trails of all registrations and tells every fault as it is found. Ends come in the order of
// the registrations' ids; entries too, and then by their numbers; both are of one moment. The root covers the entries
// up to a time, or all of them where that is zero. A root of before a registration that was deleted since had come to its end
// cannot be computed again.
func VerifyTrails(ends iter.Seq2[TrailEnd, error], entries iter.Seq2[KeptEntry, error], until time.Time, tell func(Fault)) (Audit, error) {
	pull, stop := iter.Pull2(entries)
	defer stop()
	v := &verification{pull: pull, until: until, tell: tell, root: sha256.New()}
	v.advance()
	for end, err := range ends {
		if err := errors.Join(err, v.err); err != nil {
			return Audit{}, err
		}
		v.strays(func(id RegistrationID) bool { return bytes.Compare(id[:], end.Registration[:]) < 0 })
		if end.ForgottenAt.IsZero() {
			v.trail(end)
		} else {
			v.forgotten(end)
		}
	}
	v.strays(func(RegistrationID) bool { return true })
	v.root.Sum(v.audit.Root[:0])
	return v.audit, v.err
}

// verification merges ends and entries.
type verification struct {
	pull  func() (KeptEntry, error, bool)
	next  KeptEntry // the entry to look at, if there is one more
	more  bool
	err   error // of the entries
	until time.Time
	tell  func(Fault)
	root  hash.Hash
	audit Audit
}

func (v *verification) advance() {
	v.next, v.err, v.more = v.pull()
	v.more = v.more && v.err == nil
}

func (v *verification) fault(id RegistrationID, seq int64, format string, args ...any) {
	v.audit.Faults++
	v.tell(Fault{Registration: id, Seq: seq, What: fmt.Sprintf(format, args...)})
}

// strays passes over entries that no registration claims.
func (v *verification) strays(are func(RegistrationID) bool) {
	for ; v.more && are(v.next.Registration); v.advance() {
		v.audit.Entries++
		v.fault(v.next.Registration, v.next.Seq, "there is no such registration")
	}
}

// trail checks one registration's entries, each against what is stored of the one before it, so that one change makes
// few faults.
func (v *verification) trail(end TrailEnd) {
	var last KeptEntry
	var covered []byte // the head at until
	within := true
	for ; v.more && v.next.Registration == end.Registration; v.advance() {
		v.audit.Entries++
		v.follows(last, v.next)
		last = v.next
		if within = within && (v.until.IsZero() || !last.At.After(v.until)); within {
			covered = last.Hash
		}
	}
	if v.err != nil {
		return
	}
	if covered != nil {
		v.cover(end.Registration, covered)
	}
	v.ends(last, end)
}

// cover has the root cover a trail.
func (v *verification) cover(id RegistrationID, head []byte) {
	v.audit.Covered++
	v.root.Write(id[:])
	v.root.Write(head)
}

// forgotten has the root cover the trail of a registration that was deleted, as far as it can be known: how it stood at a time
// before its end cannot.
func (v *verification) forgotten(end TrailEnd) {
	v.audit.Forgotten++
	if v.until.IsZero() || !end.ForgottenAt.After(v.until) {
		v.cover(end.Registration, end.Head)
	}
}

// follows checks an entry against the one before it, which is the zero value before the first.
func (v *verification) follows(last, e KeptEntry) {
	if e.Seq != last.Seq+1 {
		v.fault(e.Registration, e.Seq, "entry %d does not follow entry %d: one is missing, or too many", e.Seq, last.Seq)
	} else if e.From != last.To {
		v.fault(e.Registration, e.Seq, "it was %s for this entry, and %s after the entry before it", e.From, last.To)
	}
	var before Hash
	copy(before[:], last.Hash)
	if want := e.Chained(e.Registration, before); !bytes.Equal(want[:], e.Hash) {
		v.fault(e.Registration, e.Seq, "its hash is not that of what it says after the entry before it")
	}
}

// ends checks the registration's row against its last entry.
func (v *verification) ends(last KeptEntry, end TrailEnd) {
	if end.Seq == 0 && last.Seq == 0 {
		v.audit.Untrailed++
		return
	}
	v.audit.Registrations++
	switch {
	case end.Seq != last.Seq:
		v.fault(end.Registration, end.Seq, "the registration says that its trail ends with entry %d, but it ends with %d", end.Seq, last.Seq)
	case !bytes.Equal(end.Head, last.Hash):
		v.fault(end.Registration, end.Seq, "the registration has another hash than its last entry")
	}
	if last.Seq != 0 && end.Status != last.To {
		v.fault(end.Registration, end.Seq, "the registration is %s, but its last entry left it %s", end.Status, last.To)
	}
}
