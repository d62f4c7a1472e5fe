package main

import (
	"context"
	"errors"
	"maps"
	"os/exec"
	"syscall"
	"testing"
	"time"
)

// portalProcess is a `portal serve` beside the demo's own.
type portalProcess struct {
	cmd           *exec.Cmd
	listen, debug string
	log           *output
	gone          chan struct{} // closed when it has ended
	stopped       bool
}

// startPortal starts another portal with the settings of the demo's, but for changes, on an address of its own.
func (w *world) startPortal(t testing.TB, changes settings) *portalProcess {
	t.Helper()
	const tries = 4
	for try := 1; ; try++ {
		p, err := w.tryPortal(t, changes)
		if err == nil {
			t.Cleanup(func() { p.stop(t) })
			return p
		}
		if try == tries || !taken(p.log.String()) {
			t.Fatalf("%v\n%s", err, p.log)
		}
	}
}

func (w *world) tryPortal(t testing.TB, changes settings) (*portalProcess, error) {
	t.Helper()
	at, err := freeAddresses(2)
	if err != nil {
		t.Fatal(err)
	}
	p := w.launchPortal(t, at, changes, "serve")
	return p, p.awaitReady(t.Context())
}

// launchPortal starts a portal at the addresses of its two listeners, and does not wait for anything.
func (w *world) launchPortal(t testing.TB, at []string, changes settings, command string) *portalProcess {
	t.Helper()
	env := newSettings(w.getenv)
	env["PORTAL_LISTEN"], env["PORTAL_DEBUG_LISTEN"] = at[0], at[1]
	maps.Copy(env, changes)
	p := &portalProcess{listen: at[0], debug: at[1], log: newOutput(), gone: make(chan struct{})}
	p.cmd = exec.Command(program(t, "portal"), command)
	p.cmd.Env, p.cmd.Stderr = env.environ(), p.log
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = p.cmd.Wait()
		close(p.gone)
	}()
	return p
}

func (p *portalProcess) awaitReady(ctx context.Context) error {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for !answers(ctx, "http://"+p.debug+"/readyz") {
		select {
		case <-tick.C:
		case <-p.gone:
			return errors.New("the portal ended before it was ready")
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

func (p *portalProcess) origin() string { return "http://" + p.listen }

// signal asks the portal to end, and does not wait.
func (p *portalProcess) signal(t testing.TB) {
	t.Helper()
	p.stopped = true
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
}

// stopPatience is far more than a stop takes, of which the portal's own tests have the exact time: machines may be busy.
const stopPatience = time.Minute

// stop ends the portal in good order.
func (p *portalProcess) stop(t testing.TB) {
	t.Helper()
	if p.stopped {
		return
	}
	p.stopped = true
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.gone:
		if !p.cmd.ProcessState.Success() {
			t.Errorf("the portal ended with %v:\n%s", p.cmd.ProcessState, p.log)
		}
	case <-time.After(stopPatience):
		_ = p.cmd.Process.Kill()
		t.Errorf("the portal did not stop:\n%s", p.log)
	}
}

// portalRun runs a command of the portal to its end, and returns what it wrote and its exit status.
func portalRun(t testing.TB, env settings, args ...string) (out string, code int) {
	t.Helper()
	portal := program(t, "portal") // which may have to be built first
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, portal, args...)
	cmd.Env, cmd.Dir = env.environ(), t.TempDir()
	text, err := cmd.CombinedOutput()
	if _, ok := errors.AsType[*exec.ExitError](err); err != nil && !ok {
		t.Fatal(err)
	}
	return string(text), cmd.ProcessState.ExitCode()
}
