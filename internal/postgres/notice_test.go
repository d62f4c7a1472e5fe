package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"portal/internal/localpg"
	"portal/internal/onboarding"
	"portal/internal/outbox"
	"portal/internal/postgres"
	"portal/internal/postgres/query"
)

// soon is after everything that the tests' Postgres has just written.
func soon() time.Time { return time.Now().Add(time.Minute) }

func newNotices(t *testing.T) (*postgres.Notices, *pgxpool.Pool) {
	t.Helper()
	pool := localpg.New(t)
	return postgres.NewNotices(pool), pool
}

// person adds an applicant with identities "issuer subject", the first known longest, and returns their id.
func person(t *testing.T, pool *pgxpool.Pool, identities ...string) uuid.UUID {
	t.Helper()
	id := uuid.New()
	exec(t, pool, "insert into applicants (id, created_at) values ($1, $2)", id, now)
	for i, text := range identities {
		issuer, subject, _ := strings.Cut(text, " ")
		exec(t, pool, "insert into identities (issuer, subject, applicant_id, created_at) values ($1, $2, $3, $4)",
			issuer, subject, id, now.Add(time.Duration(i)*time.Minute))
	}
	return id
}

// registered adds a registration of a person in a case.
func registered(t *testing.T, pool *pgxpool.Pool, person uuid.UUID, caseName string) uuid.UUID {
	t.Helper()
	id := uuid.New()
	exec(t, pool, `insert into registrations (id, applicant_id, flow, case_name, status, ask, stub_may_exist, reasked, tries, cause,
		version, created_at, touched_at) values ($1, $2, 'company', $3, 'starting', '', false, false, 0, '', 1, $4, $4)`, id, person, caseName, now)
	return id
}

// queue adds notices by adding registrations.
func queue(t *testing.T, pool *pgxpool.Pool, n int) {
	t.Helper()
	who := person(t, pool)
	for i := range n {
		registered(t, pool, who, fmt.Sprint(i))
	}
}

// next claims a notice that must be there.
func next(t *testing.T, s *postgres.Notices, at time.Time) outbox.Claimed {
	t.Helper()
	c, ok, err := s.Claim(t.Context(), at, at.Add(30*time.Second))
	if err != nil || !ok {
		t.Fatalf("nothing to claim: %v", err)
	}
	return c
}

func noneDue(t *testing.T, s *postgres.Notices, at time.Time) {
	t.Helper()
	if c, ok, err := s.Claim(t.Context(), at, at.Add(time.Second)); err != nil || ok {
		t.Errorf("claimed %s (%v), want nothing due", c.ID, err)
	}
}

func settle(t *testing.T, s *postgres.Notices, c outbox.Claimed, o outbox.Outcome) {
	t.Helper()
	if err := s.Settle(t.Context(), c, o); err != nil {
		t.Fatal(err)
	}
}

func TestEveryChangeThatMattersIsNoticedInItsTransaction(t *testing.T) {
	t.Parallel()
	for to, want := range map[onboarding.Status]string{
		onboarding.Completed: "registration.completed", onboarding.Expired: "registration.expired", onboarding.Closed: "registration.closed",
		onboarding.NeedsAttention: "registration.needs_attention", onboarding.Superseded: "",
	} {
		t.Run(string(to), func(t *testing.T) {
			t.Parallel()
			store, pool := newStore(t)
			s := postgres.NewNotices(pool)
			r := opened(t, store, begin(t, store, applicant(t, store, "jo@example.com")))
			started := next(t, s, soon())
			if started.Type != "registration.started" || started.Registration != r.ID.String() || started.Status != "starting" {
				t.Errorf("first: %+v", started)
			}
			noneDue(t, s, soon())
			changed(t, store, r, to, now)
			if want == "" {
				noneDue(t, s, soon())
				return
			}
			got := next(t, s, soon()).Notice
			told := outbox.Notice{
				Type: want, Registration: r.ID.String(), Flow: "individual", Status: string(to), Profile: string(r.Profile),
			}
			if diff := cmp.Diff(told, got, cmpopts.IgnoreFields(outbox.Notice{}, "ID", "HappenedAt")); diff != "" {
				t.Errorf("notice (-want +got):\n%s", diff)
			}
			if !strings.HasPrefix(got.ID, "msg_") || len(got.ID) != 36 || time.Since(got.HappenedAt) > time.Minute {
				t.Errorf("id %q, at %s", got.ID, got.HappenedAt)
			}
		})
	}
}

