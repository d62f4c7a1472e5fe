package postgres_test

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"portal/internal/inbox"
	"portal/internal/localpg"
	"portal/internal/postgres"
)

// onOneConnection is a pool in which whoever asks next has the connection of whoever asked before.
func onOneConnection(t *testing.T) *pgxpool.Pool {
	t.Helper()
	config, err := pgxpool.ParseConfig(localpg.NewURL(t))
	if err != nil {
		t.Fatal(err)
	}
	config.MaxConns = 1
	config.ConnConfig.RuntimeParams["synchronous_commit"] = "on"
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}

// commitsWait fails the test unless commits on the pool's connection wait for the disk.
func commitsWait(t *testing.T, pool *pgxpool.Pool) {
	t.Helper()
	var waits string
	if err := pool.QueryRow(t.Context(), "show synchronous_commit").Scan(&waits); err != nil {
		t.Fatal(err)
	}
	if waits != "on" {
		t.Errorf("whoever has the connection next does not wait for the disk: synchronous_commit is %s", waits)
	}
}

func TestNobodyElseIsHurriedByTakingATurn(t *testing.T) {
	t.Parallel()
	pool := onOneConnection(t)
	turns := postgres.New(pool, newKeys(t), postgres.NoJobs).Turns(perHour)
	if wait, err := turns.Take(t.Context(), asker(), now); err != nil || wait != 0 {
		t.Fatalf("wait %v, %v", wait, err)
	}
	commitsWait(t, pool)
}

func TestNobodyElseIsHurriedByFinishingWebhooks(t *testing.T) {
	t.Parallel()
	pool := onOneConnection(t)
	s := postgres.NewWebhooks(pool, newKeys(t))
	m := inbox.Message{Provider: "passfort", ID: "1", Event: "CHECK_COMPLETED", Profile: "p", Body: "{}", ReceivedAt: now}
	if err := s.Put(t.Context(), []inbox.Message{m}); err != nil {
		t.Fatal(err)
	}
	c, ok, err := s.Claim(t.Context(), now, now.Add(time.Minute))
	if err != nil || !ok {
		t.Fatalf("claimed %v, %v", ok, err)
	}
	if err := s.Finish(t.Context(), c, now); err != nil {
		t.Fatal(err)
	}
	commitsWait(t, pool)
}
