package jobs_test

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"portal/internal/jobs"
	"portal/internal/localpg"
	"portal/internal/onboarding"
)

// pooled is a cluster's database through a proxy in transaction mode with few connections.
func pooled(t *testing.T, c *localpg.Cluster) *pgxpool.Pool {
	t.Helper()
	config, err := pgxpool.ParseConfig(c.NewPooled(t, "portal", 2))
	if err != nil {
		t.Fatal(err)
	}
	config.ConnConfig.DefaultQueryExecMode = pgx.QueryExecModeCacheDescribe
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}

func TestJobsAreDoneThroughATransactionPooler(t *testing.T) {
	t.Parallel()
	cluster := localpg.NewCluster(t)
	pool, advanced := pooled(t, cluster), make(chan onboarding.RegistrationID, 4)
	stop := workAsIs(t, jobs.Options{Pool: pool, Advance: telling(advanced)})
	for range 3 {
		enqueue(t, pool, newID(), nil)
		heard(t, advanced)
	}
	stop()
	if got := states(t, pool); got["completed"] != 3 {
		t.Errorf("jobs %v", got)
	}
}

func TestJobIsSeenAtOncePastATransactionPooler(t *testing.T) {
	t.Parallel()
	cluster := localpg.NewCluster(t)
	pool, advanced := pooled(t, cluster), make(chan onboarding.RegistrationID, 2)
	sessions, err := pgxpool.New(t.Context(), cluster.URL("portal"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sessions.Close)
	workAsIs(t, jobs.Options{Pool: pool, Sessions: sessions, Advance: telling(advanced)})
	enqueue(t, pool, newID(), nil)
	heard(t, advanced) // the worker is up
	began := time.Now()
	enqueue(t, pool, newID(), nil)
	heard(t, advanced)
	if took := time.Since(began); took > 900*time.Millisecond {
		t.Errorf("took %s, as if nobody had listened", took)
	}
}
