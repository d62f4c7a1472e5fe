package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestStoppingTheDemoLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	for name, signal := range map[string]syscall.Signal{"Ctrl-C": syscall.SIGINT, "TERM": syscall.SIGTERM} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := startDemo(t)
			family := descendants(t, d.cmd.Process.Pid)
			if len(family) < 4 { // portal, sandbox, and Postgres with its keeper
				t.Fatalf("the demo has only started %v", family)
			}
			dirs := d.directories(t, family)
			if len(dirs) < 2 { // for keys, and Postgres's
				t.Fatalf("the demo only uses %v", dirs)
			}
			if took := d.stop(t, signal); took > 5*time.Second {
				t.Errorf("stopping took %s", took)
			}
			for _, pid := range family {
				if alive(pid) {
					t.Errorf("process %d still runs", pid)
				}
			}
			for _, dir := range dirs {
				if _, err := os.Stat(dir); err == nil {
					t.Errorf("%s is still there", dir)
				}
			}
		})
	}
}

func TestADemoThatCannotStartSaysWhy(t *testing.T) {
	t.Parallel()
	env := settings{"PORTAL_DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"}
	err := run(t.Context(), filepath.Dir(program(t, "demo")), func(name string) string { return env[name] }, newOutput(), newOutput())
	if err == nil || !strings.Contains(err.Error(), "PORTAL_DATABASE_URL") {
		t.Errorf("the demo ended with %v", err)
	}
}

// demoProcess is the demo as a person starts it.
type demoProcess struct {
	cmd  *exec.Cmd
	temp string // what it takes for the folder of temporary files
	gone chan error
}

func startDemo(t *testing.T) *demoProcess {
	t.Helper()
	const tries = 4
	for try := 1; ; try++ {
		d, out, err := tryDemo(t)
		if err == nil {
			return d
		}
		if try == tries || !taken(out.String()) {
			t.Fatalf("%v\n%s", err, out)
		}
	}
}

func tryDemo(t *testing.T) (*demoProcess, *output, error) {
	t.Helper()
	at, err := freeAddresses(4)
	if err != nil {
		t.Fatal(err)
	}
	d := &demoProcess{temp: t.TempDir(), gone: make(chan error, 1)}
	if err := os.Chmod(d.temp, 0o777); err != nil { // Postgres has a user of its own
		t.Fatal(err)
	}
	env := addresses(at)
	env["TMPDIR"], env["PATH"] = d.temp, os.Getenv("PATH")
	out := newOutput()
	d.cmd = exec.Command(program(t, "demo"))
	d.cmd.Dir = filepath.Join("..", "..")
	d.cmd.Env, d.cmd.Stdout, d.cmd.Stderr = env.environ(), out, out
	if err := d.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	go func() {
		d.gone <- d.cmd.Wait()
		cancel()
	}()
	t.Cleanup(func() { _ = d.cmd.Process.Kill() })
	return d, out, out.await(ctx, func(text string) bool { return strings.Contains(text, "portal ready: ") })
}

// stop sends the signal and returns how long the demo took to end well.
func (d *demoProcess) stop(t *testing.T, signal syscall.Signal) time.Duration {
	t.Helper()
	began := time.Now()
	if err := d.cmd.Process.Signal(signal); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-d.gone:
		if err != nil {
			t.Errorf("the demo ended with %v", err)
		}
	case <-time.After(30 * time.Second):
		t.Fatal("the demo does not stop")
	}
	return time.Since(began)
}

// directories are those that the demo has made: for temporary files, and those its processes work in.
func (d *demoProcess) directories(t *testing.T, family []int) []string {
	t.Helper()
	dirs, err := filepath.Glob(filepath.Join(d.temp, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, pid := range family {
		dir, err := os.Readlink(filepath.Join("/proc", strconv.Itoa(pid), "cwd"))
		if err == nil && strings.Contains(dir, "portal-pg-") {
			dirs = append(dirs, dir)
		}
	}
	return dirs
}

// descendants are the processes that a process has started, and those that they have.
func descendants(t *testing.T, pid int) []int {
	t.Helper()
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	children := map[int][]int{}
	for _, path := range stats {
		if child, parent, ok := kinship(path); ok {
			children[parent] = append(children[parent], child)
		}
	}
	family := children[pid]
	for i := 0; i < len(family); i++ {
		family = append(family, children[family[i]]...)
	}
	return family
}

// kinship reads who a process is and who started it.
func kinship(stat string) (pid, parent int, ok bool) {
	text, err := os.ReadFile(stat)
	if err != nil {
		return 0, 0, false // it has just ended
	}
	name := bytes.LastIndexByte(text, ')') // of the program, which may hold anything
	fields := bytes.Fields(text[name+1:])
	pid, err1 := strconv.Atoi(filepath.Base(filepath.Dir(stat)))
	parent, err2 := strconv.Atoi(string(fields[1]))
	return pid, parent, err1 == nil && err2 == nil
}

// alive says whether a process still runs. One that only waits to be noted as ended does not.
func alive(pid int) bool {
	text, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		return false
	}
	return string(bytes.Fields(text[bytes.LastIndexByte(text, ')')+1:])[0]) != "Z"
}
