package passfort

import (
	"context"
	"errors"
	"fmt"
	"io"
	"syscall"

	"portal/internal/breaker"
	"portal/internal/onboarding"
)

// brokeOff is the error of a call without a whole answer. Only where there was a connection can it have had an effect.
func (k call) brokeOff(caller context.Context, connected bool, err error) error {
	kind, cause := onboarding.Busy, fmt.Errorf("no connection: %w", err)
	if connected {
		kind, cause = k.unknown(), whatBroke(err)
	}
	if caller.Err() != nil || errors.Is(err, errTooLong) { // how much is kept of one company says nothing of PassFort
		return k.failed(kind, breaker.NoEvidence(cause))
	}
	return k.failed(kind, breaker.Outage(cause))
}

// whyEnded names the reason for which a call broke off, where it was a decision: the caller's, or one of ours.
func whyEnded(caller, ctx context.Context, err error) error {
	if caller.Err() != nil {
		return caller.Err()
	}
	if slow, ok := errors.AsType[*tooSlow](context.Cause(ctx)); ok {
		return slow
	}
	return err
}

var errTooLong = errors.New("the answer is too long")

// whatBroke says how a call broke off after it had been sent. Other errors may quote what they could not read, so they
// are not repeated.
func whatBroke(err error) error {
	if slow, ok := errors.AsType[*tooSlow](err); ok {
		return slow
	}
	for _, known := range []error{
		context.Canceled, context.DeadlineExceeded, errTooLong,
		syscall.ECONNRESET, syscall.EPIPE, io.ErrUnexpectedEOF, io.EOF,
	} {
		if errors.Is(err, known) {
			return fmt.Errorf("no whole answer: %w", known)
		}
	}
	return errors.New("no whole answer: the connection broke")
}
