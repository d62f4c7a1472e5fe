package onboarding_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"portal/internal/onboarding"
)

// ledger is a few registrations' trails as a store keeps them.
type ledger struct {
	ends    []onboarding.TrailEnd
	entries []onboarding.KeptEntry
}

var ledgerDay = time.Date(2026, 1, 2, 3, 4, 5, 6000, time.UTC)

// newLedger makes registrations with three entries each, a minute apart, all of which hold.
func newLedger(registrations int) *ledger {
	l := &ledger{}
	for i := range registrations {
		id := onboarding.RegistrationID(uuid.UUID{0: byte(i + 1), 15: 1})
		var trail onboarding.Trail
		statuses := []onboarding.Status{"", onboarding.Starting, onboarding.Unclear, onboarding.Open}
		for n, status := range statuses[1:] {
			trail.Add = append(trail.Add, onboarding.Entry{
				Seq: int64(n) + 1, At: ledgerDay.Add(time.Duration(n) * time.Minute), Actor: onboarding.ActorPortal, From: statuses[n],
				To: status, What: "something", Evidence: "a read", Profile: "p", Request: "q",
			})
		}
		end, hashes := trail.Extended(id)
		for n, e := range trail.Add {
			l.entries = append(l.entries, onboarding.KeptEntry{Registration: id, Entry: e, Hash: hashes[n][:]})
		}
		l.ends = append(l.ends, onboarding.TrailEnd{Registration: id, Status: onboarding.Open, Seq: end.Seq, Head: end.Head[:]})
	}
	return l
}

// inTurn gives one after another, and the error at the end if there is one.
func inTurn[T any](all []T, err error) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, one := range all {
			if !yield(one, nil) {
				return
			}
		}
		if err != nil {
			var none T
			yield(none, err)
		}
	}
}

func (l *ledger) verify(t *testing.T, until time.Time) (onboarding.Audit, []onboarding.Fault) {
	t.Helper()
	var faults []onboarding.Fault
	a := onboarding.NewAuditor(until, func(f onboarding.Fault) { faults = append(faults, f) })
	err := a.Part(l.ends, inTurn(l.entries, nil))
	audit := a.Audit()
	if err != nil || audit.Faults != int64(len(faults)) {
		t.Fatalf("%d faults counted, %d told, %v", audit.Faults, len(faults), err)
	}
	return audit, faults
}

func TestTrailsThatHoldHaveNoFault(t *testing.T) {
	t.Parallel()
	l := newLedger(3)
	l.ends = append(l.ends, onboarding.TrailEnd{Registration: onboarding.RegistrationID{9}, Status: onboarding.Open})
	audit, faults := l.verify(t, time.Time{})
	if len(faults) > 0 {
		t.Errorf("faults %v", faults)
	}
	want := onboarding.Audit{Registrations: 3, Untrailed: 1, Entries: 9, Covered: 3, Root: audit.Root}
	if audit != want {
		t.Errorf("%+v, want %+v", audit, want)
	}
}

