package localpg_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"portal/internal/localpg"
)

func TestNewGivesEachCallerADatabaseOfItsOwn(t *testing.T) {
	t.Parallel()
	ctx, one, other := t.Context(), localpg.New(t), localpg.New(t)
	if _, err := one.Exec(ctx, "create table mine (id int)"); err != nil {
		t.Fatal(err)
	}
	var seen bool
	if err := other.QueryRow(ctx, "select to_regclass('mine') is not null").Scan(&seen); err != nil {
		t.Fatal(err)
	}
	if seen {
		t.Error("a table made in one database appeared in the other")
	}
}

func TestNewMigratesAndDropsAtTheEnd(t *testing.T) {
	t.Parallel()
	var url string
	t.Run("inner", func(t *testing.T) {
		url = localpg.NewURL(t)
		if n := scalar[int](t, url, "select count(*)::int from goose_db_version"); n < 2 {
			t.Errorf("%d rows of goose's, want the schema migrated", n)
		}
	})
	if _, err := pgx.Connect(t.Context(), url); err == nil {
		t.Error("the database outlived its test")
	}
}

func TestHaltAndResumeKeepData(t *testing.T) {
	t.Parallel()
	c := localpg.NewCluster(t)
	url := c.URL("portal")
	if _, err := connect(t, url).Exec(t.Context(), "create table kept (id int)"); err != nil {
		t.Fatal(err)
	}
	if err := c.Halt(); err != nil {
		t.Fatal(err)
	}
	if _, err := pgx.Connect(t.Context(), url); err == nil {
		t.Error("a halted server answers")
	}
	if err := c.Resume(); err != nil {
		t.Fatal(err)
	}
	if !scalar[bool](t, url, "select to_regclass('kept') is not null") {
		t.Error("the table is gone")
	}
}

func TestStartListensOnTCPWhenAsked(t *testing.T) {
	t.Parallel()
	c, err := localpg.Start(t.Context(), localpg.Options{TCP: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Stop() })
	for _, url := range []string{c.URL("postgres"), c.TCPURL("postgres")} {
		if n := scalar[int](t, url, "select 1"); n != 1 {
			t.Errorf("%s answers %d", url, n)
		}
	}
}

func TestStopLeavesNothing(t *testing.T) {
	t.Parallel()
	c, err := localpg.Start(t.Context(), localpg.Options{})
	if err != nil {
		t.Fatal(err)
	}
	conn := connect(t, c.URL("postgres")) // a client that stays must not hold it up
	dir, server := whereabouts(t, c.URL("postgres"))
	began := time.Now()
	if err := c.Stop(); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("stopping took %v", took)
	}
	if exists(dir) || exists(server) {
		t.Errorf("left behind: directory %v, process %v", exists(dir), exists(server))
	}
	if err := conn.Ping(t.Context()); err == nil {
		t.Error("the old connection still answers")
	}
	if err := c.Stop(); err != nil {
		t.Errorf("stopping twice: %v", err)
	}
}

func TestStartGivesUpWhenItsContextIsOver(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := localpg.Start(ctx, localpg.Options{}); err == nil {
		t.Error("a cluster started for nobody")
	}
}

// The strongest way to end a process, which it cannot even notice, stands for panics and time-outs too.
func TestKilledProcessLeavesNothing(t *testing.T) {
	t.Parallel()
	cmd := exec.Command(os.Args[0], "-test.run=^TestHoldCluster$")
	cmd.Env = append(os.Environ(), "LOCALPG_HOLD=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	dir, server, _ := strings.Cut(strings.TrimSpace(line), " ")
	if !exists(dir) || !exists(server) {
		t.Fatalf("no cluster at %q, %q", dir, server)
	}
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	for deadline := time.Now().Add(10 * time.Second); exists(dir) || exists(server); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("left behind: directory %v, process %v", exists(dir), exists(server))
		}
	}
}

// TestHoldCluster is the process that TestKilledProcessLeavesNothing kills.
func TestHoldCluster(t *testing.T) {
	if os.Getenv("LOCALPG_HOLD") == "" {
		t.Skip("run by TestKilledProcessLeavesNothing")
	}
	fmt.Println(whereabouts(t, localpg.NewURL(t)))
	time.Sleep(time.Minute)
}

func TestDurableClusterWaitsForADisk(t *testing.T) {
	t.Parallel()
	c, err := localpg.Start(t.Context(), localpg.Options{Durable: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Stop(); err != nil {
			t.Error(err)
		}
	})
	for _, setting := range []string{"fsync", "synchronous_commit", "full_page_writes"} {
		if got := scalar[string](t, c.URL("postgres"), "show "+setting); got != "on" {
			t.Errorf("%s is %s", setting, got)
		}
	}
	if dir, _ := whereabouts(t, c.URL("postgres")); strings.HasPrefix(dir, "/dev/shm") {
		t.Errorf("its files are in memory, at %s", dir)
	}
}

func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		c, err := localpg.Start(b.Context(), localpg.Options{})
		if err != nil {
			b.Fatal(err)
		}
		if err := c.Stop(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkNewURL(b *testing.B) {
	localpg.NewURL(b) // the first one starts the cluster
	for b.Loop() {
		localpg.NewURL(b)
	}
}

// whereabouts returns the cluster's directory and its server's entry in /proc.
func whereabouts(t testing.TB, url string) (dir, server string) {
	t.Helper()
	data := scalar[string](t, url, "show data_directory")
	pidFile, err := os.ReadFile(filepath.Join(data, "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	pid, _, _ := strings.Cut(string(pidFile), "\n")
	return filepath.Dir(data), "/proc/" + pid
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func connect(t testing.TB, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

func scalar[T any](t testing.TB, url, sql string) T {
	t.Helper()
	var v T
	if err := connect(t, url).QueryRow(t.Context(), sql).Scan(&v); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return v
}
