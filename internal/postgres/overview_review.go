package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// KeptReview is how an applicant stood at a provider that checks documents when it was last read, as far as that is no
// personal data.
type KeptReview struct {
	Level      string
	Status     string // "" where there is none
	Answer     string
	RejectType string
	ReadAt     time.Time
}

// keptReview returns the zero value where the registration has none.
func (s *Store) keptReview(ctx context.Context, id uuid.UUID) (KeptReview, error) {
	row, err := s.q.ReviewOf(ctx, s.pool, id)
	if errors.Is(err, pgx.ErrNoRows) {
		return KeptReview{}, nil
	}
	return KeptReview{Level: row.Level, Status: row.ReviewStatus, Answer: row.ReviewAnswer, RejectType: row.RejectType, ReadAt: row.ReadAt}, err
}
