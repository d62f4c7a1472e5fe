package onboarding

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"
)

// wantsLook says whether the provider is to be read: because it is time, or because somebody is to be created, which makes
// no sense for a company whose application has come to its end.
func (w *work) wantsLook(now time.Time) bool {
	if !w.ReadAt.IsZero() && !now.Before(w.ReadAt) || w.moved() {
		return true
	}
	return w.ReadAt.IsZero() && slices.ContainsFunc(w.Associates, func(a Associate) bool { return !a.Draft() })
}

// look reads how the company and those behind it stand, and follows. What cannot be read is read again later.
func (l *Linker) look(ctx context.Context, w *work) error {
	seen, err := l.read(ctx, w)
	if err != nil {
		l.Log.WarnContext(ctx, "company not read", slog.String("registration_id", w.Registration.String()), slog.Any("error", err))
		w.ReadAt = l.dueAfter(readAgain, err)
		return nil
	}
	w.ReadAt, w.looked = l.Now().Add(lookEvery), true
	if w.unread {
		w.ReadAt = l.Now().Add(unreadFor)
	}
	for _, a := range seen {
		if err := l.became(ctx, w, a); err != nil {
			return err
		}
	}
	return nil
}

// unreadFor is when a company is looked at again of which not everybody could be asked about.
const unreadFor = time.Minute

// readAgain is as after how many tries in vain a company is read again that could not be: rarely.
const readAgain = 6

// read reads the company, and returns those behind it whom that changes.
func (l *Linker) read(ctx context.Context, w *work) (changed []Associate, err error) {
	view, err := l.Profiles.ReadProfile(ctx, w.reg.Profile)
	if err != nil {
		return nil, err
	}
	w.Ending = ending(view, w.flow.Product)
	if !slices.ContainsFunc(w.Associates, func(a Associate) bool { return a.Profile != "" }) {
		return nil, nil
	}
	own, views, err := readAll(ctx, l.Files, w.reg.Profile, w.Structure)
	if err != nil {
		return nil, err
	}
	w.Own = own
	alone, first := 0, int(l.Jitter()*float64(len(w.Associates)))
	for i := range w.Associates { // not always the same first
		a := w.Associates[(first+i)%len(w.Associates)]
		if a.Profile == "" {
			continue
		}
		view, there := views[a.Profile.folded()]
		delete(views, a.Profile.folded())
		known := w.Ending == "" || len(view.Applications) > 0
		if !known && alone < askedAlone {
			alone++
			if view.Applications, err = l.applications(ctx, a.Profile); err != nil {
				return nil, err
			}
			known = true
		}
		became := a.seen(there && view.holds(a.Details.Roles), view)
		if !known {
			became.running, w.unread = a.Running, true
		}
		if became != a.standing() {
			changed = append(changed, became.of(a, w.moved()))
		}
	}
	w.Others = nil
	for id, v := range views {
		if w.Ending != "" && v.running() {
			w.Others = append(w.Others, id)
		}
	}
	slices.Sort(w.Others)
	w.Others = w.Others[:min(len(w.Others), maxOthers)]
	return changed, nil
}

// maxOthers bounds how many profiles of others are told of.
const maxOthers = 200

// askedAlone is how many profiles are read alone in one look, of those whose applications no company's file shows.
const askedAlone = 50

// applications are those of a profile, which may be gone.
func (l *Linker) applications(ctx context.Context, id ProfileID) ([]Application, error) {
	view, err := l.Profiles.ReadProfile(ctx, id)
	if KindOf(err) == NotFound {
		return nil, nil
	}
	return view.Applications, err
}

// moved says whether the registration has another profile than when those behind it were linked.
func (w *work) moved() bool { return w.Company != "" && w.Company != w.reg.Profile }

// holds says whether the associate is in the lists of all the roles.
func (v AssociateView) holds(roles []AssociatedRole) bool {
	return !slices.ContainsFunc(roles, func(r AssociatedRole) bool { return !slices.Contains(v.Roles, r) })
}

// running says whether an application of the associate is not over.
func (v AssociateView) running() bool {
	return slices.ContainsFunc(v.Applications, func(a Application) bool { return !over(a.Status) })
}

// ending is how the company's application for the product came to its end, if it did; for any product where none is named.
func ending(v ProfileView, product string) (e Ending) {
	for _, a := range v.Applications {
		switch {
		case product != "" && a.ProductAlias != product:
		case a.Status == "REJECTED":
			e = EndedRejected
		case a.Status == "CANCELLED":
			e = EndedCancelled
		default: // one goes on
			return ""
		}
	}
	return e
}

// standing is what a look at the provider can change of an associate.
type standing struct {
	status  AssociateStatus
	running bool
}

func (a Associate) standing() standing { return standing{a.Status, a.Running} }

// seen is how an associate stands by a look at the provider: there where it is in the lists of all its roles.
func (a Associate) seen(there bool, v AssociateView) standing {
	s := standing{a.Status, v.running()}
	switch {
	case a.Status == AssociateLinked && !there:
		s.status = AssociateRemoved
	case a.Status == AssociateRemoved && there:
		s.status = AssociateLinked
	}
	return s
}

// of is the associate that stands so. One that somebody has taken out at the provider stays out: it may be their decision.
func (s standing) of(a Associate, moved bool) Associate {
	if a.Status != s.status {
		a.Cause, a.DueAt, a.Listed = "", time.Time{}, false
	}
	switch {
	case s.status != AssociateRemoved || s.status == a.Status:
	case moved:
		a.Cause = "the registration has another profile now, and the provider never moves an associate's profile to another company: enter it anew"
	default:
		a.Cause = "somebody has taken it out of the company's data at the provider, or out of one of its roles: staff, or a program that writes without If-Match"
	}
	a.Status, a.Running = s.status, s.running
	return a
}

// longTries is after how many tries in vain a person should look.
const longTries = 10

// attention is what operators should know, in words; empty where there is nothing.
func (w *work) attention() string {
	var says []string
	tell := func(format string, fits func(Associate) bool) {
		if n := len(slices.DeleteFunc(slices.Clone(w.Associates), func(a Associate) bool { return !fits(a) })); n > 0 {
			says = append(says, fmt.Sprintf(format, n))
		}
	}
	if w.Ending != "" {
		tell("the company's application is "+string(w.Ending)+" and those of associates go on (%d): end them at the provider, or they are monitored for ever",
			func(a Associate) bool { return a.Running })
		if n := len(w.Others); n > 0 {
			says = append(says, fmt.Sprintf("the company's application is %s and those of others in its data at the provider go on (%d): end them, too", w.Ending, n))
		}
		tell("the company's application is "+string(w.Ending)+", so associates are not created (%d)",
			func(a Associate) bool { return a.Moving() && a.Profile == "" })
	}
	tell("associates cannot be passed on for long (%d)", func(a Associate) bool { return a.Moving() && a.Tries >= longTries })
	tell("associates are refused or undecided (%d)", func(a Associate) bool { return a.Status == AssociateAttention })
	if w.broken {
		says = append(says, "an error of the portal keeps associates from moving on: see its log")
	}
	tell("associates were taken out of the company's data at the provider, or the registration has another profile (%d)", func(a Associate) bool { return a.Status == AssociateRemoved })
	tell("associates have a second profile, or may have one (%d)", func(a Associate) bool { return a.StubMayExist || a.Orphans > 0 })
	return strings.Join(says, "; ")
}
