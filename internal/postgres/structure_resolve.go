package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"portal/internal/onboarding"
	"portal/internal/postgres/query"
)

var _ onboarding.DecidedStructures = (*Store)(nil)

// AcknowledgeStructure implements [onboarding.DecidedStructures].
func (s *Store) AcknowledgeStructure(ctx context.Context, id onboarding.RegistrationID, now time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	busy, err := s.q.AcknowledgeStructure(ctx, s.pool, query.AcknowledgeStructureParams{RegistrationID: uuid.UUID(id), Now: now})
	return unlessBusy(busy, fault("acknowledging what is told of a structure", err))
}

// RetryAssociates implements [onboarding.DecidedStructures].
func (s *Store) RetryAssociates(ctx context.Context, id onboarding.RegistrationID, now time.Time) (n int, err error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	row, err := s.q.RetryAssociates(ctx, s.pool, query.RetryAssociatesParams{RegistrationID: uuid.UUID(id), Now: now})
	return int(row.Retried), unlessBusy(row.Busy, fault("having associates tried again", err))
}

var errBusyBehind = &onboarding.Error{Kind: onboarding.Conflict, Err: errors.New("a process is working on the associates")}

func unlessBusy(busy int64, err error) error {
	if err == nil && busy > 0 {
		return errBusyBehind
	}
	return err
}
