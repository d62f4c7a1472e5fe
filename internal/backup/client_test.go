package backup

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestProgramsAreToldOfADatabaseByTheirEnvironment(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"postgres://olga:s%40crt@db/portal":                                                 "PGHOST=db PGUSER=olga PGPASSWORD=s@crt PGDATABASE=portal",
		"postgres://db-a:5433,db-b/portal?target_session_attrs=read-write&pool_max_conns=3": "PGHOST=db-a,db-b PGPORT=5433, PGDATABASE=portal PGTARGETSESSIONATTRS=read-write",
		"postgresql://[::1]:5433/portal?sslmode=verify-full&statement_timeout=3":            "PGHOST=::1 PGPORT=5433 PGDATABASE=portal PGSSLMODE=verify-full",
		"postgres://postgres@/portal?host=/run/postgresql":                                  "PGUSER=postgres PGDATABASE=portal PGHOST=/run/postgresql",
	} {
		got, err := environ(address)
		if err != nil {
			t.Errorf("%s: %v", address, err)
		}
		wanted := strings.Fields(want)
		slices.Sort(got)
		slices.Sort(wanted)
		if diff := cmp.Diff(wanted, got); diff != "" {
			t.Errorf("%s: %s", address, diff)
		}
	}
	if _, err := environ("host=db password=secret"); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("of what is no URL: %v", err)
	}
}

func TestAnotherDatabaseOfAServerIsReachedTheSameWay(t *testing.T) {
	t.Parallel()
	for from, want := range map[string]string{
		"postgres://olga:s%40crt@db:5433/portal?sslmode=require&dbname=portal": "postgres://olga:s%40crt@db:5433/other?sslmode=require",
		"postgres://db-a:5433,db-b/portal":                                     "postgres://db-a:5433,db-b/other",
	} {
		if got, err := renamed(from, "other"); got != want || err != nil {
			t.Errorf("%s, %v", got, err)
		}
	}
}
