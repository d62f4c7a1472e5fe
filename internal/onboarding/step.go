package onboarding

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// step makes one call for the registration, at the edge of what is known about it.
func (e *Engine) step(ctx context.Context, f Flow, r Registration) (Registration, error) {
	switch {
	case r.Status == Starting && r.Profile == "":
		return e.create(ctx, r, AskProfile, func(ctx context.Context, r Registration) (Registration, error) {
			id, err := e.Provider.CreateProfile(ctx, e.stub(f, r))
			return r.withProfile(id, e.Now()), err
		})
	case r.Status == Starting:
		return e.create(ctx, r, AskRequest, func(ctx context.Context, r Registration) (Registration, error) {
			q, err := e.Provider.CreateRequest(ctx, r.Profile, Forms{FlowTemplate: f.FlowTemplate, Theme: f.Theme})
			q.CreatedAt = e.Now()
			return r.withRequest(q), err
		})
	case r.Ask == AskProfile:
		return e.held(ctx, r, func(ctx context.Context) Registration { return e.findProfile(ctx, f, r) })
	default:
		return e.held(ctx, r, func(ctx context.Context) Registration { return e.findRequest(ctx, r) })
	}
}

func (e *Engine) stub(f Flow, r Registration) StubProfile {
	p := StubProfile{CustomerRef: r.CustomerRef(e.RefPrefix), Role: f.Role}
	if f.ProductAtStub {
		p.Product = f.Product
	}
	return p
}

// create stores that the provider is about to be asked, asks, and returns what the registration becomes by the
// answer. The answer is stored before the next step is thought of.
func (e *Engine) create(ctx context.Context, r Registration, a Ask, call func(context.Context, Registration) (Registration, error)) (Registration, error) {
	asked, err := e.Registrations.Save(ctx, r.asking(a), e.Now().Add(claimFor))
	if err != nil {
		return r, fmt.Errorf("storing what will be asked: %w", err)
	}
	return e.held(ctx, asked, func(ctx context.Context) Registration {
		answered, err := call(ctx, asked)
		if err != nil {
			return e.notCreated(ctx, asked, err)
		}
		return answered
	})
}

// notCreated is what a registration becomes when its creating call failed. A refusal as a conflict means that the
// profile has an active request that we do not know, which is found out like the fate of an unanswered call.
func (e *Engine) notCreated(ctx context.Context, r Registration, err error) Registration {
	e.Log.WarnContext(ctx, "provider did not create", slog.String("registration_id", r.ID.String()),
		slog.String("asked", string(r.Ask)), slog.Int("tries", r.Tries+1), slog.Any("error", err))
	switch KindOf(err) {
	case NotFound, Invalid, Denied, Busy:
		return r.postponed(err.Error(), e.dueAfter(r.Tries, err))
	default:
		return r.unanswered(err.Error(), e.Now())
	}
}

// findProfile decides what became of an unanswered profile creation.
func (e *Engine) findProfile(ctx context.Context, f Flow, r Registration) Registration {
	settled := r.settled(e.Now(), e.Settle) // asked before the look-up, which must see everything that took effect
	id, err := e.Provider.FindProfile(ctx, e.stub(f, r), r.CreatedAt)
	switch {
	case err == nil:
		return r.withProfile(id, e.Now())
	case KindOf(err) != NotFound:
		return e.lookLater(ctx, r, err)
	case !settled:
		return r.unsettled(e.Settle)
	case f.HoldUnclear:
		return r.undecidable("a profile may have been created; the flow waits for a person to say")
	default:
		return r.again(e.dueAfter(r.Tries-1, nil))
	}
}

// findRequest decides what became of an unanswered or refused creation of a customer request. Asking once more is
// safe, since only one request can be active on a profile.
func (e *Engine) findRequest(ctx context.Context, r Registration) Registration {
	settled := r.settled(e.Now(), e.Settle)
	s, err := e.Provider.LatestRequest(ctx, r.Profile)
	active := err == nil && !s.Completed
	if active && s.Key == "" { // its answer may have come after the claim was lost
		if kept, err := e.Registrations.Request(ctx, r.ID, s.ID); err == nil {
			return r.withRequest(kept)
		}
	}
	switch {
	case err != nil && KindOf(err) != NotFound:
		return e.lookLater(ctx, r, err)
	case active && s.Key != "":
		return r.withRequest(CustomerRequest{ID: s.ID, Key: s.Key, CreatedAt: r.UnclearSince})
	case active && r.Reasked:
		return r.undecidable("the provider has an active customer request and does not tell its key")
	case !active && !settled:
		return r.unsettled(e.Settle)
	default:
		return r.again(e.dueAfter(r.Tries-1, nil))
	}
}

// lookLater is the registration whose look-up failed: only a certain answer counts.
func (e *Engine) lookLater(ctx context.Context, r Registration, err error) Registration {
	e.Log.WarnContext(ctx, "provider could not be read", slog.String("registration_id", r.ID.String()), slog.Any("error", err))
	return r.postponed(err.Error(), e.dueAfter(r.Tries, err))
}

// dueAfter is when to go on after so many tries that came to nothing: the wait doubles from a second to a minute, has
// jitter so that many do not return at once, and is never less than the provider asks for.
func (e *Engine) dueAfter(tries int, err error) time.Time {
	wait := min(time.Second<<min(tries, 6), time.Minute)
	wait = wait/2 + time.Duration(e.Jitter()*float64(wait/2))
	if asked, ok := errors.AsType[*Error](err); ok {
		wait = max(wait, asked.RetryAfter)
	}
	return e.Now().Add(wait)
}
