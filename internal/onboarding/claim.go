package onboarding

import (
	"context"
	"fmt"
	"log/slog"
	"time"
)

// Claims are short and prolonged while a step is under way, so that the work of a process that died is soon free.
const (
	claimFor    = 4 * time.Second
	extendEvery = time.Second
	saveFor     = 10 * time.Second // how long an answer of the provider is kept trying to be stored
)

// held runs a call while prolonging the claim, then stores what the registration has become. The store goes on when
// ctx ends: an answer of the provider must not be lost.
func (e *Engine) held(ctx context.Context, r Registration, call func(context.Context) Registration) (Registration, error) {
	stop := e.keepClaim(ctx, r)
	next := call(ctx)
	stop()
	return e.save(ctx, next, e.Now().Add(claimFor))
}

// store saves the registration for the last time and gives the claim up.
func (e *Engine) store(ctx context.Context, r Registration) error {
	_, err := e.save(ctx, r, time.Time{})
	return err
}

// save stores the registration, trying again while the store is away.
func (e *Engine) save(ctx context.Context, r Registration, until time.Time) (Registration, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), saveFor)
	defer cancel()
	for wait := 50 * time.Millisecond; ; wait *= 2 {
		saved, err := e.Registrations.Save(ctx, r, until)
		if KindOf(err) != Busy {
			return saved, err
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return r, fmt.Errorf("storing registration %s in vain: %w", r.ID, err)
		}
	}
}

// keepClaim prolongs the claim on r until the returned function is called.
func (e *Engine) keepClaim(ctx context.Context, r Registration) (stop func()) {
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
				if err := e.Registrations.Extend(ctx, r, e.Now().Add(claimFor)); err != nil && ctx.Err() == nil {
					e.Log.WarnContext(ctx, "claim not prolonged", slog.String("registration_id", r.ID.String()), slog.Any("error", err))
				}
			}
		}
	}()
	return func() { cancel(); <-done }
}
