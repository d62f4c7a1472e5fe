package onboarding

import (
	"context"
	"errors"
	"time"
)

// DecidedStructures is what decisions about those behind a company need of the store. Its methods change single columns
// instead of storing an edited [Structure]: what was entered stays sealed as it is, so that neither wrong keys nor none can
// overwrite it. While a process works on the structure both change nothing and return Conflict.
type DecidedStructures interface {
	// AcknowledgeStructure marks what is told of the structure as seen by a person. There may be no structure.
	AcknowledgeStructure(ctx context.Context, id RegistrationID, now time.Time) error
	// RetryAssociates has those tried again at once that are refused or undecided, or were removed at the provider, and
	// returns how many they are. What comes of it is told again although it was acknowledged.
	RetryAssociates(ctx context.Context, id RegistrationID, now time.Time) (n int, err error)
}

// Resolver carries out what people decide about registrations and those behind their companies. All fields are required.
type Resolver struct {
	Engine     *Engine
	Structures DecidedStructures
}

// Resolve carries a decision out as [Engine.Resolve] does, and then what it says of those behind the company. It returns
// what it makes of the registration, and how many associates are tried again. The trail has it before it is done, so
// nothing is done that the trail does not know.
func (s *Resolver) Resolve(ctx context.Context, id RegistrationID, d Decision) (r Registration, retried int, err error) {
	if r, err = s.Engine.Resolve(ctx, id, d); err != nil {
		return r, 0, err
	}
	switch d.Deed {
	case Acknowledge:
		err = s.Structures.AcknowledgeStructure(ctx, id, s.Engine.Now())
	case RetryAssociates:
		retried, err = s.Structures.RetryAssociates(ctx, id, s.Engine.Now())
	}
	if KindOf(err) == Conflict {
		err = &Error{Kind: Invalid, Err: errors.New("a process is working on its associates: try again in a moment")}
	}
	return r, retried, err
}
