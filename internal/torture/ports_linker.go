package torture

import (
	"context"
	"time"

	"portal/internal/onboarding"
	"portal/internal/passfort"
	"portal/internal/postgres"
)

// joinLinker gives a process what enters associates and what links them. One of a company is created at a time, so that
// the linker is one actor.
func (r *run) joinLinker(p *replica, turns postgres.SpareTurns, client *passfort.Client) {
	e, store, files := p.engine, r.ledger(), binder{caller{client, r.wire}, client, r}
	p.linker = &onboarding.Linker{
		Flows: e.Flows, Links: store, Profiles: files, Files: files, Turns: turns, RefPrefix: e.RefPrefix, Settle: e.Settle,
		AtOnce: 1, Now: e.Now, Jitter: e.Jitter, Log: e.Log,
	}
	p.associates = &onboarding.Associates{Flows: e.Flows, Structures: store, Files: files, Now: e.Now, Log: e.Log}
}

// done makes a call that returns only an error one of those around which others may go on, with a store that may be away.
func (l ledger) done(ctx context.Context, name string, call func(ctx context.Context) error) error {
	_, err := around(ctx, name, func(ctx context.Context) (struct{}, error) {
		return unsure(l.away, func() (struct{}, error) { return struct{}{}, call(ctx) })
	})
	return err
}

type deedKey struct{}

// doing is a context in which the deed is noted at the moment at which an edit takes effect, whoever hears of that.
func doing(ctx context.Context, deed func()) context.Context {
	return context.WithValue(ctx, deedKey{}, deed)
}

func (l ledger) Edit(ctx context.Context, id onboarding.RegistrationID, change func(onboarding.Structure) (onboarding.Edit, error)) error {
	return l.done(ctx, "editing associates", func(ctx context.Context) error {
		err := l.Store.Edit(ctx, id, change)
		if deed, ok := ctx.Value(deedKey{}).(func()); ok && err == nil {
			deed()
		}
		return err
	})
}

func (l ledger) ClaimStructure(ctx context.Context, id onboarding.RegistrationID, now, until time.Time) (s onboarding.Structure, r onboarding.Registration, err error) {
	err = l.done(ctx, "claiming a structure", func(ctx context.Context) (err error) {
		s, r, err = l.Store.ClaimStructure(ctx, id, now, until)
		return err
	})
	return s, r, err
}

// ExtendStructure does nothing, like [ledger.Extend].
func (l ledger) ExtendStructure(context.Context, onboarding.Structure, time.Time) error { return nil }

func (l ledger) SaveAssociate(ctx context.Context, s onboarding.Structure, a onboarding.Associate, now time.Time) (onboarding.Associate, error) {
	return around(ctx, "saving an associate as "+string(a.Status), func(ctx context.Context) (onboarding.Associate, error) {
		return unsure(l.away, func() (onboarding.Associate, error) { return l.Store.SaveAssociate(ctx, s, a, now) })
	})
}

func (l ledger) Associate(ctx context.Context, id onboarding.AssociateID) (onboarding.Associate, error) {
	if err := alive(ctx); err != nil {
		return onboarding.Associate{}, err
	}
	return l.Store.Associate(ctx, id)
}

func (l ledger) SaveStructure(ctx context.Context, s onboarding.Structure, due, now time.Time) error {
	return l.done(ctx, "leaving a structure", func(ctx context.Context) error { return l.Store.SaveStructure(ctx, s, due, now) })
}

func (l ledger) NoteAssociateProfile(ctx context.Context, a onboarding.AssociateID, id onboarding.ProfileID, now time.Time) (orphaned bool, err error) {
	err = l.done(ctx, "noting an associate's profile", func(ctx context.Context) (err error) {
		orphaned, err = l.Store.NoteAssociateProfile(ctx, a, id, now)
		return err
	})
	return orphaned, err
}

func (l ledger) ReadStructureOf(ctx context.Context, id onboarding.ProfileID, due time.Time) error {
	return l.done(ctx, "having a structure read", func(ctx context.Context) error { return l.Store.ReadStructureOf(ctx, id, due) })
}

// binder makes the calls about associates and their companies' files behind the stage.
type binder struct {
	caller
	*passfort.Client
	run *run
}

// Compile-time proof that all that a linker calls goes through the stage.
var (
	_ onboarding.AssociateProfiles = binder{}
	_ onboarding.CompanyFiles      = binder{}
)

func (b binder) CreateAssociate(ctx context.Context, p onboarding.AssociateProfile) (onboarding.ProfileID, error) {
	return around(ctx, "creating an associate", func(ctx context.Context) (onboarding.ProfileID, error) {
		b.wire.disturb(true)
		return b.Client.CreateAssociate(ctx, p)
	})
}

func (b binder) FindProfile(ctx context.Context, p onboarding.StubProfile, since time.Time, taken onboarding.Taken) (onboarding.ProfileID, error) {
	return b.caller.FindProfile(ctx, p, since, taken)
}

func (b binder) CustomerRef(ctx context.Context, id onboarding.ProfileID) (string, error) {
	return b.caller.CustomerRef(ctx, id)
}

func (b binder) ReadProfile(ctx context.Context, id onboarding.ProfileID) (onboarding.ProfileView, error) {
	return around(ctx, "reading a company", func(ctx context.Context) (onboarding.ProfileView, error) {
		b.wire.disturb(false)
		return b.Client.ReadProfile(ctx, id)
	})
}

func (b binder) CompanyFile(ctx context.Context, company onboarding.ProfileID) (onboarding.CompanyFile, error) {
	return around(ctx, "reading a company's file", func(ctx context.Context) (onboarding.CompanyFile, error) {
		b.wire.disturb(false)
		return b.Client.CompanyFile(ctx, company)
	})
}

// Where the flow leaves the verification lists to the provider, none is named.
func (b binder) Placed(f onboarding.CompanyFile, placements []onboarding.Placement) (placed onboarding.CompanyFile, changed bool, err error) {
	placed, changed, err = b.Client.Placed(f, placements)
	if err == nil && !b.run.explicit && namedIn(placed) != namedIn(f) {
		b.run.say("company %s: verification lists are named, which are the provider's to choose", f.Profile)
	}
	return placed, changed, err
}

// A conflict comes with the file of others, so unlike elsewhere what is returned beside an error counts.
func (b binder) ReplaceCompanyFile(ctx context.Context, f onboarding.CompanyFile) (theirs onboarding.CompanyFile, err error) {
	if err := pause(ctx, gap); err != nil {
		return theirs, err
	}
	b.wire.disturb(true)
	theirs, err = b.Client.ReplaceCompanyFile(ctx, f)
	if onboarding.KindOf(err) == onboarding.Conflict {
		b.wire.conflicts++
	}
	if dead := pause(ctx, "after writing a company's file"); dead != nil {
		return onboarding.CompanyFile{}, dead
	}
	return theirs, err
}
