package onboarding

import (
	"errors"
	"fmt"
	"time"
)

// Kind says what a caller may do about an error.
type Kind string

// The kinds of errors. A provider's creating call that ends in Unanswered may have taken effect; after any other kind
// it has not.
const (
	NotFound Kind = "not_found" // there is no such thing, or it is not the asker's
	Invalid  Kind = "invalid"   // what was given cannot be right, now or later
	Conflict Kind = "conflict"  // somebody else was first; read again and decide anew
	Denied   Kind = "denied"    // the asker may not
	Busy     Kind = "busy"      // not now; nothing has happened; try later
	// Unanswered means that no answer came, or none that can be read; what was asked may still take effect.
	Unanswered Kind = "unanswered"
)

// Error is an error with a kind. Its text is for operators; applicants see the message under Key.
type Error struct {
	Kind       Kind
	Key        string        // message key the applicant may see; empty where none fits better than the kind's own
	Field      string        // the form field at fault, if any
	RetryAfter time.Duration // how long whoever answered wants us to wait; zero where nobody said
	Err        error         // the cause, for operators only
}

// Error says the kind and the cause.
func (e *Error) Error() string {
	if e.Err == nil {
		return fmt.Sprintf("%s %s", e.Kind, e.Key)
	}
	return fmt.Sprintf("%s: %v", e.Kind, e.Err)
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// ErrIncomplete is in the chain of an error of a look-up that is too large ever to be complete.
var ErrIncomplete = errors.New("the look-up cannot be complete")

// ErrUnreadable is in the chain of an error where the provider answered, and not in a way that can be understood.
var ErrUnreadable = errors.New("the answer cannot be understood")

// What a provider that checks documents can say beside the kind of an error.
var (
	ErrTwice   = errors.New("the provider has the same file already")
	ErrAsked   = errors.New("the check was asked for already")
	ErrMissing = errors.New("something that the check needs is missing")
	ErrClosed  = errors.New("nothing is taken now")
	ErrFree    = errors.New("the place has just become free")
)

// KindOf returns the kind of the first [Error] in err's chain, or "" where there is none, which means a bug.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return ""
}
