package jobs

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// riverLog is the log for River itself. It calls an error what it gets over by itself, such as Postgres being away for
// a while, which is a warning here; and the rest of what it says is of use to its authors.
func riverLog(log *slog.Logger) *slog.Logger {
	return slog.New(warnings{log.Handler(), &said{at: map[string]time.Time{}}}).With(slog.String("from", "river"))
}

// warnings passes on warnings and errors, as warnings, and each that is repeated only now and then: while Postgres is away
// River complains of every try.
type warnings struct {
	to   slog.Handler
	said *said
}

// said is when each text, of which River has a few, was last passed on.
type said struct {
	mu sync.Mutex
	at map[string]time.Time
}

const sayAgain = time.Minute

func (s *said) lately(text string, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if last, ok := s.at[text]; ok && now.Sub(last) < sayAgain {
		return true
	}
	s.at[text] = now
	return false
}

// Enabled is part of slog.Handler.
func (h warnings) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && h.to.Enabled(ctx, slog.LevelWarn)
}

// Handle is part of slog.Handler.
func (h warnings) Handle(ctx context.Context, r slog.Record) error {
	if h.said.lately(r.Message, r.Time) {
		return nil
	}
	r.Level = slog.LevelWarn
	return h.to.Handle(ctx, r)
}

// WithAttrs is part of slog.Handler.
func (h warnings) WithAttrs(attrs []slog.Attr) slog.Handler {
	return warnings{h.to.WithAttrs(attrs), h.said}
}

// WithGroup is part of slog.Handler.
func (h warnings) WithGroup(name string) slog.Handler { return warnings{h.to.WithGroup(name), h.said} }

// panics tells operators of a job that panicked, which is a bug. Errors are logged where they are understood.
type panics struct{ log *slog.Logger }

// HandleError is part of river.ErrorHandler.
func (panics) HandleError(context.Context, *rivertype.JobRow, error) *river.ErrorHandlerResult {
	return nil
}

// HandlePanic is part of river.ErrorHandler.
func (p panics) HandlePanic(ctx context.Context, job *rivertype.JobRow, value any, trace string) *river.ErrorHandlerResult {
	p.log.ErrorContext(ctx, "job panicked", slog.String("job", job.Kind), slog.Int64("job_id", job.ID),
		slog.String("panic", fmt.Sprint(value)), slog.String("stack", trace))
	return nil
}
