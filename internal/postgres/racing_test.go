package postgres_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgxpool"

	"portal/internal/identity"
	"portal/internal/localpg"
	"portal/internal/postgres"
)

// atOnce does something many times at once and returns how often it succeeded.
func atOnce(times int, do func(i int) error) int {
	var ok atomic.Int64
	var all sync.WaitGroup
	for i := range times {
		all.Go(func() {
			if do(i) == nil {
				ok.Add(1)
			}
		})
	}
	all.Wait()
	return int(ok.Load())
}

func TestTriesAtOnceAreAllCounted(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	in := putCode(t, s, "a@example.com")
	atOnce(20, func(int) error { return take(t, s, in, "wrong", now) })
	var tries int
	if err := pool.QueryRow(t.Context(), "select tries from sign_ins").Scan(&tries); err != nil || tries != identity.CodeTries {
		t.Errorf("%d tries, %v", tries, err)
	}
}

func TestACodeEnteredOftenAtOnceOpensOneSession(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	in := putCode(t, s, "a@example.com")
	won := atOnce(50, func(int) error {
		err := take(t, s, in, "right", now)
		if err != nil && !errors.Is(err, identity.ErrCodeExpired) {
			t.Error(err)
		}
		return err
	})
	if n := count(t, pool, "sessions"); n != 1 || won != 1 {
		t.Errorf("%d sessions, and %d were told that they have one", n, won)
	}
}

// A right code that is entered while another is asked for signs in, or is answered as wrong: never is somebody told that
// they are signed in who is not.
func TestWhoeverIsToldThatTheyAreSignedInIs(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	in := putCode(t, s, "a@example.com")
	won := atOnce(20, func(i int) error {
		if i%2 == 0 {
			putAnother(t, s, in, "right", now)
			return errors.New("not tried")
		}
		return take(t, s, in, "right", now)
	})
	if n := count(t, pool, "sessions"); n != won {
		t.Errorf("%d sessions, and %d were told that they have one", n, won)
	}
}

func TestATryThatIsRefusedRevealsNothingAndCostsNothing(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	in := refusedNow(t, s)
	before := allowances(t, pool)
	for _, code := range []string{"wrong", "right", "right", "wrong", "wrong", "wrong"} {
		got, err := s.TakeCode(t.Context(), in.Browser, []byte(code), here, opening(), now)
		often, ok := errors.AsType[*identity.TooOften](err)
		if !ok || often.Wait < 15*time.Second || often.Wait > 16*time.Second || !cmp.Equal(got, in) {
			t.Errorf("%s: %+v, %v", code, got, err)
		}
	}
	if after := allowances(t, pool); after != before || count(t, pool, "sessions") != 0 {
		t.Errorf("allowances were %s and are %s", before, after)
	}
	if err := take(t, s, in, "right", now.Add(16*time.Second)); err != nil {
		t.Errorf("when it is time: %v", err)
	}
	other := putCode(t, s, in.Email)
	_ = take(t, s, other, "wrong", now)
	if _, err := s.TakeCode(t.Context(), other.Browser, []byte("right"), identity.From{Network: "198.51.100.0/24"}, opening(), now); err != nil {
		t.Errorf("meanwhile, from another network: %v", err)
	}
}

// refusedNow is a sign-in whose next try is refused, since as many for its address have gone before. The first try of
// each is free.
func refusedNow(t *testing.T, s *postgres.Store) identity.SignIn {
	t.Helper()
	for range 5 {
		used := putCode(t, s, "a@example.com")
		for range identity.CodeTries {
			_ = take(t, s, used, "wrong", now)
		}
	}
	in := putCode(t, s, "a@example.com")
	_ = take(t, s, in, "wrong", now)
	in.Tries = 1
	return in
}

