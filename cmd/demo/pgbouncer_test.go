package main

import (
	"context"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"portal/internal/localpg"
)

// throughPooler are a cluster, and the settings of portals that reach it through a pgbouncer that has four connections for all
// of them.
func throughPooler(t *testing.T) (*localpg.Cluster, settings) {
	t.Helper()
	cluster := localpg.NewCluster(t)
	return cluster, settings{
		"PORTAL_DATABASE_URL": cluster.NewPooled(t, "portal", 4), "PORTAL_DATABASE_POOLING": "transaction",
	}
}

func TestEverythingWorksThroughATransactionPooler(t *testing.T) {
	t.Parallel()
	cluster, pooled := throughPooler(t)
	w := ownWorld(t) // on a database of its own
	p := w.startPortal(t, pooled)
	c := newThrong(t, w, p.origin(), cluster.URL("portal"))
	c.begin(t.Context(), 8, c.look)
	c.begin(t.Context(), 4, c.tell)
	c.begin(t.Context(), 4, c.start)
	v := w.visitor(t).at(p.origin())
	v.signIn("pooled@example.com")
	page, err := v.start("individual")
	if err != nil {
		t.Fatal(err)
	}
	w.end(t, v.form(page), "COMPLETED")
	v.get("/onboarding/complete")
	eventually(t, "the registration is completed", func() bool { return v.status() == "completed" })
	eventually(t, "many have been served", func() bool { return c.served() > 500 })
	c.end()
	for _, f := range c.failed() {
		t.Error(f)
	}
	c.mustBeKept(t, c.pool)
	eventually(t, "every webhook is handed on", func() bool { return none(t, c.pool, "select from webhook_lines") })
	eventually(t, "every job is done", func() bool {
		return none(t, c.pool, "select from river_job where state not in ('completed', 'scheduled')")
	})
	if log := p.log.String(); strings.Contains(log, "prepared statement") || strings.Contains(log, `"level":"ERROR"`) {
		t.Errorf("the portal wrote:\n%s", p.log.tail())
	}
}

func TestMigrateWantsAWayPastATransactionPooler(t *testing.T) {
	t.Parallel()
	cluster, pooled := throughPooler(t)
	if out, code := portalRun(t, pooled, "migrate", "up"); code != 1 || !strings.Contains(out, "PORTAL_DATABASE_DIRECT_URL") {
		t.Errorf("without: exit %d, %q", code, out)
	}
	pooled["PORTAL_DATABASE_DIRECT_URL"] = cluster.URL("portal")
	if out, code := portalRun(t, pooled, "migrate", "up"); code != 0 {
		t.Errorf("with: exit %d, %q", code, out)
	}
}

// none says whether a query finds nothing.
func none(t *testing.T, pool *pgxpool.Pool, query string) bool {
	t.Helper()
	var any bool
	if err := pool.QueryRow(context.WithoutCancel(t.Context()), "select exists ("+query+")").Scan(&any); err != nil {
		t.Fatal(err)
	}
	return !any
}
