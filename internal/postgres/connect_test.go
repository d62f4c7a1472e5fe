package postgres_test

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"

	"portal/internal/identity"
	"portal/internal/localpg"
	"portal/internal/onboarding"
	"portal/internal/postgres"
)

func TestThroughATransactionPoolerEverybodyGetsTheirOwn(t *testing.T) {
	t.Parallel()
	cluster := localpg.NewCluster(t)
	pool, err := postgres.ConnectPooled(t.Context(), cluster.NewPooled(t, "portal", 2))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	s := postgres.New(pool, newKeys(t), postgres.NoJobs)
	var all errgroup.Group
	for n := range 40 {
		all.Go(func() error {
			email := identity.Email(fmt.Sprintf("p%d@example.com", n))
			session, a := signIn(t, s, email)
			for range 5 {
				who, _, err := s.Visit(t.Context(), session, limits, now)
				if err != nil || who.Email != email || onboarding.ApplicantID(who.Applicant) != a {
					return fmt.Errorf("person %d is taken for another: %w", n, err)
				}
			}
			_, err := s.Begin(t.Context(), intent(a))
			return err
		})
	}
	if err := all.Wait(); err != nil {
		t.Error(err)
	}
}

func TestAServerThatTakesNoWritesIsNotAskedAgain(t *testing.T) {
	t.Parallel()
	cluster := localpg.NewCluster(t)
	pool, err := postgres.Connect(t.Context(), cluster.URL("portal")+"&pool_max_conns=1")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	write := func() error {
		_, err := pool.Exec(t.Context(), "create table if not exists written (id int)")
		return err
	}
	if _, err := pool.Exec(t.Context(), "set default_transaction_read_only = on"); err != nil { // as one that was demoted
		t.Fatal(err)
	}
	if err := write(); !postgres.Away(err) {
		t.Errorf("a write to a standby: %v", err)
	}
	if err := write(); err != nil {
		t.Errorf("the next one was sent there too: %v", err)
	}
}

func TestAHostThatSaysNothingLeavesTimeForTheNext(t *testing.T) {
	t.Parallel()
	silent, err := net.Listen("tcp", "127.0.0.1:0") // connections are made and nobody takes them
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = silent.Close() })
	other, err := url.Parse(localpg.NewURL(t))
	if err != nil {
		t.Fatal(err)
	}
	hosts := other.Query()
	_, port, _ := net.SplitHostPort(silent.Addr().String())
	hosts.Set("host", "127.0.0.1,"+hosts.Get("host"))
	hosts.Set("port", port+","+hosts.Get("port"))
	other.RawQuery = hosts.Encode()
	pool, err := postgres.Connect(t.Context(), other.String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	store := postgres.New(pool, newKeys(t), postgres.NoJobs)
	if _, _, err := store.Visit(t.Context(), identity.NewToken(), limits, now); onboarding.KindOf(err) == onboarding.Busy {
		t.Errorf("the next host was not reached within one call: %v", err)
	}
}

// Every connection of a rush is dead after a restart, and all have been used a moment ago.
func TestARestartCostsNobodyAPageAfterwards(t *testing.T) {
	t.Parallel()
	cluster := localpg.NewCluster(t)
	pool, err := postgres.Connect(t.Context(), cluster.URL("portal"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	var rush []*pgxpool.Conn
	for range 10 {
		conn, err := pool.Acquire(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		rush = append(rush, conn)
	}
	if err := errors.Join(cluster.Kill(), cluster.Resume()); err != nil {
		t.Fatal(err)
	}
	for _, conn := range rush {
		conn.Release()
	}
	for range 10 {
		if _, err := pool.Exec(t.Context(), "select 1"); err != nil {
			t.Error(err)
		}
	}
}

func TestAURLThatIsWrongIsToldWithoutItsPassword(t *testing.T) {
	t.Parallel()
	for url, want := range map[string]string{
		"postgres://portal:secret@db/portal?sslmode=verify-full&sslrootcert=/nowhere/ca.pem": "/nowhere/ca.pem",
		"postgres://portal:secret@db:port/portal":                                            "not a Postgres URL",
	} {
		_, err := postgres.Connect(t.Context(), url)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", want, err)
		}
	}
}