func TestACodeThatIsRefusedChangesNothing(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	in := putCode(t, s, "a@example.com")
	none := []identity.Allowance{{Name: "none", Burst: 1, Every: time.Minute}}
	put := func(in identity.SignIn) error {
		return s.PutCode(t.Context(), in, []byte("another"), mailID(), none, now)
	}
	if err := put(identity.SignIn{Browser: identity.NewToken(), ExpiresAt: now.Add(time.Minute)}); err != nil {
		t.Fatal(err)
	}
	moved := in
	moved.Email = "b@example.com"
	for _, refused := range []identity.SignIn{moved, {Browser: identity.NewToken(), Email: "c@example.com", ExpiresAt: now.Add(time.Minute)}} {
		if _, ok := errors.AsType[*identity.TooOften](put(refused)); !ok {
			t.Error("not refused")
		}
	}
	if count(t, pool, "sign_ins") != 2 || count(t, pool, "mails") != 2 {
		t.Error("a refused code is stored, or its e-mail")
	}
	if err := take(t, s, in, "right", now); err != nil {
		t.Errorf("the code so far: %v", err)
	}
}

// allowances is all that is kept of them.
func allowances(t *testing.T, pool *pgxpool.Pool) (all string) {
	t.Helper()
	const query = `select coalesce(string_agg(a::text, ' ' order by a.name, a.key), '') from allowances a`
	if err := pool.QueryRow(t.Context(), query).Scan(&all); err != nil {
		t.Fatal(err)
	}
	return all
}

// holding locks rows until it is told to let go.
func holding(t *testing.T, pool *pgxpool.Pool, rows string) (letGo func()) {
	t.Helper()
	tx, err := pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(t.Context(), rows+" for update"); err != nil {
		t.Fatal(err)
	}
	return func() { _ = tx.Rollback(context.Background()) }
}

// waiting returns when so many wait for a row that another holds.
func waiting(t *testing.T, pool *pgxpool.Pool, many int) {
	t.Helper()
	const query = `select count(*) >= $1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	for waits := false; !waits; {
		if err := pool.QueryRow(ctx, query, many).Scan(&waits); err != nil {
			t.Fatal(err)
		}
	}
}

// wide is a pool on a database of its own with a connection for everybody, also for those who wait for a row.
func wide(t *testing.T) *pgxpool.Pool {
	t.Helper()
	config := localpg.New(t).Config()
	config.MaxConns = 12
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}

func TestOnlyTheFirstTryOfACodeIsFree(t *testing.T) {
	t.Parallel()
	pool := wide(t)
	s := postgres.New(pool, newKeys(t), postgres.NoJobs)
	for s.Spend(t.Context(), identity.Tries("a@example.com", here, 1, now), now) == nil { // until nothing is left
	}
	in := putCode(t, s, "a@example.com")
	letGo := holding(t, pool, "select from sign_ins")
	defer letGo()
	var refused atomic.Int64
	var trying sync.WaitGroup
	trying.Go(func() {
		atOnce(identity.CodeTries, func(int) error {
			err := take(t, s, in, "wrong", now)
			if _, ok := errors.AsType[*identity.TooOften](err); ok {
				refused.Add(1)
			}
			return err
		})
	})
	waiting(t, pool, identity.CodeTries)
	letGo()
	trying.Wait()
	if n := refused.Load(); n != identity.CodeTries-1 {
		t.Errorf("%d of %d tries at once were refused, want all but the first", n, identity.CodeTries)
	}
}

// Were the code compared first, its rightness would show in how long the refusal takes.
func TestATryThatIsRefusedDoesNotLookAtTheCode(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	in := refusedNow(t, s)
	defer holding(t, pool, "select from sign_ins")()
	err := take(t, s, in, "right", now)
	if _, ok := errors.AsType[*identity.TooOften](err); !ok {
		t.Errorf("got %v", err)
	}
}

// Whoever asks for a code to another address while a try is on its way must not have it tried at the first one's cost.
func TestATryIsOfTheAddressThatItCountsFor(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	in := putCode(t, s, "own@example.com")
	for range 2 { // the first is free
		_ = take(t, s, in, "wrong", now)
	}
	before := allowances(t, pool)
	letGo := holding(t, pool, "select from allowances")
	tried := make(chan error, 1)
	go func() { tried <- take(t, s, in, "victim's", now) }()
	waiting(t, pool, 1)
	in.Email = "victim@example.com"
	putAnother(t, s, in, "victim's", now)
	letGo()
	if err := <-tried; err != nil || count(t, pool, "sessions") != 1 {
		t.Errorf("tried: %v", err)
	}
	if after := allowances(t, pool); after != before { // and the first try of the other's code is free
		t.Errorf("allowances were %s and are %s", before, after)
	}
}
