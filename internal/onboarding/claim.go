package onboarding

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// Claims are short and prolonged while a step is under way, so that the work of a process that died is soon free.
const (
	claimFor    = 3 * time.Second
	extendEvery = 750 * time.Millisecond
	saveFor     = 10 * time.Second // how long an answer of the provider is kept trying to be stored
)

// hold runs a call while prolonging the claim, then stores what the registration has become, and keeps the claim if
// there is more to do. The store goes on when ctx ends: an answer of the provider must not be lost.
func (e *Engine) hold(ctx context.Context, r Registration, call func(context.Context) Registration) (next Registration, held bool, err error) {
	return e.keep(ctx, e.holding(ctx, r, call))
}

func (e *Engine) holding(ctx context.Context, r Registration, call func(context.Context) Registration) Registration {
	defer e.keepClaim(ctx, r)()
	return call(ctx)
}

// keep stores the registration, and keeps the claim if there is more to do.
func (e *Engine) keep(ctx context.Context, r Registration) (saved Registration, held bool, err error) {
	until := time.Time{}
	if held = e.goesOn(r); held {
		until = e.Now().Add(claimFor)
	}
	saved, err = e.save(ctx, r, until)
	return saved, held, err
}

// save stores the registration, trying again while the store is away.
func (e *Engine) save(ctx context.Context, r Registration, until time.Time) (saved Registration, err error) {
	r = r.by(ActorPortal, e.Now())
	err = persist(ctx, func(ctx context.Context) (err error) {
		saved, err = e.saveClaimed(ctx, r, until)
		return err
	})
	if errors.Is(err, errInVain) {
		return r, fmt.Errorf("storing registration %s: %w", r.ID, err)
	}
	return saved, err
}

var errInVain = errors.New("tried in vain")

// persist stores something, trying again while the store is away, even when ctx ends.
func persist(ctx context.Context, store func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), saveFor)
	defer cancel()
	for wait := 50 * time.Millisecond; ; wait *= 2 {
		err := store(ctx)
		if KindOf(err) != Busy {
			return err
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return fmt.Errorf("%w: %w", errInVain, err)
		}
	}
}

// keepClaim prolongs the claim on r until the returned function is called.
func (e *Engine) keepClaim(ctx context.Context, r Registration) (stop func()) {
	return beat(ctx,
		func(ctx context.Context) error { return e.Registrations.Extend(ctx, r, e.Now().Add(claimFor)) },
		func(ctx context.Context, err error) {
			e.Log.WarnContext(ctx, "claim not prolonged", slog.String("registration_id", r.ID.String()), slog.Any("error", err))
		})
}

// beat extends a claim again and again until the returned function is called or the claim is lost. Warn is told of
// extensions that failed.
func beat(ctx context.Context, extend func(context.Context) error, warn func(context.Context, error)) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(extendEvery)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				if !extended(ctx, extend, warn) {
					return
				}
			}
		}
	}()
	return func() { cancel(); <-done }
}

// extended prolongs a claim, and says whether it is still there. It waits no longer than until the next time: a claim
// that lapses meanwhile is as good as lost.
func extended(ctx context.Context, extend func(context.Context) error, warn func(context.Context, error)) bool {
	ctx, cancel := context.WithTimeout(ctx, extendEvery)
	defer cancel()
	err := extend(ctx)
	if err != nil && !errors.Is(ctx.Err(), context.Canceled) {
		warn(ctx, err)
	}
	return KindOf(err) != Conflict
}
