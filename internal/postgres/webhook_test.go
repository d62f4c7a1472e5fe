package postgres_test

import (
	"bytes"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgxpool"

	"portal/internal/inbox"
	"portal/internal/localpg"
	"portal/internal/postgres"
)

func newWebhooks(t *testing.T) (*postgres.Webhooks, *pgxpool.Pool) {
	t.Helper()
	pool := localpg.New(t)
	return postgres.NewWebhooks(pool, newKeys(t)), pool
}

// about makes messages of profiles, with ids that count on from one.
func about(profiles ...string) []inbox.Message {
	messages := make([]inbox.Message, len(profiles))
	for i, p := range profiles {
		messages[i] = inbox.Message{
			Provider: "passfort", ID: fmt.Sprintf("m%d", i+1), Event: "X_CHANGED", Profile: p, CustomerRef: "ref", Request: "r",
			Outcome: inbox.Completed, Body: inbox.Body("body of " + fmt.Sprint(i+1)), ReceivedAt: now,
		}
	}
	return messages
}

func put(t *testing.T, s *postgres.Webhooks, messages ...inbox.Message) {
	t.Helper()
	if err := s.Put(t.Context(), messages); err != nil {
		t.Fatal(err)
	}
}

// claim claims a line that must be there.
func claim(t *testing.T, s *postgres.Webhooks, at time.Time) inbox.Claimed {
	t.Helper()
	c, ok, err := s.Claim(t.Context(), at, at.Add(30*time.Second))
	if err != nil || !ok {
		t.Fatalf("nothing to claim: %v", err)
	}
	return c
}

func nothingDue(t *testing.T, s *postgres.Webhooks, at time.Time) {
	t.Helper()
	if c, ok, err := s.Claim(t.Context(), at, at.Add(time.Second)); err != nil || ok {
		t.Errorf("claimed %v (%v), want nothing due", ids(c), err)
	}
}

func ids(c inbox.Claimed) (ids []string) {
	for _, m := range c.Messages {
		ids = append(ids, m.ID)
	}
	return ids
}

func wantIDs(t *testing.T, c inbox.Claimed, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, ids(c)); diff != "" {
		t.Errorf("line %s (-want +got):\n%s", c.Line, diff)
	}
}

func TestWebhooksOfAProfileAreClaimedTogetherInOrder(t *testing.T) {
	t.Parallel()
	s, _ := newWebhooks(t)
	put(t, s, about("a", "b", "a", "", "")...)
	first := claim(t, s, now)
	wantIDs(t, first, "m4")
	wantIDs(t, claim(t, s, now), "m5")
	a := claim(t, s, now)
	wantIDs(t, a, "m1", "m3")
	wantIDs(t, claim(t, s, now), "m2")
	nothingDue(t, s, now)
	want := about("a")[0]
	want.Seq, want.Body = a.Messages[0].Seq, ""
	if diff := cmp.Diff(want, a.Messages[0]); diff != "" {
		t.Errorf("claimed (-want +got):\n%s", diff)
	}
}

func TestAWebhookIsStoredOnce(t *testing.T) {
	t.Parallel()
	s, pool := newWebhooks(t)
	batch := about("a", "b", "a")
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if err := s.Put(t.Context(), batch); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := count(t, pool, "webhooks"); n != 3 {
		t.Errorf("%d stored, want 3", n)
	}
	other := about("a")[0]
	other.Provider = "sumsub"
	put(t, s, other)
	if n := count(t, pool, "webhooks"); n != 4 {
		t.Errorf("%d stored: another provider's id is another message", n)
	}
}

func TestNobodyElseHasAProfileWhileItIsClaimed(t *testing.T) {
	t.Parallel()
	s, _ := newWebhooks(t)
	put(t, s, about("a", "a")...)
	first := claim(t, s, now)
	more := about("a", "a", "a")[2]
	put(t, s, more)
	nothingDue(t, s, now)
	if err := s.Finish(t.Context(), first, now); err != nil {
		t.Fatal(err)
	}
	second := claim(t, s, now)
	wantIDs(t, second, "m3")
	if err := s.Finish(t.Context(), second, now); err != nil {
		t.Fatal(err)
	}
	nothingDue(t, s, now.Add(time.Hour))
}

func TestAFormerHolderMarksNothing(t *testing.T) {
	t.Parallel()
	s, pool := newWebhooks(t)
	put(t, s, about("a")...)
	former := claim(t, s, now)
	later := now.Add(time.Minute)
	holder := claim(t, s, later)
	if err := s.Finish(t.Context(), former, later); err != inbox.ErrLost {
		t.Errorf("the former holder finished: %v", err)
	}
	if err := s.Postpone(t.Context(), former, later, "x"); err != inbox.ErrLost {
		t.Errorf("the former holder postponed: %v", err)
	}
	if n := counted(t, pool, "select count(*) from webhooks where status = 'processed'"); n != 0 {
		t.Errorf("%d marked by the former holder", n)
	}
	if err := s.Finish(t.Context(), holder, later); err != nil {
		t.Fatal(err)
	}
	put(t, s, about("a", "a")[1]) // the line begins anew
	claim(t, s, later)
	if err := s.Finish(t.Context(), former, later); err != inbox.ErrLost {
		t.Errorf("the former holder passes for a later one: %v", err)
	}
}

