package onboarding

import (
	"slices"
	"time"
)

// work is a claimed structure and what is known around it.
type work struct {
	Structure
	reg     Registration
	flow    Flow
	turnAt  time.Time // when there will probably be a turn at creating again; zero while there are turns
	writeAt time.Time // likewise, at writing a file
	aloneAt time.Time // when others are tried alone; zero for at once
	looked  bool      // the provider was read
	unread  bool      // not everybody could be asked about
	relist  bool      // it has shown lists for which there was no turn
	broken  bool      // something went wrong that should not: it is left alone for a while
}

// next is when there is something to do, or zero where nothing is.
func (w *work) next(now time.Time) time.Time {
	due := w.ReadAt
	earlier := func(at time.Time) {
		if due.IsZero() || at.Before(due) {
			due = at
		}
	}
	if !w.flow.Associates { // another replica's settings may know the flow, or ours may again soon
		return now.Add(strangeFor)
	}
	for _, a := range w.Associates {
		switch {
		case w.Ending != "":
		case w.toCreate(a):
			earlier(latest(now, a.DueAt, w.turnAt))
		case w.toLink(a) && a.Alone:
			earlier(latest(now, a.DueAt, w.writeAt, w.aloneAt))
		case w.toLink(a):
			earlier(latest(now, a.DueAt, w.turnAt, w.writeAt))
		}
	}
	if w.broken {
		return now.Add(strangeFor)
	}
	return due
}

func latest(times ...time.Time) time.Time {
	return slices.MaxFunc(times, time.Time.Compare)
}

// toCreate says whether the associate's profile is still to be created.
func (w *work) toCreate(a Associate) bool {
	if a.Draft() || a.Profile != "" {
		return false
	}
	return a.Status != AssociateAttention || !a.DueAt.IsZero()
}

// toLink says whether the associate is still to be put into the file of its company, which has one.
func (w *work) toLink(a Associate) bool {
	if a.Profile == "" || w.fileOf(a.Parent) == "" || a.Void && a.Status != AssociateCreated {
		return false
	}
	return a.Status == AssociateCreated || a.Status == AssociateAttention && !a.DueAt.IsZero() ||
		a.Status == AssociateLinked && w.flow.ExplicitLists && !a.Listed
}

// toList says whether somebody who is linked is put on verification lists once more: a look may have shown lists that were not
// there before.
func (w *work) toList(a Associate) bool {
	return w.looked && w.flow.ExplicitLists && a.Status == AssociateLinked && !a.Void && w.fileOf(a.Parent) != ""
}

// fileOf is the profile of a company; empty where it has none yet.
func (w *work) fileOf(company AssociateID) ProfileID {
	if company.IsZero() {
		return w.reg.Profile
	}
	a, _ := w.Find(company)
	return a.Profile
}

// put replaces an associate by what it has become.
func (w *work) put(a Associate) {
	for i := range w.Associates {
		if w.Associates[i].ID == a.ID {
			w.Associates[i] = a
		}
	}
}
