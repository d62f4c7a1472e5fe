package postgres_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"portal/internal/localpg"
	"portal/internal/onboarding"
	"portal/internal/postgres"
)

// ear writes down what it hears.
type ear struct {
	heard      chan onboarding.ApplicantID
	lost, back chan struct{}
}

func (e ear) Heard(who onboarding.ApplicantID) { e.heard <- who }
func (e ear) Lost()                            { e.lost <- struct{}{} }
func (e ear) Back()                            { e.back <- struct{}{} }

// listening is an ear that hears what is told in a database, and the listener it hears by.
func listening(t *testing.T, url string, within time.Duration) ear {
	t.Helper()
	l, err := postgres.NewListener(url, func() float64 { return 0 }, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	l.Hurry(within)
	return hearing(t, l)
}

// hearing is an ear that hears by a listener.
func hearing(t *testing.T, l *postgres.Listener) ear {
	t.Helper()
	e := ear{make(chan onboarding.ApplicantID, 100), make(chan struct{}, 100), make(chan struct{}, 100)}
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { l.Run(ctx, e) })
	t.Cleanup(func() { cancel(); running.Wait() })
	await(t, e.back, "the listener")
	return e
}

func await[T any](t *testing.T, from <-chan T, what string) (v T) {
	t.Helper()
	select {
	case v = <-from:
	case <-time.After(10 * time.Second):
		t.Fatalf("waited in vain for %s", what)
	}
	return v
}

// since is whom something was told of until now.
func (e ear) since(t *testing.T, pool *pgxpool.Pool) (told []onboarding.ApplicantID) {
	t.Helper()
	end := uuid.New()
	if _, err := pool.Exec(t.Context(), "select pg_notify('registrations', $1)", end.String()); err != nil {
		t.Fatal(err)
	}
	for {
		who := await(t, e.heard, "what was told")
		if uuid.UUID(who) == end {
			return told
		}
		told = append(told, who)
	}
}

func TestAListenerComesBackAfterItsConnectionIsCut(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	e := listening(t, pool.Config().ConnString(), time.Minute)
	for range 2 {
		const cut = "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like 'listen%'"
		if _, err := pool.Exec(t.Context(), cut); err != nil {
			t.Fatal(err)
		}
		await(t, e.lost, "the loss")
		await(t, e.back, "the way back")
	}
	teller := postgres.NewTeller(pool, slog.New(slog.DiscardHandler))
	s = s.ToldBy(teller)
	opened(t, s, begin(t, s, applicant(t, s, "a")))
	if err := teller.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if told := e.since(t, pool); len(told) != 1 {
		t.Errorf("told of %v", told)
	}
}

func TestAListenerNoticesAConnectionThatHasGoneSilent(t *testing.T) {
	t.Parallel()
	c, err := localpg.Start(t.Context(), localpg.Options{TCP: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Stop() })
	way := newWay(t, c.TCPURL("postgres"))
	e := listening(t, way.url, 200*time.Millisecond)
	select {
	case <-e.lost:
		t.Error("a connection that is only quiet was given up")
	case <-time.After(500 * time.Millisecond): // several pings
	}
	way.silent.Store(true)
	await(t, e.lost, "the loss")
	way.silent.Store(false)
	await(t, e.back, "the way back")
}

// way is a way to a server that can swallow whatever goes along.
type way struct {
	url    string
	silent atomic.Bool
}

func newWay(t *testing.T, to string) *way {
	t.Helper()
	u, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := u.Host
	u.Host = l.Addr().String()
	w := &way{url: u.String()}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() { w.carry(t, client, server) })
		}
	})
	t.Cleanup(func() { _ = l.Close(); all.Wait() })
	return w
}

// carry carries between two until the client leaves, or the test ends.
func (w *way) carry(t *testing.T, client net.Conn, server string) {
	far, err := net.Dial("tcp", server)
	if err != nil {
		t.Error(err)
		return
	}
	defer context.AfterFunc(t.Context(), func() { _ = errors.Join(client.Close(), far.Close()) })()
	var back sync.WaitGroup
	back.Go(func() { _, _ = io.Copy(client, far) })
	_, _ = io.Copy(swallowing{far, &w.silent}, client)
	_ = far.Close()
	back.Wait()
	_ = client.Close()
}

type swallowing struct {
	net.Conn
	silent *atomic.Bool
}

func (s swallowing) Write(p []byte) (int, error) {
	if s.silent.Load() {
		return len(p), nil
	}
	return s.Conn.Write(p)
}

// TestAListenerMissesNothingWhenItsConnectionIsReplaced has each connection replaced at once, and many of them, while something
// is told all the time.
func TestAListenerMissesNothingWhenItsConnectionIsReplaced(t *testing.T) {
	t.Parallel()
	pool := localpg.New(t)
	l, err := postgres.NewListener(pool.Config().ConnString(), func() float64 { return 0 }, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	l.Renew(time.Millisecond)
	e := hearing(t, l)
	const listener = "select pid from pg_stat_activity where datname = current_database() and query like 'listen%'"
	seen := map[int]bool{}
	for len(seen) < 4 {
		for range 20 {
			who := uuid.New()
			if _, err := pool.Exec(t.Context(), "select pg_notify('registrations', $1)", who.String()); err != nil {
				t.Fatal(err)
			}
			for uuid.UUID(await(t, e.heard, "what was told")) != who {
				continue // was heard before on the other connection
			}
		}
		pids, err := pool.Query(t.Context(), listener)
		if err != nil {
			t.Fatal(err)
		}
		all, err := pgx.CollectRows(pids, pgx.RowTo[int])
		if err != nil {
			t.Fatal(err)
		}
		for _, pid := range all {
			seen[pid] = true
		}
	}
	if len(e.lost) > 0 || len(e.back) > 0 {
		t.Error("somebody was told that something may have been missed")
	}
}

func TestAListenerConnectsByTheRulesOfAPool(t *testing.T) {
	t.Parallel()
	for url, want := range map[string]time.Duration{
		"postgres://u@127.0.0.1/d": 2 * time.Second, "postgres://u@127.0.0.1/d?connect_timeout=7": 7 * time.Second,
	} {
		l, err := postgres.NewListener(url, nil, nil)
		if err != nil || l.ConnectTimeout() != want {
			t.Errorf("%s: %v, want %v (%v)", url, l.ConnectTimeout(), want, err)
		}
	}
}

func TestAListenerTakesTheURLOfAPool(t *testing.T) {
	t.Parallel()
	at := localpg.NewURL(t) + "&pool_max_conns=3&pool_min_conns=1"
	e := listening(t, at, time.Minute)
	c, err := pgx.Connect(t.Context(), strings.TrimSuffix(at, "&pool_max_conns=3&pool_min_conns=1"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(context.Background())
	if _, err := c.Exec(t.Context(), "notify registrations, 'nobody at all'"); err != nil {
		t.Fatal(err)
	}
	who := uuid.New()
	if _, err := c.Exec(t.Context(), "select pg_notify('registrations', $1)", who.String()); err != nil {
		t.Fatal(err)
	}
	if got := await(t, e.heard, "a change"); uuid.UUID(got) != who {
		t.Error("heard of", got)
	}
}
