package postgres

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"portal/internal/onboarding"
	"portal/internal/postgres/query"
)

const (
	tellEvery = 25 * time.Millisecond // at most: what changes meanwhile is told together
	tellAgain = time.Second           // after it failed
	// mostUntold is far more than changes within that time. What goes beyond is found by whoever looks again, as everybody
	// does after an outage.
	mostUntold = 10_000
)

// Teller tells whoever listens of the registrations that a process has changed: see [Listener]. It does so after their commits,
// many at once, and in a transaction of its own: all of Postgres tells one after the other, and a commit that told something
// itself would have everybody else's wait for its disk. What a process that dies has not told is found by those who look
// again. A nil Teller tells nothing.
type Teller struct {
	pool *pgxpool.Pool
	q    *query.Queries
	log  *slog.Logger

	mu     sync.Mutex
	untold map[uuid.UUID]struct{}
	news   chan struct{} // one is all there ever is in it
}

// NewTeller returns a teller on an open pool. Run it, or Flush it when all is done.
func NewTeller(pool *pgxpool.Pool, log *slog.Logger) *Teller {
	return &Teller{pool: pool, q: query.New(), log: log, untold: map[uuid.UUID]struct{}{}, news: make(chan struct{}, 1)}
}

// ToldBy is the store, which has a teller tell of what it changes from now on.
func (s *Store) ToldBy(t *Teller) *Store {
	told := *s
	told.teller = t
	return &told
}

// Tell has it told soon that applicants may see a change of a registration. Once too often does no harm: what is told is
// only that it is worth a look.
func (t *Teller) Tell(id onboarding.RegistrationID) {
	if t != nil {
		t.keep(uuid.UUID(id))
	}
}

// keep keeps registrations to be told of.
func (t *Teller) keep(ids ...uuid.UUID) {
	t.mu.Lock()
	for _, id := range ids {
		if len(t.untold) < mostUntold {
			t.untold[id] = struct{}{}
		}
	}
	t.mu.Unlock()
	select {
	case t.news <- struct{}{}:
	default: // is on its way
	}
}

// take takes what is to be told.
func (t *Teller) take() []uuid.UUID {
	t.mu.Lock()
	defer t.mu.Unlock()
	ids := slices.Collect(maps.Keys(t.untold))
	clear(t.untold)
	return ids
}

// Flush tells what has not been told yet. Where that fails it is kept for the next time.
func (t *Teller) Flush(ctx context.Context) error {
	ids := t.take()
	if len(ids) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	err := t.q.TellOfRegistrations(ctx, t.pool, ids)
	if err != nil {
		t.keep(ids...)
	}
	return fault("telling of registrations", err)
}

// Run tells until ctx ends. What comes later takes a [Teller.Flush].
func (t *Teller) Run(ctx context.Context) {
	for pause := tellEvery; ; {
		select {
		case <-t.news:
		case <-ctx.Done():
			return
		}
		pause = t.pause(ctx, t.Flush(ctx), pause)
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return
		}
	}
}

// pause is how long to wait after it was tried. A failure is worth a line in the log, unless it is one of many.
func (t *Teller) pause(ctx context.Context, err error, before time.Duration) time.Duration {
	if err == nil {
		return tellEvery
	}
	if before != tellAgain && ctx.Err() == nil {
		t.log.WarnContext(ctx, "changes of registrations are not told: pages look for them", slog.Any("error", err))
	}
	return tellAgain
}
