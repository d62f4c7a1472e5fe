package inbox_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"portal/internal/inbox"
)

// memory keeps messages for the tests of one process. What Postgres makes of the same promises is tested there.
type memory struct {
	inbox.Archive // none of the tests here looks

	mu       sync.Mutex
	err      error // of every call
	messages []inbox.Message
	done     map[string]bool // by id
	claimed  map[string]bool // by line
	sent     int
	causes   []string
	dues     []time.Time
	lost     bool  // claims go to somebody else
	extended int   // how often a claim was prolonged
	sealed   error // of reading what is to be sent on
}

func newMemory() *memory { return &memory{done: map[string]bool{}, claimed: map[string]bool{}} }

func (s *memory) Put(_ context.Context, messages []inbox.Message) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		s.messages = append(s.messages, messages...)
	}
	return s.err
}

func (s *memory) Claim(context.Context, time.Time, time.Time) (c inbox.Claimed, ok bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.messages {
		if s.done[m.ID] || m.Trouble != "" || s.claimed[m.Line()] && c.Line != m.Line() || c.Line != "" && c.Line != m.Line() {
			continue
		}
		c.Provider, c.Line = m.Provider, m.Line()
		s.claimed[c.Line] = true
		c.Messages = append(c.Messages, m)
	}
	return c, c.Line != "", s.err
}

// Extend loses what was lost.
func (s *memory) Extend(context.Context, inbox.Claimed, time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.extended++
	if s.lost {
		return inbox.ErrLost
	}
	return nil
}

func (s *memory) Finish(ctx context.Context, c inbox.Claimed, _ time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lost {
		return inbox.ErrLost
	}
	for _, m := range c.Messages {
		s.done[m.ID] = true
	}
	delete(s.claimed, c.Line)
	return ctx.Err()
}

// Postpone keeps the claim: what is postponed is not due again in these tests.
func (s *memory) Postpone(ctx context.Context, _ inbox.Claimed, due time.Time, cause string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.causes, s.dues = append(s.causes, cause), append(s.dues, due)
	return ctx.Err()
}

func (s *memory) ClaimTurn(_ context.Context, provider string, _, _ time.Time) (inbox.Turn, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return inbox.Turn{Provider: provider}, s.sent < len(s.messages), s.err
}

func (s *memory) Head(context.Context, string) (m inbox.Message, ok bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sent == len(s.messages) {
		return m, false, s.err
	}
	return s.messages[s.sent], true, errors.Join(s.err, s.sealed)
}

func (s *memory) Forwarded(context.Context, inbox.Turn, inbox.Message, time.Time, time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sent++
	return s.err
}

func (s *memory) EndTurn(ctx context.Context, _ inbox.Turn, due time.Time, cause string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.causes, s.dues = append(s.causes, cause), append(s.dues, due)
	return ctx.Err()
}

func (s *memory) ids() (ids []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.messages {
		ids = append(ids, m.ID)
	}
	return ids
}

// right is what a delivery of the provider shows.
var right = inbox.Proof{Authorization: "right"}

// words reads deliveries of the form "id:profile id:profile"; an id of "?" cannot be read, and "!" is forged.
type words struct{}

func (words) Admit(p inbox.Proof) error {
	if p != right {
		return inbox.ErrForged
	}
	return nil
}

func (words) Decode(_ inbox.Proof, body []byte, _ bool) (messages []inbox.Message, _ error) {
	if strings.HasPrefix(string(body), "!") {
		return nil, inbox.ErrForged
	}
	for word := range strings.FieldsSeq(string(body)) {
		id, profile, _ := strings.Cut(word, ":")
		m := inbox.Message{ID: id, Event: "X", Profile: profile, Body: inbox.Body(word)}
		if strings.HasPrefix(id, "?") {
			m = inbox.Message{ID: id, Body: inbox.Body(word), Trouble: "a riddle"}
		}
		messages = append(messages, m)
	}
	return messages, nil
}

func (words) DecodeAgain(inbox.Body) ([]inbox.Message, error) { return nil, inbox.ErrForged }

// book writes ids down, for many goroutines.
type book struct {
	mu  sync.Mutex
	ids []string
}

func (b *book) add(ids ...string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ids = append(b.ids, ids...)
}

func (b *book) sorted() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Sorted(slices.Values(b.ids))
}
