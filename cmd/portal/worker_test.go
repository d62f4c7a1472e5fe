package main

import (
	"context"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"portal/internal/jobs"
	"portal/internal/localpg"
	"portal/internal/onboarding"
)

func TestWorkerDoesTheJobsThatServeLeaves(t *testing.T) {
	t.Parallel()
	environ := environment(t, localpg.NewURL(t))
	conn, err := pgx.Connect(t.Context(), environ["PORTAL_DATABASE_URL"])
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	enqueue(t, conn)
	_, stop := running(t, environ, "serve", "--no-jobs")
	if done := awaitJobs(t, conn, time.Second); done {
		t.Error("serve --no-jobs has done a job")
	}
	debug, stopWorker := running(t, environ, "worker")
	if done := awaitJobs(t, conn, patience); !done {
		t.Error("the worker has not done the job")
	}
	for path, want := range map[string]string{"/readyz": "ready", "/healthz": "ok", "/metrics": "portal_registrations_waiting 0"} {
		if status, body := ask(t, debug+path); status != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("%s answers %d without %q", path, status, want)
		}
	}
	if _, body := ask(t, debug+"/metrics"); strings.Contains(body, "portal_streams") {
		t.Error("the worker has streams, though nobody looks at pages there")
	}
	stop()
	stopWorker()
	if status, _ := ask(t, debug+"/healthz"); status != 0 {
		t.Errorf("answers %d after its end", status)
	}
}

func TestServeDoesJobsUnlessToldOtherwise(t *testing.T) {
	t.Parallel()
	environ := environment(t, localpg.NewURL(t))
	conn, err := pgx.Connect(t.Context(), environ["PORTAL_DATABASE_URL"])
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	enqueue(t, conn)
	_, stop := running(t, environ, "serve")
	if done := awaitJobs(t, conn, patience); !done {
		t.Error("serve has not done the job")
	}
	stop()
}

func TestStopIsPromptWhilePostgresIsAway(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"serve"}, {"worker"}} {
		t.Run(args[0], func(t *testing.T) {
			t.Parallel()
			c := localpg.NewCluster(t)
			debug, stop := running(t, environment(t, c.URL("portal")), args...)
			if err := c.Halt(); err != nil {
				t.Fatal(err)
			}
			if status, _ := ask(t, debug+"/readyz"); status != http.StatusServiceUnavailable {
				t.Errorf("ready without Postgres: %d", status)
			}
			began := time.Now()
			stop()
			if took := time.Since(began); took > stopFor+patience { // which a machine that has nothing else to do need not have
				t.Errorf("the end took %s", took)
			}
		})
	}
}

func TestWorkerHasNothingToDoForLinksAlone(t *testing.T) {
	t.Parallel()
	config, err := os.ReadFile("../../portal.toml")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "portal.toml")
	static := strings.Replace(string(config), `["static", "dynamic"]`, `["static"]`, 1)
	if err := os.WriteFile(path, []byte(static), 0o600); err != nil {
		t.Fatal(err)
	}
	copyLogos(t, filepath.Dir(path))
	environ := environment(t, "")
	maps.Copy(environ, map[string]string{"PORTAL_CONFIG": path})
	if code, _, stderr := command(t, environ, "worker"); code != exitFailure || !strings.Contains(stderr, "loaders") {
		t.Errorf("exit %d, says %q", code, stderr)
	}
}

// enqueue stores a job about a registration that does not exist.
func enqueue(t *testing.T, conn *pgx.Conn) {
	t.Helper()
	q, err := jobs.NewQueue()
	if err != nil {
		t.Fatal(err)
	}
	err = pgx.BeginFunc(t.Context(), conn, func(tx pgx.Tx) error {
		return q.AdvanceRegistration(t.Context(), tx, onboarding.RegistrationID(uuid.Must(uuid.NewV7())), 1)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// awaitJobs waits until all jobs that advance registrations are done, and says whether they are.
func awaitJobs(t *testing.T, conn *pgx.Conn, atMost time.Duration) bool {
	t.Helper()
	tick, end := time.NewTicker(20*time.Millisecond), time.After(atMost)
	defer tick.Stop()
	for {
		var left int
		err := conn.QueryRow(t.Context(), `
			select count(*)
			from river_job
			where kind = 'advance_registration' and state <> 'completed'`).Scan(&left)
		if err != nil {
			t.Fatal(err)
		}
		if left == 0 {
			return true
		}
		select {
		case <-tick.C:
		case <-end:
			return false
		}
	}
}
