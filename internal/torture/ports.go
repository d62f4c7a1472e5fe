package torture

import (
	"context"
	"errors"
	"time"

	"portal/internal/inbox"
	"portal/internal/onboarding"
	"portal/internal/postgres"
)

// ledger is the store behind the stage: before and after what it writes, others may go on and the process may die. It
// may also be away, before or after it has written.
type ledger struct {
	*postgres.Store
	away  func() (before, after bool)
	noted func(saved onboarding.Registration) // told of what was stored; may be nil
}

func (r *run) ledger() ledger { return ledger{r.store, r.away, r.readInOrder} }

// errAway is what callers hear of a store that cannot be reached.
var errAway = &onboarding.Error{Kind: onboarding.Busy, Err: errors.New("the store is away")}

// away decides whether the store is away for the next call.
func (r *run) away() (before, after bool) {
	if r.wire.calm {
		return false, false
	}
	at := r.guarded(r.choose)(24, "store")
	return at == 22, at == 23
}

// unsure makes a call of a store that may be away.
func unsure[T any](away func() (before, after bool), call func() (T, error)) (T, error) {
	var none T
	before, after := away()
	if before {
		return none, errAway
	}
	result, err := call()
	if after {
		return none, errAway
	}
	return result, err
}

func (l ledger) Begin(ctx context.Context, r onboarding.Registration) (onboarding.Registration, error) {
	return around(ctx, "storing the intent", func(ctx context.Context) (onboarding.Registration, error) {
		return unsure(l.away, func() (onboarding.Registration, error) { return l.Store.Begin(ctx, r) })
	})
}

func (l ledger) Claim(ctx context.Context, id onboarding.RegistrationID, now, until time.Time) (onboarding.Registration, error) {
	return around(ctx, "claiming", func(ctx context.Context) (onboarding.Registration, error) {
		return unsure(l.away, func() (onboarding.Registration, error) { return l.Store.Claim(ctx, id, now, until) })
	})
}

func (l ledger) Save(ctx context.Context, r onboarding.Registration, until time.Time) (onboarding.Registration, error) {
	return around(ctx, "saving "+string(r.Status)+" "+string(r.Ask), func(ctx context.Context) (onboarding.Registration, error) {
		return unsure(l.away, func() (onboarding.Registration, error) {
			saved, err := l.Store.Save(ctx, r, until)
			if err == nil && l.noted != nil {
				l.noted(saved)
			}
			return saved, err
		})
	})
}

// Extend does nothing: the engine's heart beats by the clock on the wall, and a run is its choices. So a claim lapses
// when the plan lets more time pass during a call than a claim is for, as in a process that stands still.
func (l ledger) Extend(context.Context, onboarding.Registration, time.Time) error { return nil }

func (l ledger) Registration(ctx context.Context, id onboarding.RegistrationID) (onboarding.Registration, error) {
	if err := alive(ctx); err != nil {
		return onboarding.Registration{}, err
	}
	return l.Store.Registration(ctx, id)
}

func (l ledger) NoteProfile(ctx context.Context, r onboarding.RegistrationID, id onboarding.ProfileID, source string, now time.Time) (bool, error) {
	return around(ctx, "noting a profile", func(ctx context.Context) (bool, error) {
		return unsure(l.away, func() (bool, error) { return l.Store.NoteProfile(ctx, r, id, source, now) })
	})
}

// pigeonholes keep the webhooks behind the stage.
type pigeonholes struct {
	*postgres.Webhooks
	away func() (before, after bool)
}

func (p pigeonholes) Put(ctx context.Context, messages []inbox.Message) error {
	_, err := around(ctx, "storing webhooks", func(ctx context.Context) (struct{}, error) {
		return unsure(p.away, func() (struct{}, error) { return struct{}{}, p.Webhooks.Put(ctx, messages) })
	})
	return err
}

// Extend does nothing, like [ledger.Extend].
func (p pigeonholes) Extend(context.Context, inbox.Claimed, time.Time) error { return nil }

func (p pigeonholes) Finish(ctx context.Context, c inbox.Claimed, now time.Time) error {
	_, err := around(ctx, "finishing webhooks", func(ctx context.Context) (struct{}, error) {
		return unsure(p.away, func() (struct{}, error) { return struct{}{}, p.Webhooks.Finish(ctx, c, now) })
	})
	return err
}

func (p pigeonholes) Postpone(ctx context.Context, c inbox.Claimed, due time.Time, cause string) error {
	if err := alive(ctx); err != nil {
		return err
	}
	return p.Webhooks.Postpone(ctx, c, due, cause)
}

// caller makes the provider's calls behind the stage, some of them in trouble.
type caller struct {
	onboarding.Provider
	wire *wire
}

func (c caller) CreateProfile(ctx context.Context, p onboarding.StubProfile) (onboarding.ProfileID, error) {
	return around(ctx, "creating a profile", func(ctx context.Context) (onboarding.ProfileID, error) {
		c.wire.disturb(true)
		return c.Provider.CreateProfile(ctx, p)
	})
}

func (c caller) CreateRequest(ctx context.Context, id onboarding.ProfileID, f onboarding.Forms) (onboarding.CustomerRequest, error) {
	return around(ctx, "creating a request", func(ctx context.Context) (onboarding.CustomerRequest, error) {
		c.wire.disturb(true)
		return c.Provider.CreateRequest(ctx, id, f)
	})
}

func (c caller) FindProfile(ctx context.Context, p onboarding.StubProfile, since time.Time, taken onboarding.Taken) (onboarding.ProfileID, error) {
	if err := pause(ctx, "before looking for a profile"); err != nil {
		return "", err
	}
	c.wire.disturb(false)
	return c.Provider.FindProfile(ctx, p, since, taken)
}

func (c caller) LatestRequest(ctx context.Context, id onboarding.ProfileID) (onboarding.Sighting, error) {
	return around(ctx, "reading a request", func(ctx context.Context) (onboarding.Sighting, error) {
		c.wire.disturb(false)
		return c.Provider.LatestRequest(ctx, id)
	})
}

func (c caller) CustomerRef(ctx context.Context, id onboarding.ProfileID) (string, error) {
	if err := alive(ctx); err != nil {
		return "", err
	}
	return c.Provider.CustomerRef(ctx, id)
}
