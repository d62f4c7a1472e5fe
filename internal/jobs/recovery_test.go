package jobs_test

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"portal/internal/jobs"
	"portal/internal/localpg"
	"portal/internal/onboarding"
)

func TestWorkerRecoversFromARestartOfPostgres(t *testing.T) {
	t.Parallel()
	c, log := localpg.NewCluster(t), &notes{}
	pool := connect(t, c.URL("portal"))
	advanced, rounds := make(chan onboarding.RegistrationID, 10), make(chan struct{}, 100)
	order(t, c.Halt)
	work(t, jobs.Options{Pool: pool, Advance: telling(advanced), Log: log.log(), Periodic: []jobs.Periodic{{
		Name: "look around", Every: time.Second, Run: func(context.Context) error { rounds <- struct{}{}; return nil },
	}}})
	for range 2 { // it starts without Postgres, and goes on after a restart
		order(t, c.Resume)
		enqueue(t, connect(t, c.URL("portal")), newID(), nil)
		heard(t, advanced)
		heard(t, rounds)
		order(t, c.Halt)
		for len(rounds) > 0 {
			<-rounds
		}
	}
	if n := log.count("level=ERROR"); n > 0 {
		t.Errorf("%d errors are logged of what the worker gets over by itself", n)
	}
}

func TestEndIsPromptWhilePostgresIsAway(t *testing.T) {
	t.Parallel()
	c := localpg.NewCluster(t)
	pool, begun := connect(t, c.URL("portal")), make(chan struct{})
	stop := work(t, jobs.Options{Pool: pool, Periodic: []jobs.Periodic{{
		Name: "lead", Every: time.Hour, AtStart: true, Run: func(context.Context) error { close(begun); return nil },
	}}, Advance: nothing})
	heard(t, begun)
	order(t, c.Halt)
	began := time.Now()
	stop()
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("the end took %s", took)
	}
}

func TestOthersCarryOnWhenAWorkerIsKilled(t *testing.T) {
	t.Parallel()
	url := localpg.NewURL(t)
	pool, leader := connect(t, url), exec.Command(os.Args[0], "-test.run=^TestWorkAndBeKilled$")
	leader.Env = append(os.Environ(), "JOBS_WORK="+url)
	out, err := leader.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := leader.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = leader.Process.Kill(); _ = leader.Wait() })
	if _, err := bufio.NewReader(out).ReadString('\n'); err != nil { // it leads
		t.Fatal(err)
	}
	advanced, rounds := make(chan onboarding.RegistrationID, 10), make(chan struct{}, 100)
	work(t, jobs.Options{Pool: pool, Advance: telling(advanced), Periodic: []jobs.Periodic{{
		Name: "look around", Every: time.Second, Run: func(context.Context) error { rounds <- struct{}{}; return nil },
	}}})
	if err := leader.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	enqueue(t, pool, newID(), nil)
	heard(t, advanced)
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("the next job took %s", took)
	}
	heard(t, rounds)
}

// TestWorkAndBeKilled is the process that TestOthersCarryOnWhenAWorkerIsKilled kills.
func TestWorkAndBeKilled(t *testing.T) {
	url := os.Getenv("JOBS_WORK")
	if url == "" {
		t.Skip("run by TestOthersCarryOnWhenAWorkerIsKilled")
	}
	pool := connect(t, url)
	w, err := jobs.New(jobs.Options{Pool: pool, Sessions: pool, Advance: nothing, Log: slog.New(slog.DiscardHandler), Periodic: []jobs.Periodic{{
		Name: "say so", Every: time.Hour, AtStart: true, Run: func(context.Context) error { fmt.Println("leading"); return nil },
	}}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	w.Run(ctx, ctx)
}

func connect(t *testing.T, url string) *pgxpool.Pool {
	t.Helper()
	pool, err := pgxpool.New(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}

func order(t *testing.T, do func() error) {
	t.Helper()
	if err := do(); err != nil {
		t.Fatal(err)
	}
}
