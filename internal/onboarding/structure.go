package onboarding

import (
	"errors"
	"slices"
	"time"
)

// Structure is the people and companies behind the company of one registration. It is a value: its methods return what
// is to be stored.
type Structure struct {
	Registration RegistrationID
	Associates   []Associate // in the order in which they were entered

	Company      ProfileID   // the profile of the registration's company when it was last worked on; empty before
	Own          Details     // what is known of the registration's company itself; empty until it was read
	Others       []ProfileID // of a company that has come to its end: who is in its files without having been entered here, and goes on
	Ending       Ending      // how the company's application ended, when last read
	Attention    string      // what a person should know and do, in words; empty where there is nothing
	Acknowledged bool        // a person has seen that
	ReadAt       time.Time   // when to read the provider again; zero where there is no need
	Fence        int64       // grows with every claim: a former holder can no longer save
	Edits        int64       // grows with every edit
}

// Ending is how a company's application came to its end.
type Ending string

// The endings. The empty Ending means that the application goes on, or is not there yet.
const (
	EndedRejected  Ending = "rejected"
	EndedCancelled Ending = "cancelled"
)

// Limits of a structure. How deep companies may be nested is documented (help article "Add company associates to a
// verification list"); how many associates there may be is ours.
const (
	MaxDepth      = 10
	MaxAssociates = 1000
)

// Edit is what is to be stored of a structure after a change.
type Edit struct {
	Put      []Associate // new or changed
	Withdraw []AssociateID
	DueAt    time.Time // when there is something to do at the provider; zero where there is not
}

// errNoAssociate is the error of an associate that is not, or no longer, in the structure.
var errNoAssociate = &Error{Kind: NotFound, Key: "error.associate_gone", Err: errors.New("no such associate")}

// Find returns an associate of the structure; NotFound where it has none of that id.
func (s Structure) Find(id AssociateID) (Associate, error) {
	for _, a := range s.Associates {
		if a.ID == id {
			return a, nil
		}
	}
	return Associate{}, errNoAssociate
}

// Behind are the associates directly behind a company: one of the associates, or the registration's where it is zero.
func (s Structure) Behind(company AssociateID) []Associate {
	var list []Associate
	for _, a := range s.Associates {
		if a.Parent == company {
			list = append(list, a)
		}
	}
	return list
}

// Drafts counts the associates that are not submitted.
func (s Structure) Drafts() (n int) {
	for _, a := range s.Associates {
		if a.Draft() {
			n++
		}
	}
	return n
}

// Path is the companies from the registration's down to one of the associates, without the former and with the latter.
func (s Structure) Path(id AssociateID) []Associate {
	var path []Associate
	for !id.IsZero() && len(path) <= MaxDepth {
		a, err := s.Find(id)
		if err != nil {
			return nil
		}
		path, id = append(path, a), a.Parent
	}
	slices.Reverse(path)
	return path
}

// Below are an associate and all behind it, each after the company that has it.
func (s Structure) Below(a Associate) []Associate { return s.below(a, MaxDepth) }

func (s Structure) below(a Associate, deep int) []Associate {
	list := []Associate{a}
	if deep == 0 {
		return list
	}
	for _, b := range s.Behind(a.ID) {
		list = append(list, s.below(b, deep-1)...)
	}
	return list
}
