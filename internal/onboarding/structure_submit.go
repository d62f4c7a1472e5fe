package onboarding

import (
	"errors"
	"slices"
	"time"
)

// submitOne passes one associate on, and before it the drafts among the companies above, which the provider must know first.
func (s Structure) submitOne(a Associate, f Flow, now time.Time) (edit Edit, _ Associate, err error) {
	sums := s.sums()
	for _, above := range s.Path(a.Parent) {
		if !above.Draft() {
			continue
		}
		if err := above.checkSubmit(sums, f, now); err != nil {
			return Edit{}, a, err
		}
		edit.Put = append(edit.Put, above.submitted(now))
	}
	a = a.submitted(now)
	edit.Put, edit.DueAt = append(edit.Put, a), now
	return edit, a, nil
}

// Submit passes all drafts on. The first that cannot be right any more, such as by the day, is told by its id as the field.
// Unless it is confirmed, a draft that may be the company itself is asked about.
func (s Structure) Submit(f Flow, confirmed bool, now time.Time) (Edit, error) {
	edit, sums := Edit{DueAt: now}, s.sums()
	for _, a := range s.Associates {
		if !a.Draft() {
			continue
		}
		if !confirmed && s.isOwn(a.Details) {
			return Edit{}, &Resemblance{Above: []AssociateID{a.ID}}
		}
		if err := a.checkSubmit(sums, f, now); err != nil {
			return Edit{}, err
		}
		edit.Put = append(edit.Put, a.submitted(now))
	}
	if len(edit.Put) == 0 {
		return Edit{}, nil
	}
	return edit, nil
}

// checkSubmit says why a draft cannot be passed on; the field is its id.
func (a Associate) checkSubmit(sums map[held]int, f Flow, now time.Time) error {
	told := func(key string, err error) error {
		return &Error{Kind: Invalid, Key: key, Field: a.ID.String(), Err: err}
	}
	if a.Void {
		return told("error.associate_void", errors.New("details cannot be read"))
	}
	err := a.Details.Check(now, f.DirectorAge)
	for _, role := range a.Details.Roles {
		if role.Owns() && a.Details.holds() > 0 && sums[held{a.Parent, role}] > whole {
			err = errors.Join(err, wrongDetail("shareholdings/0/percentage", "error.associate_total"))
		}
	}
	if err != nil {
		return told("error.associate_check", err)
	}
	return nil
}

// held is a role in which shares of a company are held.
type held struct {
	company AssociateID
	role    AssociatedRole
}

// sums are what is held of each company in each role. Whoever was taken out at the provider holds nothing any more.
func (s Structure) sums() map[held]int {
	sums := map[held]int{}
	for _, a := range s.Associates {
		for _, role := range a.Details.Roles {
			if role.Owns() && a.Status != AssociateRemoved {
				sums[held{a.Parent, role}] += a.Details.holds()
			}
		}
	}
	return sums
}

// checkTotal refuses what would make those behind a company hold more than all of it in one role. In different roles the
// same shares may be told twice: a person who owns through a company that holds them.
func (s Structure) checkTotal(id, parent AssociateID, d Details) error {
	others := s
	others.Associates = slices.DeleteFunc(slices.Clone(s.Associates), func(a Associate) bool { return a.ID == id })
	sums, holds := others.sums(), d.holds()
	for _, role := range d.Roles {
		if role.Owns() && holds > 0 && sums[held{parent, role}]+holds > whole {
			return wrongDetail("shareholdings/0/percentage", "error.associate_total")
		}
	}
	return nil
}