func TestWhatDoesNotChangeTheStatusIsNotNoticed(t *testing.T) {
	t.Parallel()
	_, pool := newNotices(t)
	id := registered(t, pool, person(t, pool), "")
	exec(t, pool, "update registrations set status = 'unclear', unclear_since = $2 where id = $1", id, now)
	for range 3 {
		exec(t, pool, "update registrations set status = 'needs_attention', version = version + 1 where id = $1", id)
	}
	if n := count(t, pool, "notices"); n != 2 {
		t.Errorf("%d notices, want the first and one more", n)
	}
}

func TestARenewedRegistrationIsNoticedEachTime(t *testing.T) {
	t.Parallel()
	_, pool := newNotices(t)
	id := registered(t, pool, person(t, pool), "")
	for _, status := range []string{"needs_attention", "starting", "needs_attention", "starting", "needs_attention"} {
		exec(t, pool, "update registrations set status = $2 where id = $1", id, status)
	}
	if n := counted(t, pool, "select count(*) from notices where type = 'registration.needs_attention'"); n != 3 {
		t.Errorf("noticed %d times, want 3", n)
	}
}

func TestWhatIsRolledBackIsNotNoticed(t *testing.T) {
	t.Parallel()
	_, pool := newNotices(t)
	who := person(t, pool)
	tx, err := pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(t.Context(), `insert into registrations (id, applicant_id, flow, case_name, status, ask, stub_may_exist, reasked,
		tries, cause, version, created_at, touched_at) values ($1, $2, 'f', '', 'starting', '', false, false, 0, '', 1, $3, $3)`, uuid.New(), who, now); err != nil {
		t.Fatal(err)
	}
	if err := tx.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := count(t, pool, "notices"); n != 0 {
		t.Errorf("%d notices of what never was", n)
	}
}

func TestTheCompanysOwnSubjectIsToldAndNeverAnAddress(t *testing.T) {
	t.Parallel()
	s, pool := newNotices(t)
	for want, identities := range map[string][]string{
		"link 3":                   {"link d@example.com", "link 3"},
		"https://id.example third": {"https://id.example d@example.com", "https://id.example third", "link e@"},
		"link 1":                   {"email a@example.com", "https://id.example x", "link 1", "link 2"},
		"https://id.example first": {"email b@example.com", "https://id.example first", "https://other.example second"},
		" ":                        {"email c@example.com"},
	} {
		registered(t, pool, person(t, pool, identities...), "")
		if c := next(t, s, soon()); c.Issuer+" "+c.Subject != want {
			t.Errorf("told as %q %q, want %q", c.Issuer, c.Subject, want)
		}
	}
	for _, wrong := range []string{"issuer = 'email', subject = 'a'", "issuer = 'link', subject = 'a@example.com'"} {
		if _, err := pool.Exec(t.Context(), "update notices set "+wrong); err == nil {
			t.Errorf("the database keeps an address in a notice: %s", wrong)
		}
	}
}

func TestTheLongestDueIsClaimedFirstAndByOneAlone(t *testing.T) {
	t.Parallel()
	s, pool := newNotices(t)
	queue(t, pool, 3)
	at := soon()
	first := next(t, s, at)
	second := next(t, s, at)
	if first.Seq >= second.Seq || first.Claim == second.Claim {
		t.Errorf("%+v before %+v", first, second)
	}
	settle(t, s, first, outbox.Outcome{Status: outbox.Pending, At: at, Due: at.Add(time.Minute), Cause: "no", Attempt: &outbox.Attempt{At: at}})
	if err := s.Free(t.Context(), second); err != nil {
		t.Fatal(err)
	}
	if again := next(t, s, at); again.Seq != second.Seq || again.Tries != 0 {
		t.Errorf("%+v, want the second once more", again)
	}
	next(t, s, at)
	noneDue(t, s, at)
	if late := next(t, s, at.Add(time.Minute)); late.Seq != second.Seq { // its claim has ended
		t.Errorf("claimed %d", late.Seq)
	}
}