func TestEveryTamperingIsFound(t *testing.T) {
	t.Parallel()
	for name, tamper := range map[string]func(l *ledger){
		"number":        func(l *ledger) { l.entries[4].Seq = 7 },
		"time":          func(l *ledger) { l.entries[4].At = ledgerDay },
		"actor":         func(l *ledger) { l.entries[4].Actor = onboarding.ActorApplicant },
		"from":          func(l *ledger) { l.entries[4].From = "" },
		"to":            func(l *ledger) { l.entries[4].To = onboarding.Completed },
		"what":          func(l *ledger) { l.entries[4].What = "nothing" },
		"evidence":      func(l *ledger) { l.entries[4].Evidence = "" },
		"profile":       func(l *ledger) { l.entries[4].Profile = "other" },
		"request":       func(l *ledger) { l.entries[4].Request = "other" },
		"hash":          func(l *ledger) { l.entries[4].Hash = bytes.Repeat([]byte{1}, sha256.Size) },
		"no hash":       func(l *ledger) { l.entries[4].Hash = nil },
		"first removed": func(l *ledger) { l.entries = slices.Delete(l.entries, 3, 4) },
		"middle one":    func(l *ledger) { l.entries = slices.Delete(l.entries, 4, 5) },
		"last removed":  func(l *ledger) { l.entries = slices.Delete(l.entries, 5, 6) },
		"all removed":   func(l *ledger) { l.entries = slices.Delete(l.entries, 3, 6) },
		"one too many":  func(l *ledger) { l.entries = slices.Insert(l.entries, 6, slipped(l.entries[5])) },
		"doubled":       func(l *ledger) { l.entries = slices.Insert(l.entries, 5, l.entries[5]) },
		"status":        func(l *ledger) { l.ends[1].Status = onboarding.Completed },
		"row's number":  func(l *ledger) { l.ends[1].Seq = 2 },
		"row's head":    func(l *ledger) { l.ends[1].Head = l.ends[0].Head },
		"row removed":   func(l *ledger) { l.ends = slices.Delete(l.ends, 1, 2) },
		"last row":      func(l *ledger) { l.ends = slices.Delete(l.ends, 2, 3) },
		"row forgotten": func(l *ledger) { l.ends[1].Seq, l.ends[1].Head = 0, nil },
		"trails swapped": func(l *ledger) {
			for i := range 3 {
				a, b := &l.entries[3+i], &l.entries[6+i]
				a.Entry, b.Entry, a.Hash, b.Hash = b.Entry, a.Entry, b.Hash, a.Hash
			}
			l.ends[1].Head, l.ends[2].Head = l.ends[2].Head, l.ends[1].Head
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLedger(3)
			tamper(l)
			_, faults := l.verify(t, time.Time{})
			if len(faults) == 0 {
				t.Error("not found")
			}
			for _, f := range faults {
				if f.Registration == (onboarding.RegistrationID{0: 1, 15: 1}) {
					t.Errorf("a registration that nobody has touched: %+v", f)
				}
			}
		})
	}
}

// rehash makes the last registration's hashes those of what its entries say.
func (l *ledger) rehash() {
	end := &l.ends[len(l.ends)-1]
	var head onboarding.Hash
	for i := range l.entries {
		e := &l.entries[i]
		if e.Registration == end.Registration {
			head = e.Chained(e.Registration, head)
			e.Hash = slices.Clone(head[:])
			end.Seq = e.Seq
		}
	}
	end.Head = head[:]
}

func TestAGapIsFoundThoughTheHashesAreRight(t *testing.T) {
	t.Parallel()
	l := newLedger(1)
	l.entries = slices.Delete(l.entries, 1, 2)
	l.rehash()
	if _, faults := l.verify(t, time.Time{}); len(faults) != 1 || faults[0].Seq != 3 {
		t.Errorf("faults %+v", faults)
	}
}

func TestClocksThatDifferDoNotMakeAHole(t *testing.T) {
	t.Parallel()
	l := newLedger(1)
	l.entries[1].At = ledgerDay.Add(time.Hour) // by a replica whose clock is ahead
	l.rehash()
	audit, _ := l.verify(t, ledgerDay.Add(2*time.Minute))
	id := l.ends[0].Registration
	if want := sha256.Sum256(append(id[:], l.entries[0].Hash...)); audit.Root != want {
		t.Error("the root covers an entry after one that is too late")
	}
}

// slipped is an entry put after another by somebody who knows how hashes are made, and not what else to change.
func slipped(after onboarding.KeptEntry) onboarding.KeptEntry {
	e := after
	e.Seq++
	hash := e.Chained(e.Registration, onboarding.Hash(after.Hash))
	e.Hash = hash[:]
	return e
}

func TestOneChangeMakesOneFault(t *testing.T) {
	t.Parallel()
	l := newLedger(3)
	l.entries[4].Evidence = "another"
	_, faults := l.verify(t, time.Time{})
	if len(faults) != 1 || faults[0].Seq != 2 || faults[0].Registration != l.entries[4].Registration || !strings.Contains(faults[0].What, "hash") {
		t.Errorf("faults %+v", faults)
	}
}

func TestTheRootCoversEveryTrailAndMoment(t *testing.T) {
	t.Parallel()
	l := newLedger(2)
	earlier, _ := l.verify(t, ledgerDay.Add(time.Minute))
	now, _ := l.verify(t, time.Time{})
	if earlier.Root == now.Root {
		t.Error("entries since then are in the root")
	}
	want := sha256.New()
	for i, end := range l.ends {
		want.Write(end.Registration[:])
		want.Write(l.entries[3*i+1].Hash)
	}
	if got := onboarding.Hash(want.Sum(nil)); got != earlier.Root {
		t.Errorf("root %x, want %x", earlier.Root, got)
	}
	for _, l := range []*ledger{newLedger(1), newLedger(3)} {
		if other, _ := l.verify(t, ledgerDay.Add(time.Minute)); other.Root == earlier.Root {
			t.Errorf("%d registrations have the root of two", len(l.ends))
		}
	}
	before, _ := l.verify(t, ledgerDay.Add(-time.Second))
	if before.Covered != 0 || before.Root != sha256.Sum256(nil) {
		t.Errorf("before the first entry: %+v", before)
	}
}

