package onboarding

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// incompleteAfter is after how many tries a look-up that cannot be complete is a person's concern.
const incompleteAfter = 5

// step makes one call for the registration, at the edge of what is known about it. It says whether the registration is
// still held because there is more to do.
func (e *Engine) step(ctx context.Context, f Flow, r Registration) (next Registration, held bool, err error) {
	switch {
	case r.Provider == Sumsub:
		return e.stepVerified(ctx, f, r)
	case r.Status == Starting && r.Profile == "":
		return e.createProfile(ctx, f, r)
	case r.Status == Starting:
		return e.create(ctx, r, AskRequest, func(ctx context.Context, r Registration) (Registration, error) {
			q, err := e.Provider.CreateRequest(ctx, r.Profile, Forms{FlowTemplate: f.FlowTemplate, Theme: f.Theme})
			if err != nil {
				return r, err
			}
			q.CreatedAt = e.Now()
			return r.withRequest(q, q.CreatedAt, "answer of the provider"), nil
		})
	case r.Ask == AskProfile:
		return e.hold(ctx, r, func(ctx context.Context) Registration { return e.findProfile(ctx, f, r) })
	default:
		return e.hold(ctx, r, func(ctx context.Context) Registration { return e.findRequest(ctx, r) })
	}
}

func (e *Engine) stub(f Flow, r Registration) StubProfile {
	p := StubProfile{CustomerRef: r.CustomerRef(e.RefPrefix), Role: f.Role, Facts: r.Facts.For(f.Role)}
	if f.ProductAtStub {
		p.Product = f.Product
	}
	return p
}

// createProfile creates the profile when it is the registration's turn.
func (e *Engine) createProfile(ctx context.Context, f Flow, r Registration) (next Registration, held bool, err error) {
	now := e.Now()
	wait, err := e.Turns.Take(ctx, r, now)
	if err != nil {
		return r, true, fmt.Errorf("taking a turn: %w", err)
	}
	if wait > 0 {
		return e.keep(ctx, r.waitingTurn(now.Add(wait)))
	}
	return e.create(ctx, r, AskProfile, func(ctx context.Context, r Registration) (Registration, error) {
		r, err := e.createStub(ctx, r, e.stub(f, r))
		if KindOf(err) == Busy {
			e.giveBack(ctx)
		}
		return r, err
	})
}

// createStub asks for the profile. Facts must not keep anybody from the forms: what is refused as wrong is asked for once
// more without them. They were to blame, and are given up, only if that is granted; otherwise it may be the settings that
// are wrong, and the facts are still of use once those are mended.
func (e *Engine) createStub(ctx context.Context, r Registration, p StubProfile) (Registration, error) {
	id, err := e.Provider.CreateProfile(ctx, p)
	if KindOf(err) == Invalid && !p.Facts.Empty() {
		p.Facts = Facts{}
		if id, err = e.Provider.CreateProfile(ctx, p); err == nil {
			r = e.withoutFacts(ctx, r, "the provider refused them")
		} else if KindOf(err) == Unanswered {
			r = r.noted("asked without the prefilled facts", "the provider refused them, or something else")
		}
	}
	if err != nil {
		return r, err
	}
	return r.withProfile(id, e.Now(), "answer of the provider"), nil
}

// giveBack returns a turn that came to nothing: otherwise those who try during an outage would use up the turns, and
// the others be told of a queue that there is not.
func (e *Engine) giveBack(ctx context.Context) {
	if err := e.Turns.GiveBack(context.WithoutCancel(ctx)); err != nil {
		e.Log.WarnContext(ctx, "turn not given back", slog.Any("error", err))
	}
}

// create stores that the provider is about to be asked, asks, and returns what the registration becomes by the
// answer; a call that fails leaves it as it was, but for its trail. The answer is stored before the next step is thought of.
func (e *Engine) create(ctx context.Context, r Registration, a Ask, call func(context.Context, Registration) (Registration, error)) (next Registration, held bool, err error) {
	asked, err := e.save(ctx, r.asking(a), e.Now().Add(claimFor))
	if err != nil {
		return r, true, fmt.Errorf("storing what will be asked: %w", err)
	}
	return e.hold(ctx, asked, func(ctx context.Context) Registration {
		answered, err := call(ctx, asked)
		if err != nil {
			return e.notCreated(ctx, answered, err)
		}
		return answered
	})
}

// notCreated is what a registration becomes when its creating call failed. A refusal as a conflict means that the
// profile has an active request that we do not know, which is found out like the fate of an unanswered call.
func (e *Engine) notCreated(ctx context.Context, r Registration, err error) Registration {
	e.Log.WarnContext(ctx, "provider did not create", slog.String("registration_id", r.ID.String()),
		slog.String("asked", string(r.Ask)), slog.Int("tries", r.Tries+1), slog.Any("error", err))
	switch kind := KindOf(err); {
	case kind == NotFound && r.Ask == AskRequest && e.gone(ctx, r.Profile):
		return r.undecidable("the provider does not know the profile any more: " + err.Error())
	case kind == NotFound, kind == Invalid, kind == Denied, kind == Busy:
		return r.postponed(err.Error(), e.dueAfter(r.Tries, err))
	default:
		r.Refused = kind == Conflict
		return r.unanswered(err.Error(), e.Now())
	}
}

