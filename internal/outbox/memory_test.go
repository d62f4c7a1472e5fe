package outbox_test

import (
	"context"
	"slices"
	"sync"
	"time"

	"portal/internal/outbox"
)

// memory keeps notices for the tests of one process. What Postgres makes of the same promises is tested there.
type memory struct {
	outbox.Archive // none of the tests here looks, but for what is below

	mu      sync.Mutex
	err     error // of every call
	notices []*kept
	claims  int64
	forgot  []time.Time // up to when ended notices were forgotten
	unsent  []time.Time // up to when unsent ones were
}

// kept is a notice with what became of it.
type kept struct {
	outbox.Claimed
	status   string
	cause    string
	due      time.Time
	until    time.Time // of its claim
	attempts []outbox.Attempt
}

// add queues a notice.
func (s *memory) add(id string, at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := &kept{status: outbox.Pending, due: at}
	n.Claimed = outbox.Claimed{
		Notice: outbox.Notice{ID: id, Type: "registration.completed", Registration: "r-" + id, Issuer: "link", Subject: "somebody", HappenedAt: at},
		Seq:    int64(len(s.notices)), QueuedAt: at,
	}
	s.notices = append(s.notices, n)
}

func (s *memory) get(id string) *kept {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.notices[slices.IndexFunc(s.notices, func(n *kept) bool { return n.ID == id })]
}

func (s *memory) Claim(_ context.Context, now, until time.Time) (outbox.Claimed, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var next *kept
	for _, n := range s.notices {
		if n.status == outbox.Pending && !n.due.After(now) && !n.until.After(now) && (next == nil || n.due.Before(next.due)) {
			next = n
		}
	}
	if next == nil || s.err != nil {
		return outbox.Claimed{}, false, s.err
	}
	s.claims++
	next.Claim, next.until = s.claims, until
	return next.Claimed, true, nil
}

// held is the notice if the claim is still good.
func (s *memory) held(c outbox.Claimed) (*kept, error) {
	n := s.notices[c.Seq]
	if n.Claim != c.Claim {
		return nil, outbox.ErrLost
	}
	return n, s.err
}

func (s *memory) Settle(ctx context.Context, c outbox.Claimed, o outbox.Outcome) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, err := s.held(c)
	if err != nil {
		return err
	}
	n.cause, n.until = o.Cause, time.Time{}
	if o.Attempt != nil {
		n.attempts = append(n.attempts, *o.Attempt)
	}
	if n.QueuedAt.After(c.QueuedAt) && o.Status != outbox.Delivered {
		return ctx.Err()
	}
	n.status, n.due = o.Status, o.Due
	if o.Attempt != nil {
		n.Tries++
	}
	return ctx.Err()
}

func (s *memory) Free(ctx context.Context, c outbox.Claimed) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, err := s.held(c)
	if err != nil {
		return err
	}
	n.until = time.Time{}
	return ctx.Err()
}

func (s *memory) DeleteEnded(_ context.Context, before time.Time, most int) (int, error) {
	s.forgot = append(s.forgot, before)
	return most * (2 - len(s.forgot)), nil // once a full batch, then nothing
}

func (s *memory) DeleteUnsent(_ context.Context, before time.Time, _ int) (int, error) {
	s.unsent = append(s.unsent, before)
	return 0, nil
}

// sender answers as it is told.
type sender func(ctx context.Context, n outbox.Notice, at time.Time) outbox.Answer

func (s sender) Send(ctx context.Context, n outbox.Notice, at time.Time) outbox.Answer {
	return s(ctx, n, at)
}

// always answers the same.
func always(a outbox.Answer) sender {
	return func(context.Context, outbox.Notice, time.Time) outbox.Answer { return a }
}