func TestAFormerHolderOfANoticeSettlesNothing(t *testing.T) {
	t.Parallel()
	s, pool := newNotices(t)
	queue(t, pool, 1)
	at := soon()
	former := next(t, s, at)
	holder := next(t, s, at.Add(time.Minute))
	delivered := outbox.Outcome{Status: outbox.Delivered, At: at, Attempt: &outbox.Attempt{At: at}}
	if err := s.Settle(t.Context(), former, delivered); !errors.Is(err, outbox.ErrLost) {
		t.Errorf("settling: %v", err)
	}
	if err := s.Free(t.Context(), former); !errors.Is(err, outbox.ErrLost) {
		t.Errorf("freeing: %v", err)
	}
	if n := count(t, pool, "notice_attempts"); n != 0 {
		t.Errorf("%d attempts written by one who lost the claim", n)
	}
	settle(t, s, holder, delivered)
}

func TestEveryAttemptIsLoggedAndShown(t *testing.T) {
	t.Parallel()
	s, pool := newNotices(t)
	queue(t, pool, 1)
	at := soon().Truncate(time.Microsecond)
	attempt := func(status int, cause string) *outbox.Attempt {
		return &outbox.Attempt{At: at, Took: 42 * time.Millisecond, Answer: outbox.Answer{Status: status, Cause: cause}}
	}
	c := next(t, s, at)
	settle(t, s, c, outbox.Outcome{Status: outbox.Pending, At: at, Due: at, Cause: "status 500", Attempt: attempt(500, "status 500")})
	settle(t, s, next(t, s, at), outbox.Outcome{Status: outbox.GivenUp, At: at, Cause: "status 410", Attempt: attempt(410, "status 410")})
	replay(t, s, at, outbox.Selection{IDs: []string{c.ID}}, 1)
	settle(t, s, next(t, s, at), outbox.Outcome{Status: outbox.Delivered, At: at, Attempt: attempt(200, "")})
	e, attempts, err := s.Show(t.Context(), c.ID)
	if err != nil || e.Status != outbox.Delivered || e.Tries != 1 || !e.Due.IsZero() || e.Cause != "" {
		t.Errorf("%+v, %v", e, err)
	}
	want := []outbox.Attempt{*attempt(500, "status 500"), *attempt(410, "status 410"), *attempt(200, "")}
	if diff := cmp.Diff(want, attempts); diff != "" {
		t.Errorf("attempts (-want +got):\n%s", diff)
	}
	if _, _, err := s.Show(t.Context(), "msg_none"); !errors.Is(err, outbox.ErrNotFound) {
		t.Errorf("one that is not there: %v", err)
	}
}

func replay(t *testing.T, s *postgres.Notices, at time.Time, sel outbox.Selection, want int) {
	t.Helper()
	if n, _, err := s.Replay(t.Context(), sel, at, 0, 100); err != nil || n != want {
		t.Errorf("replayed %d (%v), want %d", n, err, want)
	}
}

func TestReplayTakesWhatIsSelected(t *testing.T) {
	t.Parallel()
	s, pool := newNotices(t)
	queue(t, pool, 4)
	at := soon()
	var claimed []outbox.Claimed
	for i := range 4 {
		c := next(t, s, at)
		status := []string{outbox.GivenUp, outbox.GivenUp, outbox.Delivered, outbox.Delivered}[i]
		settle(t, s, c, outbox.Outcome{Status: status, At: at, Attempt: &outbox.Attempt{At: at}})
		claimed = append(claimed, c)
	}
	exec(t, pool, "update notices set happened_at = $1 where seq = $2", now, claimed[0].Seq)
	replay(t, s, at, outbox.Selection{GivenUp: true, Since: now.Add(time.Hour)}, 1)
	replay(t, s, at, outbox.Selection{GivenUp: true}, 1)
	replay(t, s, at, outbox.Selection{IDs: []string{claimed[2].ID, "msg_none"}}, 1)
	if st, err := s.Standing(t.Context(), at); err != nil || st.Pending != 3 || st.GivenUp != 0 {
		t.Errorf("%+v, %v", st, err)
	}
	if c := next(t, s, at); c.Tries != 0 || !c.QueuedAt.Equal(at.Truncate(time.Microsecond)) {
		t.Errorf("replayed: %+v", c)
	}
}

