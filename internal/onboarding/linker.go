package onboarding

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// Linker creates the profiles of associates and puts them into their companies' files. All fields are required.
type Linker struct {
	Flows     map[string]Flow
	Links     Links
	Profiles  AssociateProfiles
	Files     CompanyFiles
	Turns     SpareTurns
	RefPrefix string
	Settle    time.Duration
	AtOnce    int // creations under way for one company
	Now       func() time.Time
	Jitter    func() float64 // in [0, 1)
	Log       *slog.Logger
}

// Times of a linker.
const (
	lookSoon    = 10 * time.Second // after the provider has told of a change, of which there may be many in a row
	lookEvery   = 24 * time.Hour   // although nothing was told
	refusedFor  = time.Hour        // before what the provider refused is tried again
	listsAgain  = time.Minute      // at first, before verification lists are looked for again
	listsAtMost = time.Hour
	fileWithin  = time.Minute // to write one company's file, however often others are quicker
)

// Advance takes the structure of a registration as far as it goes now. It does nothing while somebody else is at it.
// Cancelling ctx ends a call under way and leaves what it was about unclear, never lost.
func (l *Linker) Advance(ctx context.Context, id RegistrationID) error {
	now := l.Now()
	st, reg, err := l.Links.ClaimStructure(ctx, id, now, now.Add(claimFor))
	if KindOf(err) == Conflict {
		return nil
	}
	if err != nil {
		return fmt.Errorf("claiming the structure of registration %s: %w", id, err)
	}
	w := &work{Structure: st, reg: reg, flow: l.Flows[reg.Flow]}
	defer beat(ctx, func(ctx context.Context) error { return l.Links.ExtendStructure(ctx, st, l.Now().Add(claimFor)) }, l.warn(id))()
	worked := l.work(ctx, w)
	if KindOf(worked) == Conflict { // somebody else has it now
		return fmt.Errorf("linking the associates of registration %s: %w", id, worked)
	}
	w.broken = worked != nil && KindOf(worked) != Busy && ctx.Err() == nil
	return errors.Join(worked, l.leave(ctx, w))
}

// work does what is to be done. Its errors are of the store: what is wrong at the provider stands in the associates.
func (l *Linker) work(ctx context.Context, w *work) error {
	if !w.flow.Associates {
		return nil
	}
	if w.wantsLook(l.Now()) {
		if err := l.look(ctx, w); err != nil {
			return err
		}
	}
	if w.Ending != "" { // whoever is behind it would be watched for nothing
		return nil
	}
	if err := l.createAll(ctx, w); err != nil {
		return err
	}
	return l.linkAll(ctx, w)
}

// leave stores how the structure stands and gives the claim up. What is told to operators is logged when it changes.
func (l *Linker) leave(ctx context.Context, w *work) error {
	told := w.attention()
	if told != w.Attention {
		w.Acknowledged = false
		if told != "" {
			l.Log.ErrorContext(ctx, "associates need attention", slog.String("registration_id", w.Registration.String()), slog.String("cause", told))
		}
	}
	w.Attention = told
	if w.looked || w.Company == "" {
		w.Company = w.reg.Profile
	}
	if w.relist { // the lists that a look has shown are still to be seen to
		w.ReadAt = l.Now().Add(listsAgain)
	}
	now := l.Now()
	err := persist(ctx, func(ctx context.Context) error { return l.Links.SaveStructure(ctx, w.Structure, w.next(now), now) })
	if err != nil {
		return fmt.Errorf("leaving the structure of registration %s: %w", w.Registration, err)
	}
	return nil
}

// save stores an associate, trying again while the store is away: an answer of the provider must not be lost. What was
// edited meanwhile is taken over, and one that was linked before is not in all its places then.
func (l *Linker) save(ctx context.Context, w *work, a Associate) (saved Associate, err error) {
	for {
		err = persist(ctx, func(ctx context.Context) (err error) {
			saved, err = l.Links.SaveAssociate(ctx, w.Structure, a, l.Now())
			return err
		})
		if !errors.Is(err, ErrEdited) {
			break
		}
		stored, err := l.Links.Associate(context.WithoutCancel(ctx), a.ID)
		if err != nil {
			return a, err
		}
		if stored.Status == AssociateUnclear && a.Profile == "" && a.Status != AssociateUnclear {
			return stored, nil // what its look-up did not find may have been heard of since
		}
		if stored.Status == AssociateStarting && !stored.Asked && a.Status == AssociateAttention {
			return stored, nil // it was corrected, and what was wrong with it is the past
		}
		a.Details, a.Void, a.Version = stored.Details, stored.Void, stored.Version
		if a.Status == AssociateLinked {
			a.Status, a.Listed = AssociateCreated, false
		}
	}
	if err != nil {
		return a, fmt.Errorf("storing associate %s: %w", a.ID, err)
	}
	return saved, nil
}

func (l *Linker) warn(id RegistrationID) func(context.Context, error) {
	return func(ctx context.Context, err error) {
		l.Log.WarnContext(ctx, "claim not prolonged", slog.String("registration_id", id.String()), slog.Any("error", err))
	}
}

// dueAfter is when to go on after so many tries that came to nothing.
func (l *Linker) dueAfter(tries int, err error) time.Time {
	return l.Now().Add(backOff(tries, l.Jitter(), err))
}

// Due lists the structures that are due, for a [Runner].
func (l *Linker) Due(ctx context.Context, limit int) ([]RegistrationID, error) {
	return l.Links.DueStructures(ctx, l.Now(), limit)
}
