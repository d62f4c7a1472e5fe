package sumsub

import (
	"context"
	"errors"
	"fmt"
	"io"
	"syscall"
	"time"

	"portal/internal/breaker"
	"portal/internal/onboarding"
)

// tooSlow is why a call was given up.
type tooSlow struct{ limit time.Duration }

// Error names the time that was too short.
func (e *tooSlow) Error() string { return fmt.Sprintf("no whole answer within %v", e.limit) }

// Unwrap makes it a deadline like any other.
func (e *tooSlow) Unwrap() error { return context.DeadlineExceeded }

// noConnection is an error of a call that was certainly not sent.
type noConnection struct{ error }

// Unwrap returns the error itself.
func (n noConnection) Unwrap() error { return n.error }

// brokeOff is the error of a call without a whole answer. Only where there was a connection can it have had an effect.
func (k call) brokeOff(ctx context.Context, connected bool, err error) error {
	_, slow := errors.AsType[*tooSlow](context.Cause(ctx))
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	kind, cause := onboarding.Busy, error(noConnection{fmt.Errorf("no connection: %w", err)})
	if connected {
		kind, cause = k.unknown(), whatBroke(err)
	}
	if ctx.Err() != nil && !slow || errors.Is(err, errTooLong) { // the caller did not wait, or it would be as long again
		return k.failed(kind, breaker.NoEvidence(cause))
	}
	return k.failed(kind, breaker.Outage(cause))
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
