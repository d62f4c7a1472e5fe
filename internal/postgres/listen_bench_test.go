package postgres_test

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"portal/internal/localpg"
	"portal/internal/onboarding"
	"portal/internal/postgres"
	"portal/internal/seal"
)

// BenchmarkStartsAreTold has sixteen writers begin registrations and open their forms on a Postgres that waits for its disk,
// where nothing is told, and where all of it is. Commits that tell something stand in one line, so it would show if those of
// the writers did.
func BenchmarkStartsAreTold(b *testing.B) {
	c := localpg.NewCluster(b)
	pool, err := pgxpool.New(b.Context(), c.URL("portal")+"&pool_max_conns=16")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(pool.Close)
	for _, disk := range []time.Duration{0, 5 * time.Millisecond} {
		for _, way := range []string{"untold", "told"} {
			b.Run(fmt.Sprintf("%s/%v", way, disk), func(b *testing.B) {
				slow(b, pool, disk)
				s := postgres.New(pool, benchKeys(b), postgres.NoJobs)
				if way == "told" {
					s = s.ToldBy(telling(b, pool))
				}
				startAll(b, s, pool)
			})
		}
	}
}

// slow has commits wait for their disk, and that much longer than it takes, as for one on a network or for a standby.
func slow(b *testing.B, pool *pgxpool.Pool, disk time.Duration) {
	for _, sql := range []string{
		"alter system set fsync = on", "alter system set synchronous_commit = on",
		fmt.Sprintf("alter system set commit_delay = %d", disk.Microseconds()), "alter system set commit_siblings = 0", "select pg_reload_conf()",
	} {
		if _, err := pool.Exec(b.Context(), sql); err != nil {
			b.Fatal(err)
		}
	}
}

// telling is a teller that tells until the benchmark ends.
func telling(b *testing.B, pool *pgxpool.Pool) *postgres.Teller {
	t := postgres.NewTeller(pool, slog.New(slog.DiscardHandler))
	ctx, cancel := context.WithCancel(b.Context())
	var running sync.WaitGroup
	running.Go(func() { t.Run(ctx) })
	b.Cleanup(func() { cancel(); running.Wait() })
	return t
}

// startAll makes b.N starts by sixteen writers.
func startAll(b *testing.B, s *postgres.Store, pool *pgxpool.Pool) {
	var left atomic.Int64
	left.Store(int64(b.N))
	var writers sync.WaitGroup
	began := time.Now()
	for range 16 {
		writers.Go(func() {
			for left.Add(-1) >= 0 {
				if err := startOne(b, s, pool); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	writers.Wait()
	b.ReportMetric(float64(b.N)/time.Since(began).Seconds(), "starts/s")
}

func startOne(b *testing.B, s *postgres.Store, pool *pgxpool.Pool) error {
	who := uuid.New()
	if _, err := pool.Exec(b.Context(), "insert into applicants (id, created_at) values ($1, now())", who); err != nil {
		return err
	}
	r, err := s.Begin(b.Context(), intent(onboarding.ApplicantID(who)))
	if err != nil {
		return err
	}
	r.Status, r.Profile, r.DueAt = onboarding.Open, onboarding.ProfileID(uuid.NewString()), time.Time{}
	r.Request = &onboarding.CustomerRequest{ID: onboarding.RequestID(uuid.NewString()), Key: "the key", CreatedAt: now}
	_, err = s.Save(b.Context(), r, time.Time{})
	return err
}

func benchKeys(b *testing.B) *seal.Keyset {
	text, err := seal.NewKeyset()
	if err != nil {
		b.Fatal(err)
	}
	keys, err := seal.Parse(text)
	if err != nil {
		b.Fatal(err)
	}
	return keys
}
