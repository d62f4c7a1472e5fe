package torture

import (
	"slices"

	"portal/internal/onboarding"
)

// book is what was entered behind the companies, in the order in which it took effect, by rules of its own: they are few,
// and the portal's are tried by them.
type book struct {
	entries []*entered
	gone    []onboarding.AssociateID // withdrawn
}

// entered is one associate as it was last entered.
type entered struct {
	onboarding.NewAssociate
	company   onboarding.RegistrationID
	submitted bool
	told      []onboarding.Details // what was told of them at every time since they were submitted
}

func (b *book) find(id onboarding.AssociateID) *entered {
	i := slices.IndexFunc(b.entries, func(e *entered) bool { return e.ID == id })
	if i < 0 {
		return nil
	}
	return b.entries[i]
}

// of are those behind one company of a registration and those behind them.
func (b *book) of(company onboarding.RegistrationID) (list []*entered) {
	for _, e := range b.entries {
		if e.company == company {
			list = append(list, e)
		}
	}
	return list
}

// added notes that an associate was entered. Under an id that is there it changes the draft; being the same as another it
// is not one more, but adds to what is known of that one.
func (b *book) added(company onboarding.RegistrationID, n onboarding.NewAssociate) {
	if there := b.find(n.ID); there != nil {
		b.changed(n)
		return
	}
	e := b.find(n.SameAs)
	if e != nil {
		e.learn(n.Details)
	} else {
		e = &entered{NewAssociate: n, company: company}
		b.entries = append(b.entries, e)
	}
	for up := e; n.Submit && up != nil; up = b.find(up.Parent) {
		up.submit()
	}
}

// learn adds what is told beside: roles with what belongs to them, and of a draft what was not known of itself. Nothing that
// is known changes.
func (e *entered) learn(more onboarding.Details) {
	d := e.Details
	d.Roles = both(d.Roles, more.Roles)
	for i, day := range terms(&d) {
		if *day == "" {
			*day = *terms(&more)[i]
		}
	}
	d.Shareholdings = slices.Clone(d.Shareholdings)
	for _, h := range more.Shareholdings {
		if !held(d, h.Class) {
			d.Shareholdings = append(d.Shareholdings, h)
		}
	}
	for i, fact := range facts(&d) {
		if *fact == "" && !e.submitted {
			*fact = *facts(&more)[i]
		}
	}
	e.Details = d
	if e.submitted {
		e.told = append(e.told, d)
	}
}

func (e *entered) submit() {
	if !e.submitted {
		e.submitted, e.told = true, []onboarding.Details{e.Details}
	}
}

// both are the roles of either, each once.
func both(roles, more []onboarding.AssociatedRole) []onboarding.AssociatedRole {
	all := slices.Concat(roles, more)
	slices.Sort(all)
	return slices.Compact(all)
}

func (b *book) changed(n onboarding.NewAssociate) {
	if e := b.find(n.ID); !e.submitted {
		e.Details = n.Details
	}
}

// withdrawn notes that a draft was taken away, with those behind it.
func (b *book) withdrawn(id onboarding.AssociateID) {
	b.gone = append(b.gone, id)
	b.entries = slices.DeleteFunc(b.entries, func(e *entered) bool { return e.ID == id })
	for _, e := range slices.Clone(b.entries) {
		if e.Parent == id {
			b.withdrawn(e.ID)
		}
	}
}

func (b *book) passedOn(company onboarding.RegistrationID) {
	for _, e := range b.of(company) {
		e.submit()
	}
}