func TestAPostponedProfileWaitsWithAllThatFollows(t *testing.T) {
	t.Parallel()
	s, _ := newWebhooks(t)
	put(t, s, about("a", "b")...)
	c := claim(t, s, now)
	c.Tries = 3
	if err := s.Postpone(t.Context(), c, now.Add(time.Minute), "because"); err != nil {
		t.Fatal(err)
	}
	put(t, s, about("a", "b", "a")[2])
	other := claim(t, s, now)
	wantIDs(t, other, "m2")
	if err := s.Finish(t.Context(), other, now); err != nil {
		t.Fatal(err)
	}
	nothingDue(t, s, now.Add(59*time.Second))
	again := claim(t, s, now.Add(time.Minute))
	wantIDs(t, again, "m1", "m3")
	if again.Tries != 3 {
		t.Errorf("%d tries, want 3", again.Tries)
	}
}

func TestManyWebhooksOfAProfileComeInPieces(t *testing.T) {
	t.Parallel()
	s, _ := newWebhooks(t)
	put(t, s, about(slices.Repeat([]string{"a"}, 250)...)...)
	var got []string
	for range 3 {
		c := claim(t, s, now)
		got = append(got, ids(c)...)
		if err := s.Finish(t.Context(), c, now); err != nil {
			t.Fatal(err)
		}
	}
	nothingDue(t, s, now.Add(time.Hour))
	if len(got) != 250 || got[0] != "m1" || got[249] != "m250" {
		t.Errorf("%d in another order", len(got))
	}
}

// Many holders and many deliveries at once: every message is finished exactly once, and no profile is held twice.
func TestClaimsAndDeliveriesAtOnceLoseNothing(t *testing.T) {
	t.Parallel()
	s, pool := newWebhooks(t)
	const deliveries, profiles, size = 60, 3, 4
	var senders, holders sync.WaitGroup
	sent := make(chan struct{})
	for d := range deliveries {
		senders.Go(func() {
			var batch []inbox.Message
			for k := range size {
				m := about("p" + fmt.Sprint((d+k)%profiles))[0]
				m.ID = fmt.Sprintf("%d-%d", d, k)
				batch = append(batch, m)
			}
			if err := s.Put(t.Context(), batch); err != nil {
				t.Error(err)
			}
		})
	}
	go func() { senders.Wait(); close(sent) }()
	var mu sync.Mutex
	held, finished := map[string]bool{}, map[string]int{}
	for range 4 {
		holders.Go(func() {
			for last := false; ; {
				select {
				case <-sent:
					last = true
				default:
				}
				c, ok, err := s.Claim(t.Context(), now, now.Add(time.Minute))
				if err != nil {
					t.Error(err)
					return
				}
				if !ok && last {
					return
				}
				if !ok {
					continue
				}
				mu.Lock()
				if held[c.Line] {
					t.Errorf("%s is held twice", c.Line)
				}
				held[c.Line] = true
				mu.Unlock()
				runtime.Gosched()
				mu.Lock()
				for _, m := range c.Messages {
					finished[m.ID]++
				}
				delete(held, c.Line)
				mu.Unlock()
				if err := s.Finish(t.Context(), c, now); err != nil {
					t.Error(err)
				}
			}
		})
	}
	holders.Wait()
	for id, n := range finished {
		if n != 1 {
			t.Errorf("%s was handed out %d times", id, n)
		}
	}
	left := counted(t, pool, "select count(*) from webhooks where status = 'pending'") + counted(t, pool, "select count(*) from webhook_lines")
	if len(finished) != deliveries*size || left != 0 {
		t.Errorf("%d of %d finished, %d left", len(finished), deliveries*size, left)
	}
}

func TestBodiesOfWebhooksAreSealedAndBoundToTheirRow(t *testing.T) {
	t.Parallel()
	s, pool := newWebhooks(t)
	batch := about("a", "b")
	batch[0].Trouble, batch[1].Trouble = "unreadable", "unreadable"
	put(t, s, batch...)
	var sealed []byte
	if err := pool.QueryRow(t.Context(), "select sealed_body from webhooks where message_id = 'm1'").Scan(&sealed); err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(sealed, []byte("body of")) {
		t.Error("the body is stored in clear")
	}
	got, err := s.Quarantined(t.Context(), inbox.Selection{Quarantined: true}, 0, 10)
	if err != nil || len(got) != 2 || got[0].Body != "body of 1" || got[1].Body != "body of 2" {
		t.Fatalf("%v, %v", got, err)
	}
	if _, err := pool.Exec(t.Context(), "update webhooks set sealed_body = $1 where message_id = 'm2'", sealed); err != nil {
		t.Fatal(err)
	}
	got, err = s.Quarantined(t.Context(), inbox.Selection{Quarantined: true}, 0, 10)
	if err != nil || len(got) != 2 || got[0].Body != "body of 1" || got[1].Body != "" {
		t.Errorf("%v, %v: want the first, and that a body copied to another row does not open there", got, err)
	}
}

func counted(t *testing.T, pool *pgxpool.Pool, sql string) (n int) {
	t.Helper()
	if err := pool.QueryRow(t.Context(), sql).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestTheOldestOfNothingHasWaitedForNoTime(t *testing.T) {
	t.Parallel()
	s, _ := newWebhooks(t)
	if st, err := s.Standing(t.Context(), now.Add(70*time.Nanosecond)); err != nil || st != (inbox.Standing{}) {
		t.Errorf("%+v, %v", st, err)
	}
}
