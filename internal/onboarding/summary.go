package onboarding

import (
	"context"
	"fmt"
	"log/slog"
	"time"
)

// Standing counts what should not last.
type Standing struct {
	Starting       int
	Unclear        int
	NeedsAttention int
	StubMayExist   int       // registrations that may have left a stub profile behind, and nobody has said they know
	Waiting        int       // registrations waiting for their turn at the provider
	Orphans        int       // profiles that carry a reference of ours and are no registration's, likewise
	Structures     int       // those behind companies of whom there is something that a person should know, likewise
	OldestDue      time.Time // of what is to go on by itself; zero where there is nothing
}

// Person says whether something waits for a person.
func (s Standing) Person() bool { return s.NeedsAttention+s.StubMayExist+s.Orphans+s.Structures > 0 }

// Overview sees all registrations together.
type Overview interface {
	Standing(ctx context.Context) (Standing, error)
	// CountByStatus counts the registrations of every status that there is.
	CountByStatus(ctx context.Context) (map[Status]int, error)
	// VerifyAudit has an [Auditor] verify the whole audit trail.
	VerifyAudit(ctx context.Context, until time.Time, tell func(Fault)) (Audit, error)
}

// Reporter tells the log once in a while how everything stands. All fields are required.
type Reporter struct {
	Overview Overview
	Verified func(faults int) // hears of each verification of the audit trail that came to a result
	Now      func() time.Time
	Log      *slog.Logger
}

const (
	countWithin  = 30 * time.Second
	verifyWithin = time.Hour // far above what five million registrations take
	// SummaryWithin is how long a summary takes at most.
	SummaryWithin = countWithin + verifyWithin + time.Minute
	// rootDelay is how old what a summary's root covers is at least: a change is stored up to saveFor after the time it
	// bears, and the clocks of replicas differ. What is verified later up to the same time has the same root.
	rootDelay = time.Minute
	// faultsTold bounds the faults that a summary tells one by one.
	faultsTold = 20
)

// Summarize logs one line with how everything stands, as a warning where something waits for a person. The root of the
// audit trail goes with it, so that a trail that is rewritten later, hashes and all, no longer agrees with old logs.
func (r *Reporter) Summarize(ctx context.Context) error {
	now := r.Now()
	standing, byStatus, err := r.count(ctx)
	if err != nil {
		return fmt.Errorf("counting registrations: %w", err)
	}
	attrs := []slog.Attr{
		slog.Any("by_status", byStatus), slog.Int("waiting", standing.Waiting),
		slog.Int("stub_may_exist", standing.StubMayExist), slog.Int("orphans", standing.Orphans),
		slog.Int("structures_attention", standing.Structures),
		slog.Float64("oldest_due_seconds", overdue(standing.OldestDue, now).Seconds()),
	}
	audited, sound := r.audit(ctx, now.Add(-rootDelay).Truncate(time.Second))
	level := slog.LevelInfo
	if standing.Person() || !sound {
		level = slog.LevelWarn
	}
	r.Log.LogAttrs(ctx, level, "daily summary", append(attrs, audited...)...)
	return nil
}

func (r *Reporter) count(ctx context.Context) (Standing, map[Status]int, error) {
	ctx, cancel := context.WithTimeout(ctx, countWithin)
	defer cancel()
	standing, err := r.Overview.Standing(ctx)
	if err != nil {
		return standing, nil, err
	}
	byStatus, err := r.Overview.CountByStatus(ctx)
	return standing, byStatus, err
}

// audit verifies the trail and says what to log of it. A database may be too large for that to end in time, which is
// no reason to worry, nor to say nothing of the rest.
func (r *Reporter) audit(ctx context.Context, until time.Time) (attrs []slog.Attr, sound bool) {
	within, cancel := context.WithTimeout(ctx, verifyWithin)
	defer cancel()
	told := 0
	audit, err := r.Overview.VerifyAudit(within, until, func(f Fault) {
		if told++; told <= faultsTold {
			r.Log.ErrorContext(ctx, "audit trail broken", slog.String("registration_id", f.Registration.String()),
				slog.Int64("seq", f.Seq), slog.String("fault", f.What))
		}
	})
	if err == nil || told > 0 { // one that was cut short has a result where it has found something
		r.Verified(told)
	}
	switch {
	case within.Err() != nil && ctx.Err() == nil:
		return []slog.Attr{slog.String("audit_root", "too long")}, told == 0
	case err != nil:
		return []slog.Attr{slog.String("audit_root", "unknown"), slog.Any("error", err)}, false
	}
	return []slog.Attr{
		slog.Int64("audit_entries", audit.Entries), slog.Int64("audit_faults", audit.Faults),
		slog.Int64("audit_forgotten", audit.Forgotten),
		slog.Time("audit_until", until.UTC()), slog.String("audit_root", fmt.Sprintf("%x", audit.Root)),
	}, told == 0
}

// overdue is how long ago something was due.
func overdue(due, now time.Time) time.Duration {
	if due.IsZero() {
		return 0
	}
	return max(now.Sub(due), 0)
}
