package doctor_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"portal/internal/doctor"
	"portal/internal/localpg"
)

// looked is what is said of a database, through a pool of at most so many connections as the address says.
func looked(t *testing.T, url string, pooled bool) []doctor.Finding {
	t.Helper()
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		t.Fatal(err)
	}
	if pooled {
		config.ConnConfig.DefaultQueryExecMode = pgx.QueryExecModeCacheDescribe // as through a pooler, nothing is prepared under a name
	}
	pool, err := pgxpool.NewWithConfig(context.WithoutCancel(t.Context()), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return doctor.Database{Pool: pool, Pooled: pooled, Beside: 2}.Look(t.Context())
}

func TestALoginHasTheRightsThatThePortalNeedsAndNoMore(t *testing.T) {
	t.Parallel()
	cluster := localpg.NewCluster(t)
	for role, c := range map[string]struct {
		state doctor.State
		words string
	}{
		"portal_application": {doctor.Fine, "and no more"},
		"portal_reader":      {doctor.Trouble, "not write"},
		"pg_monitor":         {doctor.Trouble, "may not read"},
	} {
		url, err := cluster.CreateLogin(t.Context(), "login_"+role, role, "portal")
		if err != nil {
			t.Fatal(err)
		}
		says(t, looked(t, url, false), c.state, c.words)
	}
	owner := looked(t, cluster.URL("portal"), false)
	says(t, owner, doctor.Doubt, "is a superuser")
	says(t, owner, doctor.Doubt, "fsync is off")
	says(t, looked(t, cluster.URL("portal")+"&pool_max_conns=500", false), doctor.Trouble, "max_connections")
}

func TestAPoolerThatTheSettingsDoNotNameIsNoticed(t *testing.T) {
	t.Parallel()
	cluster := localpg.NewCluster(t)
	pooler := cluster.NewPooled(t, "portal", 1)
	says(t, looked(t, pooler, true), doctor.Fine, "there is a pooler")
	says(t, looked(t, cluster.URL("portal"), true), doctor.Doubt, "there is no pooler")
	says(t, looked(t, cluster.URL("portal"), false), doctor.Fine, "the portal's own")
	found := looked(t, pooler+"&default_query_exec_mode=cache_describe", false)
	says(t, found, doctor.Trouble, "PORTAL_DATABASE_POOLING to transaction")
}