func TestWhatIsWrittenLaterLeavesAnOldRootAlone(t *testing.T) {
	t.Parallel()
	l := newLedger(2)
	until := ledgerDay.Add(time.Hour)
	old, _ := l.verify(t, until)
	l.entries = append(l.entries, slipped(l.entries[5]))
	last := &l.entries[6]
	last.At, last.From = until.Add(time.Second), l.entries[5].To
	hash := last.Chained(last.Registration, onboarding.Hash(l.entries[5].Hash))
	last.Hash = hash[:]
	l.ends[1].Seq, l.ends[1].Head = last.Seq, last.Hash
	if later, faults := l.verify(t, until); later.Root != old.Root || len(faults) > 0 {
		t.Errorf("root %x is now %x, faults %v", old.Root, later.Root, faults)
	}
}

func TestATrailThatCannotBeReadIsNotVerified(t *testing.T) {
	t.Parallel()
	l, away := newLedger(3), errors.New("away")
	none := func(f onboarding.Fault) { t.Errorf("a fault that is none: %+v", f) }
	for n := range l.entries {
		if err := onboarding.NewAuditor(time.Time{}, none).Part(l.ends, inTurn(l.entries[:n], away)); !errors.Is(err, away) {
			t.Errorf("after %d entries: %v", n, err)
		}
	}
}

// bury makes the ledger's registration one that was deleted some time after its end, as of its trail.
func (l *ledger) bury(n int, after time.Duration) *onboarding.Forgotten {
	end := &l.ends[n]
	f := &onboarding.Forgotten{Began: l.entries[3*n].At, Ended: l.entries[3*n+2].At, At: l.entries[3*n+2].At.Add(after)}
	end.Status, end.Seq, end.Forgotten = "", 0, f
	l.entries = slices.Delete(l.entries, 3*n, 3*n+3)
	return f
}

const month = 30 * 24 * time.Hour

func TestTheRootOfATimeStaysWhenARegistrationIsForgotten(t *testing.T) {
	t.Parallel()
	for until, lost := range map[time.Time]int64{
		{}:                             0,
		ledgerDay.Add(time.Hour):       0,
		ledgerDay.Add(2 * time.Minute): 0, // its last change
		ledgerDay.Add(time.Minute):     1, // under way
		ledgerDay:                      1,
		ledgerDay.Add(-time.Second):    0, // it was not there
	} {
		l := newLedger(3)
		before, _ := l.verify(t, until)
		l.bury(1, month)
		after, faults := l.verify(t, until)
		if after.Lost != lost || after.Forgotten != 1 || len(faults) > 0 || (after.Root == before.Root) != (lost == 0) {
			t.Errorf("%s: %+v, %+v", until, after, faults)
		}
	}
}

func TestARegistrationThatAnEarlierReleaseForgotMayHaveBegunAtAnyTime(t *testing.T) {
	t.Parallel()
	l := newLedger(1)
	l.bury(0, month).Began = time.Time{}
	if audit, _ := l.verify(t, ledgerDay.Add(-time.Hour)); audit.Lost != 1 {
		t.Errorf("%+v", audit)
	}
}

func TestWhatNoPortalForgetsIsAFault(t *testing.T) {
	t.Parallel()
	for name, wrong := range map[string]func(l *ledger){
		"soon":      func(l *ledger) { l.bury(1, 28*24*time.Hour) },
		"at once":   func(l *ledger) { l.bury(1, 0) },
		"backdated": func(l *ledger) { l.bury(1, -time.Hour) },
		"there": func(l *ledger) {
			l.ends[1].Forgotten = &onboarding.Forgotten{Began: ledgerDay, Ended: ledgerDay, At: ledgerDay.Add(month)}
		},
		"with an entry": func(l *ledger) {
			left := l.entries[5]
			l.bury(1, month)
			l.entries = slices.Insert(l.entries, 3, left)
		},
	} {
		l := newLedger(3)
		wrong(l)
		if _, faults := l.verify(t, time.Time{}); len(faults) != 1 || faults[0].Registration != l.ends[1].Registration {
			t.Errorf("%s: faults %+v", name, faults)
		}
	}
}
