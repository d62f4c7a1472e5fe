package onboarding

import (
	"errors"
	"slices"
	"time"
)

// NewAssociate is an associate as it is entered, with the answers to what was asked about it.
type NewAssociate struct {
	ID       AssociateID // made by who enters it, so that entering it twice has no second effect
	Parent   AssociateID // zero for the registration's company
	Source   string
	Details  Details
	Distinct bool        // it resembles another, and is not the same
	SameAs   AssociateID // it is another that is there, which gets its roles as well; zero where it is not
	Submit   bool        // at once
	Version  int64       // of the draft that is changed, as it was seen; zero to change it whatever it has become
}

// errStale is the error of who changes a draft that somebody else has changed since they saw it.
var errStale = &Error{Kind: Conflict, Key: "error.associate_stale", Err: errors.New("the draft was changed meanwhile")}

// errSubmitted is the error of who wants to change what was submitted.
var errSubmitted = &Error{Kind: Conflict, Key: "error.associate_submitted", Err: errors.New("the associate was submitted")}

// Add enters an associate. Entering the same once more changes nothing, and under an id that is there changes the draft.
func (s Structure) Add(n NewAssociate, f Flow, now time.Time) (Edit, Associate, error) {
	if there, err := s.Find(n.ID); err == nil {
		if there.Details.equal(n.Details) && there.Parent == n.Parent && !(there.Draft() && n.Submit) {
			return Edit{}, there, nil
		}
		return s.Change(n, f, now)
	}
	if err := s.checkNew(n, f, now); err != nil {
		return Edit{}, Associate{}, err
	}
	if !n.SameAs.IsZero() {
		return s.merge(n, f, now)
	}
	if err := s.resembles(n); err != nil {
		return Edit{}, Associate{}, err
	}
	a := Associate{ID: n.ID, Parent: n.Parent, Status: AssociateDraft, Source: n.Source, Details: n.Details, CreatedAt: now}
	edit := Edit{}
	if n.Submit {
		return s.submitOne(a, f, now)
	}
	edit.Put = append(edit.Put, a)
	return edit, a, nil
}

// checkNew says what is wrong with an associate that is to be entered.
func (s Structure) checkNew(n NewAssociate, f Flow, now time.Time) error {
	if n.ID.IsZero() || n.ID == AssociateID(s.Registration) { // what stands for something else
		return wrongDetail("id", "error.associate_id")
	}
	wrong := []error{s.checkParent(n), n.Details.Check(now, f.DirectorAge)}
	if KindOf(wrong[0]) == NotFound {
		return wrong[0]
	}
	if n.SameAs.IsZero() { // or else the sum is that of whoever it is
		wrong = append(wrong, s.checkTotal(n.ID, n.Parent, n.Details))
	}
	return errors.Join(wrong...)
}

// checkParent says why nobody can be entered behind a company.
func (s Structure) checkParent(n NewAssociate) error {
	parent, err := s.Find(n.Parent)
	switch {
	case !n.Parent.IsZero() && err != nil:
		return err
	case !n.Parent.IsZero() && parent.Details.EntityType != Company:
		return wrongDetail("parent", "error.associate_parent")
	case len(s.Path(n.Parent)) >= MaxDepth:
		return wrongDetail("parent", "error.associate_depth")
	case len(s.Associates) >= MaxAssociates && n.SameAs.IsZero():
		return wrongDetail("parent", "error.associate_full")
	}
	return nil
}

// Change changes a draft, or one that the provider has refused and that has no profile: it is tried again so.
func (s Structure) Change(n NewAssociate, f Flow, now time.Time) (Edit, Associate, error) {
	a, err := s.Find(n.ID)
	switch {
	case err != nil:
		return Edit{}, a, err
	case !a.Draft() && !a.refusedForGood():
		return Edit{}, a, errSubmitted
	case a.Draft() && n.Source == SourceAPI && !a.Details.equal(n.Details): // it is the applicant's to change
		return Edit{}, a, errSubmitted
	case a.Details.equal(n.Details) && !(a.Draft() && n.Submit):
		return Edit{}, a, nil
	case n.Version != 0 && n.Version != a.Version:
		return Edit{}, a, errStale
	case a.Details.EntityType == Company && n.Details.EntityType != Company && len(s.Behind(a.ID)) > 0:
		return Edit{}, a, wrongDetail("entity_type", "error.associate_type")
	}
	n.Parent = a.Parent
	if err := errors.Join(n.Details.Check(now, f.DirectorAge), s.checkTotal(a.ID, a.Parent, n.Details)); err != nil {
		return Edit{}, a, err
	}
	if err := s.resembles(n); err != nil {
		return Edit{}, a, err
	}
	a.Details, a.Void = n.Details, false
	switch {
	case !a.Draft():
		a = a.submitted(now)
		return Edit{Put: []Associate{a}, DueAt: now}, a, nil
	case n.Submit:
		return s.submitOne(a, f, now)
	}
	return Edit{Put: []Associate{a}}, a, nil
}

// Withdraw takes a draft away, with those behind it.
func (s Structure) Withdraw(id AssociateID) (Edit, error) {
	a, err := s.Find(id)
	if err != nil {
		return Edit{}, err
	}
	gone := s.Below(a)
	if slices.ContainsFunc(gone, func(a Associate) bool { return !a.Draft() }) {
		return Edit{}, errSubmitted
	}
	var edit Edit
	for _, a := range slices.Backward(gone) { // those behind it first
		edit.Withdraw = append(edit.Withdraw, a.ID)
	}
	return edit, nil
}
