package onboarding

import (
	"errors"
	"fmt"
	"slices"
	"strings"
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
	Rejected  Ending = "rejected"
	Cancelled Ending = "cancelled"
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

// Resemblance is the error of who enters an associate that may be there already. It is for them to say.
type Resemblance struct {
	Same      []AssociateID // behind the same company
	Elsewhere []AssociateID // behind another company: somebody may well be behind two
	Above     []AssociateID // companies that have it behind them, zero for the registration's: they would go round in a circle
}

// Error says nothing of who resembles whom.
func (r *Resemblance) Error() string { return "it resembles an associate that is there already" }

func (r *Resemblance) empty() bool { return len(r.Same)+len(r.Elsewhere)+len(r.Above) == 0 }

// errNoAssociate is the error of an associate that is not, or no longer, in the structure.
var errNoAssociate = &Error{Kind: NotFound, Key: "error.associate_gone", Err: errors.New("no such associate")}

// errStale is the error of who changes a draft that somebody else has changed since they saw it.
var errStale = &Error{Kind: Conflict, Key: "error.associate_stale", Err: errors.New("the draft was changed meanwhile")}

// errSubmitted is the error of who wants to change what was submitted.
var errSubmitted = &Error{Kind: Conflict, Key: "error.associate_submitted", Err: errors.New("the associate was submitted")}

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

// resembles finds those who may be the same as who is entered.
func (s Structure) resembles(n NewAssociate) error {
	if n.Distinct {
		return nil
	}
	above := s.Path(n.Parent)
	var r Resemblance
	if s.isOwn(n.Details) {
		r.Above = append(r.Above, AssociateID{})
	}
	for _, a := range s.Associates {
		if a.ID == n.ID || a.Void || a.Status == AssociateRemoved || !a.Details.MayBe(n.Details) {
			continue
		}
		switch {
		case slices.ContainsFunc(above, func(c Associate) bool { return c.ID == a.ID }):
			r.Above = append(r.Above, a.ID)
		case a.Parent == n.Parent:
			r.Same = append(r.Same, a.ID)
		default:
			r.Elsewhere = append(r.Elsewhere, a.ID)
		}
	}
	if r.empty() {
		return nil
	}
	return &r
}

// isOwn says whether somebody may have entered the registration's company itself.
func (s Structure) isOwn(d Details) bool {
	return (s.Own.Name != "" || s.Own.Number != "") && s.Own.MayBe(d)
}

// MayBe says whether two descriptions may be of the same person or company. What one of them does not say rules nothing out.
func (d Details) MayBe(o Details) bool {
	if d.EntityType != o.EntityType {
		return false
	}
	if d.EntityType == Company {
		if d.Number != "" && o.Number != "" {
			return compact(d.Number) == compact(o.Number) && (d.Country == o.Country || d.Country == "" || o.Country == "")
		}
		return folded(d.Name) == folded(o.Name) && (d.Country == o.Country || d.Country == "" || o.Country == "")
	}
	return folded(d.DisplayName()) == folded(o.DisplayName()) && (d.DateOfBirth == o.DateOfBirth || d.DateOfBirth == "" || o.DateOfBirth == "")
}

// compact is a company's number without the marks and zeros that are written or left out at will.
func compact(number string) string {
	text := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" .-/", r) {
			return -1
		}
		return r
	}, strings.ToUpper(number))
	return strings.TrimLeft(text, "0")
}

// equal says whether two descriptions say the same.
func (d Details) equal(o Details) bool {
	return d.EntityType == o.EntityType && slices.Equal(d.Roles, o.Roles) && d.Encode() == o.Encode()
}
