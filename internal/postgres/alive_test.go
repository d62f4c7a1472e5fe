package postgres_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"portal/internal/localpg"
	"portal/internal/postgres"
)

func TestPostgresIsReachableThoughEveryConnectionIsInUse(t *testing.T) {
	t.Parallel()
	for name, limit := range map[string]string{"ours": "-1", "those of Postgres as well": "2"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cluster := localpg.NewCluster(t)
			owner, err := postgres.Connect(t.Context(), cluster.URL("portal"))
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(owner.Close)
			exec(t, owner, "create role worker login connection limit "+limit)
			pool, err := postgres.Connect(t.Context(), strings.Replace(cluster.URL("portal"), "postgres@", "worker@", 1)+"&pool_max_conns=2")
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(pool.Close)
			wantReachable(t, pool, true, "with nothing to do")
			release := useUp(t, pool, 2)
			wantReachable(t, pool, true, "with every connection in use")
			if err := cluster.Halt(); err != nil {
				t.Fatal(err)
			}
			wantReachable(t, pool, false, "gone, with every connection in use")
			release()
			wantReachable(t, pool, false, "gone")
		})
	}
}

func wantReachable(t *testing.T, pool *pgxpool.Pool, want bool, when string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := postgres.Reachable(ctx, pool); (err == nil) != want {
		t.Errorf("%s: %v", when, err)
	}
}

// useUp takes so many connections.
func useUp(t *testing.T, pool *pgxpool.Pool, many int) (release func()) {
	t.Helper()
	var inUse []*pgxpool.Conn
	for range many {
		conn, err := pool.Acquire(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		inUse = append(inUse, conn)
	}
	return func() {
		for _, conn := range inUse {
			conn.Release()
		}
	}
}
