package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The whole way once, with loads that say nothing: the built portal, its bare neighbours, nginx, and a table of all.
func TestTablePutsThePortalBesideItsNeighbour(t *testing.T) {
	t.Parallel()
	b := newBench(t, "--load", "150ms", "--only", "^(static page|webhooks|registration)$")
	if err := b.Run(); err != nil {
		t.Fatalf("%v\n%s", err, b.told)
	}
	for _, want := range []string{
		"requests/s", "\nstatic page: net/http ", "\nstatic page: nginx ", "\nstatic page: portal ", "of net/http, ", "of nginx",
		"\nwebhooks: insert ", "\nwebhooks: portal ", "of insert", "\nwebhooks: two portals ", "\na whole registration ", "load average",
	} {
		if !strings.Contains(b.table.String(), want) {
			t.Errorf("the table lacks %q:\n%s", want, b.table)
		}
	}
	b.mustLeaveNothing(t)
}

// TestABrokenOffRunLeavesNothing interrupts one that would take for ever, as Ctrl-C does.
func TestABrokenOffRunLeavesNothing(t *testing.T) {
	t.Parallel()
	b := newBench(t, "--load", "1h", "--only", "^static page$")
	b.told.when("measuring static page", func() { _ = b.Process.Signal(os.Interrupt) })
	if err := b.Run(); err == nil || !strings.Contains(b.told.String(), context.Canceled.Error()) {
		t.Errorf("%v\n%s", err, b.told)
	}
	b.mustLeaveNothing(t)
}

// built is the built program, about to run.
type built struct {
	*exec.Cmd
	table *bytes.Buffer // its output
	told  *ear          // what it says meanwhile
	temp  string        // where it keeps what it needs meanwhile
}

func newBench(t *testing.T, args ...string) *built {
	t.Helper()
	root, bin := filepath.Join("..", ".."), t.TempDir()
	build := exec.CommandContext(t.Context(), "go", "build", "-buildvcs=false", "-o", bin, "./cmd/portal", "./cmd/bench")
	build.Dir, build.Env = root, append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	b := &built{Cmd: exec.CommandContext(t.Context(), filepath.Join(bin, "bench"), args...), table: &bytes.Buffer{}, told: &ear{}, temp: t.TempDir()}
	b.Dir, b.Env, b.WaitDelay, b.Stdout, b.Stderr = root, append(os.Environ(), "TMPDIR="+b.temp), 10*time.Second, b.table, b.told
	b.Cancel = func() error { return b.Process.Signal(os.Interrupt) }
	return b
}

// mustLeaveNothing looks whether it has removed what it kept. Postgres removes its files whatever happens to the program.
func (b *built) mustLeaveNothing(t *testing.T) {
	t.Helper()
	left, err := os.ReadDir(b.temp)
	if err != nil || len(left) > 0 {
		t.Errorf("%v is left: %v", left, err)
	}
}

// ear takes what a program says and does something once it has said a certain thing.
type ear struct {
	text    strings.Builder
	awaited string
	do      func()
}

func (e *ear) when(awaited string, do func()) { e.awaited, e.do = awaited, do }

func (e *ear) Write(p []byte) (int, error) {
	n, err := e.text.Write(p)
	if e.do != nil && strings.Contains(e.String(), e.awaited) {
		e.do()
		e.do = nil
	}
	return n, err
}

func (e *ear) String() string { return e.text.String() }
