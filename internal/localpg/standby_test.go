package localpg_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"portal/internal/localpg"
)

func TestPromotedStandbyHasWhatWasCommitted(t *testing.T) {
	t.Parallel()
	primary, err := localpg.Start(t.Context(), localpg.Options{Primary: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = primary.Stop() })
	standby, err := primary.Standby(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = standby.Stop() })
	either := primary.EitherURL("postgres", standby)
	if _, err := connect(t, either).Exec(t.Context(), "create table kept (id int)"); err != nil {
		t.Fatal(err)
	}
	_, server := whereabouts(t, primary.URL("postgres"))
	if err := primary.Kill(); err != nil {
		t.Fatal(err)
	}
	if exists(server) {
		t.Error("the primary still runs")
	}
	if _, err := pgx.Connect(t.Context(), either); err == nil {
		t.Error("a standby that has not taken over was taken for a primary")
	}
	if err := standby.Promote(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := connect(t, either).Exec(t.Context(), "insert into kept values (1)"); err != nil {
		t.Error(err)
	}
}

func TestKilledClusterLeavesNothing(t *testing.T) {
	t.Parallel()
	c, err := localpg.Start(t.Context(), localpg.Options{})
	if err != nil {
		t.Fatal(err)
	}
	dir, server := whereabouts(t, c.URL("postgres"))
	if err := c.Kill(); err != nil {
		t.Fatal(err)
	}
	if exists(server) {
		t.Error("it still runs")
	}
	if err := c.Resume(); err != nil {
		t.Fatalf("it does not start again: %v", err)
	}
	scalar[int](t, c.URL("postgres"), "select 1")
	if err := c.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := c.Stop(); err != nil {
		t.Fatal(err)
	}
	if exists(dir) {
		t.Error("its directory is left")
	}
	if left, _ := filepath.Glob("/proc/[0-9]*/cwd"); strings.Contains(strings.Join(left, " "), dir) {
		t.Error("one of its processes is left")
	}
}
