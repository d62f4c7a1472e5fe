package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var root = filepath.Join("..", "..")

// bin is the folder of the built programs.
var bin string

// TestMain builds the programs once for all tests.
func TestMain(m *testing.M) {
	var err error
	if bin, err = os.MkdirTemp("", "portal-bench-test-"); err != nil {
		panic(err)
	}
	build := exec.Command("go", "build", "-buildvcs=false", "-o", bin, "./cmd/portal", "./cmd/bench")
	build.Dir, build.Env = root, append(os.Environ(), "CGO_ENABLED=0")
	out, err := build.CombinedOutput()
	code := 1
	if err == nil {
		code = m.Run()
	} else {
		fmt.Fprintf(os.Stderr, "%v\n%s", err, out)
	}
	_ = os.RemoveAll(bin)
	os.Exit(code)
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