// withoutFacts is the registration that goes on without the facts it began with: the forms ask for everything.
func (e *Engine) withoutFacts(ctx context.Context, r Registration, why string) Registration {
	e.Log.ErrorContext(ctx, "prefilled facts given up", slog.String("registration_id", r.ID.String()), slog.String("cause", why))
	r.Facts, r.FactsVoid = Facts{}, true
	return r.noted("prefilled facts given up", why)
}

// gone says whether the provider certainly does not know a profile any more.
func (e *Engine) gone(ctx context.Context, id ProfileID) bool {
	_, err := e.Provider.CustomerRef(ctx, id)
	return KindOf(err) == NotFound
}

// findProfile decides what became of an unanswered profile creation.
func (e *Engine) findProfile(ctx context.Context, f Flow, r Registration) Registration {
	settled := r.settled(e.Now(), e.Settle) // asked before the look-up, which must see everything that took effect
	id, evidence, err := e.lookForProfile(ctx, f, r)
	switch {
	case err == nil:
		return r.withProfile(id, e.Now(), evidence)
	case errors.Is(err, ErrIncomplete) && settled && r.Tries >= incompleteAfter:
		return r.undecidable("a profile may have been created: " + err.Error())
	case KindOf(err) != NotFound:
		return e.lookLater(ctx, r, err)
	case !settled:
		return r.unsettled(e.Settle)
	case f.HoldUnclear:
		return r.undecidable("a profile may have been created; the flow waits for a person to say")
	default:
		return r.again(e.dueAfter(r.Tries-1, nil), "look-up of the customer reference: none")
	}
}

// lookForProfile finds the profile that carries the registration's reference: one that was heard of since, or one that
// the provider finds.
func (e *Engine) lookForProfile(ctx context.Context, f Flow, r Registration) (id ProfileID, evidence string, err error) {
	known, err := e.Profiles.KnownProfiles(ctx, r.ID)
	if err != nil {
		return "", "", err
	}
	for _, p := range known {
		if p.GivenUp {
			continue
		}
		ours, err := e.carriesRef(ctx, r, p.ID)
		if ours {
			return p.ID, "heard of by " + p.Source + "; its customer reference is ours", nil
		}
		if err != nil && KindOf(err) != NotFound {
			return "", "", err
		}
	}
	id, err = e.Provider.FindProfile(ctx, e.stub(f, r), r.CreatedAt, func(ctx context.Context, ids []ProfileID) ([]ProfileID, error) {
		return e.Profiles.Taken(ctx, r.ID, ids)
	})
	return id, "look-up of the customer reference", err
}

// carriesRef says whether a profile is the registration's by the reference that the provider keeps.
func (e *Engine) carriesRef(ctx context.Context, r Registration, id ProfileID) (bool, error) {
	read := e.Provider.CustomerRef
	if r.Provider == Sumsub {
		read = e.Verifier.Reference
	}
	ref, err := read(ctx, id)
	if err != nil {
		return false, fmt.Errorf("reading a profile's customer reference: %w", err)
	}
	return ref == r.CustomerRef(e.RefPrefix), nil
}

// findRequest decides what became of an unanswered or refused creation of a customer request. Asking once more is
// safe, since only one request can be active on a profile; a refusal ends it where the active one's key is not known.
func (e *Engine) findRequest(ctx context.Context, r Registration) Registration {
	settled := r.settled(e.Now(), e.Settle)
	s, err := e.Provider.LatestRequest(ctx, r.Profile)
	active := err == nil && !s.Completed
	if active && s.Key == "" { // its answer may have come after the claim was lost
		if kept, err := e.Registrations.Request(ctx, r.ID, s.ID); err == nil {
			return r.withRequest(kept, e.Now(), "read of the provider; its key was stored")
		}
	}
	switch {
	case err != nil && KindOf(err) != NotFound:
		return e.lookLater(ctx, r, err)
	case active && s.Key != "":
		q := CustomerRequest{ID: s.ID, Key: s.Key, CreatedAt: r.UnclearSince}
		return r.withRequest(q, e.Now(), "read of the provider")
	case active && r.Refused:
		return r.undecidable("the provider has an active customer request and does not tell its key")
	case !active && !settled:
		return r.unsettled(e.Settle)
	default:
		return r.again(e.dueAfter(r.Tries-1, nil), "read of the provider: no request, or one without its key")
	}
}

// lookLater is the registration whose look-up failed: only a certain answer counts.
func (e *Engine) lookLater(ctx context.Context, r Registration, err error) Registration {
	e.Log.WarnContext(ctx, "provider could not be read", slog.String("registration_id", r.ID.String()), slog.Any("error", err))
	return r.postponed(err.Error(), e.dueAfter(r.Tries, err))
}

// dueAfter is when to go on after so many tries that came to nothing.
func (e *Engine) dueAfter(tries int, err error) time.Time {
	return e.Now().Add(backOff(tries, e.Jitter(), err))
}

// backOff is how long to wait after so many tries that came to nothing: the wait doubles from a second to a minute, has
// jitter so that many do not return at once, and is never less than the provider asks for.
func backOff(tries int, jitter float64, err error) time.Duration {
	wait := min(time.Second<<min(tries, 6), time.Minute)
	wait = wait/2 + time.Duration(jitter*float64(wait/2))
	if asked, ok := errors.AsType[*Error](err); ok {
		wait = max(wait, asked.RetryAfter)
	}
	return wait
}