func TestNoticesAreForgottenWithTheirAttempts(t *testing.T) {
	t.Parallel()
	s, pool := newNotices(t)
	queue(t, pool, 3)
	at := soon()
	for _, status := range []string{outbox.Delivered, outbox.GivenUp} {
		settle(t, s, next(t, s, at), outbox.Outcome{Status: status, At: at, Attempt: &outbox.Attempt{At: at}})
	}
	if n, err := s.DeleteEnded(t.Context(), at.Add(-time.Second), 10); err != nil || n != 0 {
		t.Errorf("forgot %d too early, %v", n, err)
	}
	if n, err := s.DeleteEnded(t.Context(), at.Add(time.Second), 1); err != nil || n != 1 {
		t.Errorf("forgot %d, want one at a time, %v", n, err)
	}
	if n, err := s.DeleteEnded(t.Context(), at.Add(time.Second), 10); err != nil || n != 1 {
		t.Errorf("forgot %d, %v", n, err)
	}
	if n := count(t, pool, "notice_attempts"); n != 0 {
		t.Errorf("%d attempts are left", n)
	}
	if n, err := s.DeleteUnsent(t.Context(), now, 10); err != nil || n != 0 {
		t.Errorf("forgot %d that are new, %v", n, err)
	}
	if n, err := s.DeleteUnsent(t.Context(), at, 10); err != nil || n != 1 {
		t.Errorf("forgot %d that nobody wants, %v", n, err)
	}
}

func TestNoticesAreListedAndCounted(t *testing.T) {
	t.Parallel()
	s, pool := newNotices(t)
	if st, err := s.Standing(t.Context(), now.Add(70*time.Nanosecond)); err != nil || st != (outbox.Standing{}) {
		t.Errorf("of nothing: %+v, %v", st, err)
	}
	queue(t, pool, 3)
	at := soon()
	given := next(t, s, at)
	settle(t, s, given, outbox.Outcome{Status: outbox.GivenUp, At: at, Cause: "too old"})
	all, err := s.List(t.Context(), "", 2)
	if err != nil || len(all) != 2 || all[0].Case != "2" || all[1].Case != "1" {
		t.Errorf("%+v, %v", all, err)
	}
	some, err := s.List(t.Context(), outbox.GivenUp, 10)
	if err != nil || len(some) != 1 || some[0].ID != given.ID || some[0].Cause != "too old" || some[0].Tries != 0 {
		t.Errorf("%+v, %v", some, err)
	}
	st, err := s.Standing(t.Context(), at)
	if err != nil || st.Pending != 2 || st.GivenUp != 1 || st.OldestPending < 30*time.Second || st.OldestPending > 2*time.Minute {
		t.Errorf("%+v, %v", st, err)
	}
}

