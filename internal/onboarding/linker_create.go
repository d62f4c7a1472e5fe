package onboarding

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"
)

// createAll creates the profiles that are due, a few at a time, as long as there are turns.
func (l *Linker) createAll(ctx context.Context, w *work) error {
	var all sync.WaitGroup
	var mu sync.Mutex // guards w and failed
	var failed error
	places := make(chan struct{}, l.AtOnce)
	for _, a := range slices.Clone(w.Associates) {
		if !w.toCreate(a) || a.DueAt.After(l.Now()) {
			continue
		}
		places <- struct{}{}
		mu.Lock()
		stop := failed != nil || ctx.Err() != nil || !w.turnAt.IsZero()
		mu.Unlock()
		if stop {
			<-places
			break
		}
		all.Go(func() {
			defer func() { <-places }()
			became, wait, err := l.createSafely(ctx, w, a)
			mu.Lock()
			defer mu.Unlock()
			w.put(became)
			failed = errors.Join(failed, err)
			if wait > 0 {
				w.turnAt = l.Now().Add(wait)
			}
		})
	}
	all.Wait()
	return failed
}

// createSafely turns a panic into an error, so that one associate cannot bring one process down after the other.
func (l *Linker) createSafely(ctx context.Context, w *work, a Associate) (became Associate, wait time.Duration, err error) {
	became = a
	defer panicAsError(&err)
	return l.create(ctx, w, a)
}

// create takes one associate to its profile, as far as it goes now. It says how long to wait where there is no turn.
func (l *Linker) create(ctx context.Context, w *work, a Associate) (became Associate, wait time.Duration, err error) {
	if a.Void {
		became, err = l.save(ctx, w, a.unreadable())
		return became, 0, err
	}
	if a.Status != AssociateUnclear && a.Asked {
		a = a.unanswered("the process that asked ended before the answer", l.Now())
	}
	if a.Status == AssociateUnclear {
		found, err := l.save(ctx, w, l.find(ctx, w, a))
		if err != nil || found.Status != AssociateStarting || found.DueAt.After(l.Now()) {
			return found, 0, err
		}
		a = found
	}
	if a.StubMayExist || a.Tries > 0 { // what was looked for in vain may have been heard of since
		switch id, err := l.heardOf(ctx, a); {
		case err == nil:
			became, err = l.save(ctx, w, a.withProfile(id))
			return became, 0, err
		case KindOf(err) != NotFound:
			became, err = l.save(ctx, w, a.postponed(err.Error(), l.dueAfter(a.Tries, err)))
			return became, 0, err
		}
	}
	if wait, err = l.Turns.TakeSpare(ctx, l.Now()); err != nil || wait > 0 {
		return a, wait, err
	}
	became, err = l.ask(ctx, w, a)
	return became, 0, err
}

// ask asks for the profile. That it is asked is stored before, and the answer at once.
func (l *Linker) ask(ctx context.Context, w *work, a Associate) (Associate, error) {
	a.Status = AssociateStarting
	asked, err := l.save(ctx, w, a.asking())
	if err != nil {
		return a, err
	}
	id, err := l.Profiles.CreateAssociate(ctx, AssociateProfile{CustomerRef: asked.CustomerRef(l.RefPrefix), Details: asked.Details})
	if KindOf(err) == Busy {
		if err := l.Turns.GiveBack(context.WithoutCancel(ctx)); err != nil {
			l.Log.WarnContext(ctx, "turn not given back", slog.Any("error", err))
		}
	}
	if err != nil {
		return l.save(ctx, w, l.notCreated(ctx, asked, err))
	}
	return l.save(ctx, w, asked.withProfile(id))
}

// notCreated is what an associate becomes when its creating call failed.
func (l *Linker) notCreated(ctx context.Context, a Associate, err error) Associate {
	l.Log.WarnContext(ctx, "provider did not create an associate", slog.String("associate_id", a.ID.String()),
		slog.Int("tries", a.Tries+1), slog.Any("error", err))
	switch KindOf(err) {
	case Invalid, Conflict:
		return a.refused(refusedProfile+err.Error(), l.Now().Add(refusedFor))
	case NotFound, Denied, Busy:
		return a.postponed(err.Error(), l.dueAfter(a.Tries, err))
	default:
		return a.unanswered(err.Error(), l.Now())
	}
}

// refusedProfile says what a refused creation most often means (help article "Create a profile for an associate and link it
// to a company in the API", section "Ensure the product is configured correctly").
const refusedProfile = "the provider refuses the profile. Most often the product for associates has no smart policy or task set for this " +
	"type of entity: have the provider set it up; it is tried again every hour. Its answer: "

// find decides what became of an unanswered creation.
func (l *Linker) find(ctx context.Context, w *work, a Associate) Associate {
	settled := a.settled(l.Now(), l.Settle) // asked before the look-up, which must see everything that took effect
	id, err := l.lookFor(ctx, a)
	switch {
	case err == nil:
		return a.withProfile(id)
	case errors.Is(err, ErrIncomplete) && settled && a.Tries >= incompleteAfter:
		return a.undecidable("a profile may have been created: " + err.Error())
	case KindOf(err) != NotFound:
		l.Log.WarnContext(ctx, "provider could not be read", slog.String("associate_id", a.ID.String()), slog.Any("error", err))
		return a.postponed(err.Error(), l.dueAfter(a.Tries, err))
	case !settled:
		return a.unsettled(l.Settle)
	case w.flow.HoldUnclear:
		return a.undecidable("a profile may have been created; the flow waits for a person to say")
	default:
		return a.again(l.dueAfter(a.Tries-1, nil))
	}
}

// lookFor finds the profile that carries the associate's reference: one that was heard of since, or one that the provider
// finds.
func (l *Linker) lookFor(ctx context.Context, a Associate) (ProfileID, error) {
	if id, err := l.heardOf(ctx, a); KindOf(err) != NotFound {
		return id, err
	}
	stub := StubProfile{CustomerRef: a.CustomerRef(l.RefPrefix), Role: a.Details.EntityType.associated()}
	return l.Profiles.FindProfile(ctx, stub, a.SubmittedAt, func(ctx context.Context, ids []ProfileID) ([]ProfileID, error) {
		return l.Links.TakenByAssociates(ctx, a.ID, ids)
	})
}

// heardOf is a profile that was heard of and carries the associate's reference; NotFound where there is none.
func (l *Linker) heardOf(ctx context.Context, a Associate) (ProfileID, error) {
	known, err := l.Links.KnownAssociateProfiles(ctx, a.ID)
	if err != nil {
		return "", err
	}
	for _, id := range known {
		ref, err := l.Profiles.CustomerRef(ctx, id)
		if err == nil && ref == a.CustomerRef(l.RefPrefix) {
			return id, nil
		}
		if err != nil && KindOf(err) != NotFound {
			return "", err
		}
	}
	return "", &Error{Kind: NotFound, Err: errors.New("none was heard of")}
}

// associated is the role of an associate's profile.
func (t EntityType) associated() Role {
	if t == Company {
		return CompanyAssociated
	}
	return IndividualAssociated
}
