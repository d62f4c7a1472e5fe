package torture

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"
)

// How long a portal may take to be there, and to be gone again.
const (
	readyWithin   = 20 * time.Second
	stoppedWithin = 15 * time.Second
)

// portal is a process of the built portal.
type portal struct {
	cmd   *exec.Cmd
	log   *portalLog
	gone  chan struct{} // closed when it has ended
	ended error         // how; read it after gone
}

// startPortal starts a process that writes its log to the end of a file.
func startPortal(program, logPath string, env []string, args ...string) (*portal, error) {
	file, err := os.OpenFile(logPath, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("opening a portal's log: %w", err)
	}
	p := &portal{cmd: exec.Command(program, args...), log: &portalLog{file: file, ready: make(chan struct{})}, gone: make(chan struct{})}
	p.cmd.Env, p.cmd.Stdout, p.cmd.Stderr = env, p.log, p.log
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := p.cmd.Start(); err != nil {
		return nil, errors.Join(fmt.Errorf("starting a portal: %w", err), file.Close())
	}
	go func() {
		defer close(p.gone)
		p.ended = errors.Join(p.cmd.Wait(), file.Close())
	}()
	return p, nil
}

// awaitReady returns when the portal serves or works.
func (p *portal) awaitReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	select {
	case <-p.log.ready:
		return nil
	case <-p.gone:
		return fmt.Errorf("the portal ended before it was ready: %w", p.ended)
	case <-ctx.Done():
		return fmt.Errorf("the portal was not ready in time: %w", ctx.Err())
	}
}

// over says whether it has ended already.
func (p *portal) over() bool {
	select {
	case <-p.gone:
		return true
	default:
		return false
	}
}

// kill ends the process as the kernel does when memory runs out.
func (p *portal) kill() {
	_ = p.cmd.Process.Kill() // it may have ended
	<-p.gone
}

// stop ends the process in good order.
func (p *portal) stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return fmt.Errorf("stopping a portal: %w", err)
	}
	timer := time.NewTimer(stoppedWithin)
	defer timer.Stop()
	select {
	case <-p.gone:
		return p.ended
	case <-timer.C:
		p.kill()
		return fmt.Errorf("the portal did not stop within %v", stoppedWithin)
	}
}

// portalLog keeps what a process writes, and notices that it is ready.
type portalLog struct {
	file  *os.File
	mu    sync.Mutex
	ready chan struct{}
	heard []byte // until it is ready
	told  bool
}

// Write implements [io.Writer].
func (l *portalLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.told {
		l.heard = append(l.heard, p...)
		if l.told = isReady(l.heard); l.told {
			l.heard = nil
			close(l.ready)
		}
	}
	return l.file.Write(p)
}

// isReady says whether a log tells that the process serves pages or works jobs off.
func isReady(log []byte) bool {
	return bytes.Contains(log, []byte(`"msg":"serving"`)) || bytes.Contains(log, []byte(`"msg":"working"`))
}
