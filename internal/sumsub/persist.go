package sumsub

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"portal/internal/breaker"
	"portal/internal/onboarding"
)

// defaultPauses are how long is waited before a call is made again, as often as there are pauses.
var defaultPauses = []time.Duration{200 * time.Millisecond, time.Second}

// persist makes the call, and makes it again while that can do no harm and there is time for it.
func (c *Client) persist(ctx context.Context, k call, decode func(answer reply) error) error {
	try := func() error {
		return c.breakers[k.endpoint].Run(func() error { return c.attempt(ctx, k, decode) })
	}
	err := try()
	for _, wait := range c.pauses {
		if !k.mayRepeat(err) || pause(ctx, wait) != nil {
			return err
		}
		err = try()
	}
	return err
}

// mayRepeat says whether the call may be made again: it met with trouble, and either changes nothing or was not sent.
func (k call) mayRepeat(err error) bool {
	_, unsent := errors.AsType[noConnection](err)
	return breaker.IsOutage(err) && (!k.changes || unsent)
}

// pause waits for so long, unless the time of the call will be over before.
func pause(ctx context.Context, d time.Duration) error {
	if end, ok := ctx.Deadline(); ok && time.Until(end) <= d {
		return context.DeadlineExceeded
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// How long a call waits for its turn. One with a document waits longer: its applicant has sent the whole file by then, and would
// have to do so again.
const (
	turnWithin       = 2 * time.Second
	uploadTurnWithin = 45 * time.Second
)

var errNoTurn = errors.New("not asked, to keep the limits")

// awaitTurn waits until the call may be made under the limits that all replicas share. Of our uploads only one asks at a time:
// a crowd that asked together would take every turn from the other calls, and keep the store busy with asking.
func (c *Client) awaitTurn(ctx context.Context, k call) error {
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(k.patience, turnWithin))
	defer cancel()
	if k.patience > 0 {
		select {
		case c.line <- struct{}{}:
			defer func() { <-c.line }()
		case <-ctx.Done():
			return k.noTurn(limitWindow)
		}
	}
	for {
		wait, err := c.turn(ctx, k.method != http.MethodGet)
		switch {
		case err != nil:
			return k.failed(onboarding.Busy, breaker.NoEvidence(fmt.Errorf("taking a turn: %w", err)))
		case wait <= 0:
			return nil
		case pause(ctx, wait) != nil:
			return k.noTurn(wait)
		}
	}
}

// noTurn is the error of a call whose turn is too far away.
func (k call) noTurn(wait time.Duration) error {
	err := k.failed(onboarding.Busy, breaker.NoEvidence(errNoTurn))
	err.RetryAfter = wait
	return err
}
