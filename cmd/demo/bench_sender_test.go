package main

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// sender plays the provider's sender of webhooks: what is not answered 200 it sends again until it is.
type sender struct {
	house *house
	ours  []ours

	mu           sync.Mutex
	sent         int
	acknowledged []string    // ids
	refused      map[int]int // how often, by status; 0 is no answer
	first, last  time.Time   // of the refusals
}

// againAfter is how long it waits before it sends again: less than a real one, so that the end of an outage is seen.
const againAfter = 100 * time.Millisecond

// send has one webhook acknowledged. The number in the timetable does not matter: each has an id of its own.
func (s *sender) send(ctx context.Context, _ int) error {
	id, body := s.next()
	header := http.Header{"Authorization": {"Bearer " + defaults["PASSFORT_WEBHOOK_SECRET"]}, "Content-Type": {"application/json"}}
	for {
		status, _, _ := s.house.request(ctx, http.MethodPost, s.house.origin()+"/onboarding/webhooks/passfort", body, header)
		if status == http.StatusOK {
			s.note(func() { s.acknowledged = append(s.acknowledged, id) })
			return nil
		}
		s.note(func() { s.refuse(status) })
		select {
		case <-time.After(againAfter):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// next is a webhook: one in ten is about one of our registrations, the others about profiles that are none of ours.
func (s *sender) next() (id, body string) {
	var n int
	s.note(func() { n = s.sent; s.sent++ })
	id = fmt.Sprintf("00000000-0000-4000-8000-%012d", n)
	data := fmt.Sprintf(`{"profile_id":"10000000-0000-4000-8000-%012d","customer_ref":null,"apikey":{"name":"BACK_OFFICE"},`+
		`"check":{"id":"20000000-0000-4000-8000-%012d","check_type":"IDENTITY_CHECK","result":"1+1"}}`, n, n)
	event := "CHECK_COMPLETED"
	if n%10 == 0 {
		of := s.ours[n/10%len(s.ours)]
		event = "CUSTOMER_REQUEST_CHANGED"
		data = fmt.Sprintf(`{"profile_id":%q,"customer_request":{"id":%q,"status":"SENT"}}`, of.Profile, of.Request)
	}
	return id, fmt.Sprintf(`{"id":%q,"event":%q,"secret":%q,"timestamp":%d,"data":%s}`,
		id, event, defaults["PASSFORT_WEBHOOK_SECRET"], time.Now().Unix(), data)
}

func (s *sender) note(what func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	what()
}

func (s *sender) refuse(status int) {
	if s.refused == nil {
		s.refused, s.first = map[int]int{}, time.Now()
	}
	s.refused[status]++
	s.last = time.Now()
}

func (s *sender) refusals() (n int) {
	for _, count := range s.refused {
		n += count
	}
	return n
}

// String says what was refused and for how long.
func (s *sender) String() string {
	if len(s.refused) == 0 {
		return "none refused"
	}
	var text strings.Builder
	for _, status := range slices.Sorted(maps.Keys(s.refused)) {
		fmt.Fprintf(&text, "%d answered %d, ", s.refused[status], status)
	}
	return fmt.Sprintf("%sfor %.2f s", &text, s.last.Sub(s.first).Seconds())
}

// mustAllBeKept compares what was answered 200 with what there is.
func (s *sender) mustAllBeKept(b *testing.B) {
	b.Helper()
	rows, err := s.house.pool.Query(b.Context(), "select message_id from webhooks")
	if err != nil {
		b.Fatal(err)
	}
	kept, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		b.Fatal(err)
	}
	slices.Sort(kept)
	slices.Sort(s.acknowledged)
	if !slices.Equal(kept, s.acknowledged) || len(kept) != s.sent {
		b.Fatalf("%d webhooks sent, %d acknowledged, %d kept", s.sent, len(s.acknowledged), len(kept))
	}
}

// reader is the applicants who look at pages meanwhile.
type reader struct {
	house    *house
	signedIn []*http.Cookie
	refused  atomic.Int64
}

// visit reads one page: that of an e-mailed link, the form of a signed-in applicant, or the sign-in, in turn.
func (v *reader) visit(ctx context.Context, n int) error {
	path, header := "?request_id=r&apikey=k", http.Header{}
	switch n % 3 {
	case 1:
		path, header = "", cookieAnd(v.signedIn[n%len(v.signedIn)], "")
	case 2:
		path = "/sign-in"
	}
	status, _, err := v.house.request(ctx, http.MethodGet, v.house.origin()+"/onboarding"+path, "", header)
	if err != nil {
		return fmt.Errorf("a page: %w", err)
	}
	if status != http.StatusOK {
		v.refused.Add(1)
	}
	return nil
}
