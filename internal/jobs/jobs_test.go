package jobs_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"portal/internal/jobs"
	"portal/internal/localpg"
	"portal/internal/onboarding"
)

// patience is how long a test waits for what should happen soon.
const patience = 30 * time.Second

func newID() onboarding.RegistrationID { return onboarding.RegistrationID(uuid.Must(uuid.NewV7())) }

// enqueue has a registration advanced by a transaction of its own, which ends with the given error.
func enqueue(t *testing.T, pool *pgxpool.Pool, id onboarding.RegistrationID, end error) {
	t.Helper()
	q, err := jobs.NewQueue()
	if err != nil {
		t.Fatal(err)
	}
	err = pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error {
		return errors.Join(q.AdvanceRegistration(t.Context(), tx, id, 1), end)
	})
	if !errors.Is(err, end) {
		t.Fatal(err)
	}
}

// work runs a worker that listens where its jobs are; the test, or stop, waits for its end.
func work(t *testing.T, o jobs.Options) (stop func()) {
	t.Helper()
	o.Sessions = o.Pool
	return workAsIs(t, o)
}

// workAsIs is work for a worker that listens elsewhere, or asks.
func workAsIs(t *testing.T, o jobs.Options) (stop func()) {
	t.Helper()
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	w, err := jobs.New(o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	work, cut := context.WithCancel(context.WithoutCancel(ctx))
	context.AfterFunc(ctx, func() { time.AfterFunc(2*time.Second, cut) })
	done := make(chan struct{})
	go func() { defer close(done); w.Run(ctx, work) }()
	stop = func() { cancel(); <-done }
	t.Cleanup(stop)
	return stop
}

// heard waits for a value.
func heard[T any](t *testing.T, c <-chan T) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(patience):
		t.Fatal("waited in vain")
		panic("unreachable")
	}
}

// telling returns an Advance that tells which registrations it was given.
func telling(to chan<- onboarding.RegistrationID) func(context.Context, onboarding.RegistrationID) {
	return func(_ context.Context, id onboarding.RegistrationID) { to <- id }
}

// states counts the jobs of the database by their state.
func states(t *testing.T, pool *pgxpool.Pool) map[string]int {
	t.Helper()
	rows, _ := pool.Query(t.Context(), `select state::text, count(*)::int from river_job group by state`)
	counts := map[string]int{}
	var state string
	var n int
	_, err := pgx.ForEachRow(rows, []any{&state, &n}, func() error { counts[state] = n; return nil })
	if err != nil {
		t.Fatal(err)
	}
	return counts
}

func TestJobRunsWhenItsTransactionIsCommitted(t *testing.T) {
	t.Parallel()
	pool, advanced := localpg.New(t), make(chan onboarding.RegistrationID, 2)
	lost, kept := newID(), newID()
	enqueue(t, pool, lost, errors.New("rolled back"))
	enqueue(t, pool, kept, nil)
	stop := work(t, jobs.Options{Pool: pool, Advance: telling(advanced)})
	if id := heard(t, advanced); id != kept {
		t.Errorf("advanced %s, want %s", id, kept)
	}
	stop()
	if got := states(t, pool); got["completed"] != 1 || len(got) != 1 {
		t.Errorf("jobs %v, want the one of the transaction that was committed", got)
	}
}

func TestJobIsSeenAtOnce(t *testing.T) {
	t.Parallel()
	pool, advanced := localpg.New(t), make(chan onboarding.RegistrationID, 2)
	work(t, jobs.Options{Pool: pool, Advance: telling(advanced)})
	enqueue(t, pool, newID(), nil)
	heard(t, advanced) // the worker is up
	began := time.Now()
	enqueue(t, pool, newID(), nil)
	heard(t, advanced)
	if took := time.Since(began); took > 900*time.Millisecond {
		t.Errorf("took %s, as if nobody had listened", took)
	}
}

func TestSameRegistrationCanBeWokenAgainAtOnce(t *testing.T) {
	t.Parallel()
	pool, advanced := localpg.New(t), make(chan onboarding.RegistrationID)
	id := newID()
	enqueue(t, pool, id, nil)
	work(t, jobs.Options{Pool: pool, Advance: func(ctx context.Context, id onboarding.RegistrationID) {
		advanced <- id // the twin is stored while this one is under way
	}})
	enqueue(t, pool, id, nil)
	for range 2 {
		heard(t, advanced)
	}
}

func TestTwoWorkersDoEachJobOnce(t *testing.T) {
	t.Parallel()
	const n = 200
	pool, advanced := localpg.New(t), make(chan onboarding.RegistrationID, 2*n)
	var stops []func()
	for range 2 {
		stops = append(stops, work(t, jobs.Options{Pool: pool, Advance: telling(advanced)}))
	}
	var want []string
	for range n {
		id := newID()
		want = append(want, id.String())
		enqueue(t, pool, id, nil)
	}
	var got []string
	for range n {
		got = append(got, heard(t, advanced).String())
	}
	for _, stop := range stops {
		stop()
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(want, got) || len(advanced) > 0 {
		t.Errorf("not each of the jobs once; %d too many", len(advanced))
	}
	if left := states(t, pool); left["completed"] != n {
		t.Errorf("jobs %v", left)
	}
}
