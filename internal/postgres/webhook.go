package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"portal/internal/inbox"
	"portal/internal/onboarding"
	"portal/internal/postgres/query"
	"portal/internal/seal"
)

// Webhooks keeps received webhooks, their bodies sealed. It is an [inbox.Messages].
type Webhooks struct {
	pool *pgxpool.Pool
	q    *query.Queries
	keys *seal.Keyset
}

// NewWebhooks returns a store of webhooks on an open pool that seals with keys. Without keys it cannot put or show
// bodies, which listing and handing on do not need.
func NewWebhooks(pool *pgxpool.Pool, keys *seal.Keyset) *Webhooks {
	return &Webhooks{pool: pool, q: query.New(), keys: keys}
}

// ErrNoKeys means that there is nothing to open a sealed body with.
var ErrNoKeys = errors.New("no keys to open webhooks with")

// lineMost is how many messages of a line are handed on at once.
const lineMost = 100

// Put implements [inbox.Shelf].
func (s *Webhooks) Put(ctx context.Context, messages []inbox.Message) error {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	rows, err := s.rows(messages)
	if err != nil {
		return err
	}
	err = s.q.PutWebhooks(ctx, s.pool, rows)
	if answered, ok := errors.AsType[*pgconn.PgError](err); ok && answered.Code == "40P01" {
		// Two deliveries with the same messages in different orders waited for one another, and this one gave way.
		return &onboarding.Error{Kind: onboarding.Busy, Err: fmt.Errorf("storing webhooks: %w", err)}
	}
	return fault("storing webhooks", err)
}

// rows turns messages of one provider, received at one time, into columns.
func (s *Webhooks) rows(messages []inbox.Message) (query.PutWebhooksParams, error) {
	p := query.PutWebhooksParams{Provider: messages[0].Provider, Now: messages[0].ReceivedAt}
	for i, m := range messages {
		sealed, err := s.keys.Seal(m.Body.Reveal(), bodyPlace(m.Provider, m.ID))
		if err != nil {
			return p, fmt.Errorf("sealing a webhook: %w", err)
		}
		p.Positions = append(p.Positions, int64(i))
		p.MessageIds = append(p.MessageIds, m.ID)
		p.Lines = append(p.Lines, m.Line())
		p.Events = append(p.Events, m.Event)
		p.ProfileIds = append(p.ProfileIds, m.Profile)
		p.CustomerRefs = append(p.CustomerRefs, m.CustomerRef)
		p.RequestIds = append(p.RequestIds, m.Request)
		p.Outcomes = append(p.Outcomes, m.Outcome)
		p.Troubles = append(p.Troubles, m.Trouble)
		p.Forwardings = append(p.Forwardings, forwarding(m))
		p.SealedBodies = append(p.SealedBodies, sealed)
	}
	return p, nil
}

func forwarding(m inbox.Message) string {
	if m.Forward {
		return "waiting"
	}
	return "none"
}

// bodyPlace is what a sealed body is bound to.
func bodyPlace(provider, id string) string {
	return fmt.Sprintf("webhooks.sealed_body/%s/%s", provider, id)
}

// Claim implements [inbox.Lines]. The messages are read after the claim, so that all arrivals it counts are seen.
func (s *Webhooks) Claim(ctx context.Context, now, until time.Time) (c inbox.Claimed, ok bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	line, err := s.q.ClaimLine(ctx, s.pool, query.ClaimLineParams{Now: now, Until: &until})
	if errors.Is(err, pgx.ErrNoRows) {
		return inbox.Claimed{}, false, nil
	}
	if err != nil {
		return inbox.Claimed{}, false, fault("claiming webhooks", err)
	}
	rows, err := s.q.LineMessages(ctx, s.pool, query.LineMessagesParams{Provider: line.Provider, Line: line.Line, Most: lineMost + 1})
	if err != nil {
		return inbox.Claimed{}, false, fault("reading claimed webhooks", err)
	}
	c = inbox.Claimed{
		Provider: line.Provider, Line: line.Line, Claim: line.Claim, Arrivals: line.Arrivals, Tries: int(line.Tries),
		More: len(rows) > lineMost,
	}
	for _, row := range rows[:min(len(rows), lineMost)] {
		c.Messages = append(c.Messages, inbox.Message{
			Seq: row.Seq, Provider: line.Provider, ID: row.MessageID, Event: row.Event, Profile: row.ProfileID,
			CustomerRef: row.CustomerRef, Request: row.RequestID, Outcome: row.Outcome, ReceivedAt: row.ReceivedAt,
		})
	}
	return c, true, nil
}

// Extend implements [inbox.Lines].
func (s *Webhooks) Extend(ctx context.Context, c inbox.Claimed, until time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	n, err := s.q.ExtendLine(ctx, s.pool, query.ExtendLineParams{Provider: c.Provider, Line: c.Line, Claim: c.Claim, Until: &until})
	if err != nil {
		return fault("prolonging a claim on webhooks", err)
	}
	return unlessLost(n)
}

// Finish implements [inbox.Lines].
func (s *Webhooks) Finish(ctx context.Context, c inbox.Claimed, now time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	seqs := make([]int64, len(c.Messages))
	for i, m := range c.Messages {
		seqs[i] = m.Seq
	}
	ended, err := s.q.FinishLine(ctx, s.pool, query.FinishLineParams{
		Provider: c.Provider, Line: c.Line, Claim: c.Claim, Arrivals: c.Arrivals, More: c.More, Now: now, Seqs: seqs,
	})
	if err != nil {
		return fault("finishing webhooks", err)
	}
	if ended > 0 {
		return nil
	}
	return s.free(ctx, c, now, 0, "") // more has come, or the claim was lost
}

// Postpone implements [inbox.Lines].
func (s *Webhooks) Postpone(ctx context.Context, c inbox.Claimed, due time.Time, cause string) error {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	return s.free(ctx, c, due, c.Tries, cause)
}

func (s *Webhooks) free(ctx context.Context, c inbox.Claimed, due time.Time, tries int, cause string) error {
	n, err := s.q.FreeLine(ctx, s.pool, query.FreeLineParams{
		Provider: c.Provider, Line: c.Line, Claim: c.Claim, DueAt: due, Tries: int32(tries), Cause: cause,
	})
	if err != nil {
		return fault("giving webhooks back", err)
	}
	return unlessLost(n)
}

func unlessLost(rows int64) error {
	if rows == 0 {
		return inbox.ErrLost
	}
	return nil
}
