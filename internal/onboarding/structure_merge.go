package onboarding

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// merge gives an associate that is there what is entered for it beside: further roles, and what was not known.
func (s Structure) merge(n NewAssociate, f Flow, now time.Time) (Edit, Associate, error) {
	a, err := s.Find(n.SameAs)
	if err != nil {
		return Edit{}, a, err
	}
	if a.Parent != n.Parent || a.Details.EntityType != n.Details.EntityType || a.Void || a.Status == AssociateRemoved ||
		!a.Details.MayBe(n.Details) {
		return Edit{}, a, wrongDetail("same_as", "error.associate_same")
	}
	if err := a.Details.contradicts(n.Details, a.Draft()); err != nil {
		return Edit{}, a, err
	}
	merged := a.Details.with(n.Details, a.Draft())
	if merged.equal(a.Details) && !(a.Draft() && n.Submit) {
		return Edit{}, a, nil
	}
	if err := errors.Join(merged.Check(now, f.DirectorAge), s.checkTotal(a.ID, a.Parent, merged)); err != nil {
		return Edit{}, a, err
	}
	a.Details = merged
	edit := Edit{}
	switch {
	case a.Draft() && n.Submit:
		return s.submitOne(a, f, now)
	case a.Status == AssociateLinked:
		a.Status, a.Listed, a.DueAt, edit.DueAt = AssociateCreated, false, time.Time{}, now
	case !a.Draft():
		edit.DueAt = now
	}
	edit.Put = append(edit.Put, a)
	return edit, a, nil
}

// with is the details with further roles, with what belongs to them, and, as long as nobody else knows them, with what was
// empty.
func (d Details) with(more Details, all bool) Details {
	d.Roles = slices.Clone(d.Roles)
	for _, r := range more.Roles {
		if !slices.Contains(d.Roles, r) {
			d.Roles = append(d.Roles, r)
		}
	}
	for field, value := range map[*Date]Date{
		&d.AppointedOn: more.AppointedOn, &d.ResignedOn: more.ResignedOn,
		&d.AuthorizedFrom: more.AuthorizedFrom, &d.AuthorizedTo: more.AuthorizedTo,
	} {
		if *field == "" {
			*field = value
		}
	}
	d.Shareholdings = slices.Clone(d.Shareholdings)
	for _, h := range more.Shareholdings {
		if _, there := d.holding(h.Class); !there {
			d.Shareholdings = append(d.Shareholdings, h)
		}
	}
	if !all {
		return d
	}
	if d.DateOfBirth == "" {
		d.DateOfBirth = more.DateOfBirth
	}
	for field, value := range map[*string]string{
		&d.Email: more.Email, &d.Nationality: more.Nationality, &d.Number: more.Number, &d.Country: more.Country,
	} {
		if *field == "" {
			*field = value
		}
	}
	return d
}

// holding is what is held of a class of shares.
func (d Details) holding(class string) (Shareholding, bool) {
	i := slices.IndexFunc(d.Shareholdings, func(h Shareholding) bool { return folded(h.Class) == folded(class) })
	if i < 0 {
		return Shareholding{}, false
	}
	return d.Shareholdings[i], true
}

// contradicts tells what is entered of somebody who is there otherwise than before, or cannot be added any more: it would be
// dropped without a word.
func (d Details) contradicts(more Details, draft bool) error {
	var wrong []error
	for _, told := range []struct {
		field       string
		there, more string
		own         bool // stands in the profile, which is written once
	}{
		{"date_of_birth", string(d.DateOfBirth), string(more.DateOfBirth), true},
		{"email", d.Email, more.Email, true},
		{"nationality", d.Nationality, more.Nationality, true},
		{"number", d.Number, more.Number, true},
		{"country_of_incorporation", d.Country, more.Country, true},
		{"appointed_on", string(d.AppointedOn), string(more.AppointedOn), false},
		{"resigned_on", string(d.ResignedOn), string(more.ResignedOn), false},
		{"authorized_from", string(d.AuthorizedFrom), string(more.AuthorizedFrom), false},
		{"authorized_to", string(d.AuthorizedTo), string(more.AuthorizedTo), false},
	} {
		switch {
		case told.more == "" || told.there == told.more:
		case told.there != "":
			wrong = append(wrong, wrongDetail(told.field, "error.associate_differs"))
		case told.own && !draft:
			wrong = append(wrong, wrongDetail(told.field, "error.associate_sent_detail"))
		}
	}
	for i, h := range more.Shareholdings {
		if there, ok := d.holding(h.Class); ok && (there.Amount != h.Amount || there.Percentage != h.Percentage) {
			wrong = append(wrong, wrongDetail(fmt.Sprintf("shareholdings/%d/share_class", i), "error.associate_differs"))
		}
	}
	return errors.Join(wrong...)
}