// Two stores and many hands: every notice is handed out once.
func TestManyHandsTakeEveryNoticeOnce(t *testing.T) {
	t.Parallel()
	s, pool := newNotices(t)
	const all = 60
	queue(t, pool, all)
	at := soon()
	var mu sync.Mutex
	var taken []int64
	var hands sync.WaitGroup
	for i := range 8 {
		store := []*postgres.Notices{s, postgres.NewNotices(pool)}[i%2]
		hands.Go(func() {
			for {
				c, ok, err := store.Claim(t.Context(), at, at.Add(time.Minute))
				if err != nil || !ok {
					if err != nil {
						t.Error(err)
					}
					return
				}
				mu.Lock()
				taken = append(taken, c.Seq)
				mu.Unlock()
				if err := store.Settle(t.Context(), c, outbox.Outcome{Status: outbox.Delivered, At: at, Attempt: &outbox.Attempt{At: at}}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	hands.Wait()
	slices.Sort(taken)
	if n := len(slices.Compact(slices.Clone(taken))); n != all || len(taken) != all {
		t.Errorf("%d taken, %d of them different, of %d", len(taken), n, all)
	}
}

// explaining has Postgres say how it would carry a query out, instead of doing so.
type explaining struct {
	query.DBTX // what cannot be explained
	pool       *pgxpool.Pool
	plan       string
}

func (e *explaining) explain(ctx context.Context, sql string, args []any) error {
	rows, err := e.pool.Query(ctx, "explain "+sql, args...)
	if err != nil {
		return err
	}
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	e.plan = strings.Join(lines, "\n")
	return err
}

func (e *explaining) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	return pgconn.CommandTag{}, e.explain(ctx, sql, args)
}

func (e *explaining) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	return nil, errors.Join(errExplained, e.explain(ctx, sql, args))
}

func (e *explaining) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	return explained{errors.Join(errExplained, e.explain(ctx, sql, args))}
}

var errExplained = errors.New("explained only")

// explained is the row of a query that was only explained.
type explained struct{ err error }

func (e explained) Scan(...any) error { return e.err }

func TestClaimingAndForgettingReadNoWholeTable(t *testing.T) {
	t.Parallel()
	_, pool := newNotices(t)
	id := registered(t, pool, person(t, pool), "")
	exec(t, pool, `insert into notices (type, registration_id, registration_status, flow, case_name, happened_at, status, queued_at, due_at,
		claim, tries, attempts, cause, ended_at)
		select 'registration.started', $1, 'starting', 'f', '', $2, case when n % 100 = 0 then 'pending' else 'delivered' end, $2,
			case when n % 100 = 0 then $2::timestamptz + n * interval '1 second' end, 0, 0, 0, '',
			case when n % 100 <> 0 then $2::timestamptz + n * interval '1 second' end
		from generate_series(1, 50000) as n`, id, now)
	exec(t, pool, "analyze notices")
	q, at := query.New(), now.Add(time.Hour)
	for want, ask := range map[string]func(e *explaining) error{
		"notices_due": func(e *explaining) error {
			_, err := q.ClaimNotice(t.Context(), e, query.ClaimNoticeParams{Now: at, Until: &at})
			return err
		},
		"notices_ended": func(e *explaining) error {
			_, err := q.DeleteEndedNotices(t.Context(), e, query.DeleteEndedNoticesParams{Before: at, Most: 500})
			return err
		},
		"notices_due on": func(e *explaining) error {
			_, err := q.DeleteUnsentNotices(t.Context(), e, query.DeleteUnsentNoticesParams{Before: at, Most: 500})
			return err
		},
	} {
		e := &explaining{pool: pool}
		if err := ask(e); err != nil && err.Error() != errExplained.Error() {
			t.Fatal(err)
		}
		if !strings.Contains(e.plan, want) || strings.Contains(e.plan, "Seq Scan") || strings.Contains(e.plan, "Sort") {
			t.Errorf("want %s alone:\n%s", want, e.plan)
		}
	}
}

func TestAReplayDuringAnAttemptIsNotLost(t *testing.T) {
	t.Parallel()
	for status, again := range map[string]bool{outbox.Pending: true, outbox.GivenUp: true, outbox.Delivered: false} {
		t.Run(status, func(t *testing.T) {
			t.Parallel()
			s, pool := newNotices(t)
			queue(t, pool, 1)
			at := soon()
			c := next(t, s, at)
			replay(t, s, at.Add(time.Second), outbox.Selection{IDs: []string{c.ID}}, 1)
			o := outbox.Outcome{Status: status, At: at, Attempt: &outbox.Attempt{At: at}}
			if status == outbox.Pending {
				o.Due = at.Add(time.Hour)
			}
			settle(t, s, c, o)
			if n := count(t, pool, "notice_attempts"); n != 1 {
				t.Errorf("%d attempts logged", n)
			}
			if !again {
				noneDue(t, s, at.Add(time.Minute))
				return
			}
			replayed := next(t, s, at.Add(2*time.Second))
			if replayed.Tries != 0 {
				t.Errorf("its tries are %d", replayed.Tries)
			}
			settle(t, s, replayed, outbox.Outcome{Status: outbox.GivenUp, At: at, Attempt: &outbox.Attempt{At: at}})
			if st, err := s.Standing(t.Context(), at); err != nil || st.GivenUp != 1 {
				t.Errorf("%+v, %v: a later attempt counts as ever", st, err)
			}
		})
	}
}

func TestForgettingWaitsForNobody(t *testing.T) {
	t.Parallel()
	s, pool := newNotices(t)
	queue(t, pool, 2)
	at := soon()
	for range 2 {
		settle(t, s, next(t, s, at), outbox.Outcome{Status: outbox.GivenUp, At: at})
	}
	tx, err := pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback(context.Background()) }()
	if _, err := tx.Exec(t.Context(), "select seq from notices order by seq limit 1 for update"); err != nil {
		t.Fatal(err)
	}
	if n, err := s.DeleteEnded(t.Context(), at.Add(time.Second), 10); err != nil || n != 1 {
		t.Errorf("forgot %d beside one that is held, %v", n, err)
	}
}
