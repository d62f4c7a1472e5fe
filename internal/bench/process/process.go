// Package process starts the programs that are measured, and reads what they cost: processor time and memory as the kernel
// counts them, allocations as programs in Go publish them.
package process

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

const (
	startWithin = 30 * time.Second
	stopWithin  = 10 * time.Second
	askEvery    = time.Millisecond // often enough for the time of a start
)

// Command is a program and how it is to be started.
type Command struct {
	Path string
	Args []string
	Env  []string

	// Its output is written in the diary, or appended to the file where there is none.
	Diary *Diary
	Log   string
}

// Process is a program that runs. It does not outlive this one.
type Process struct {
	Command
	cmd  *exec.Cmd
	gone chan struct{} // closed when it has ended
}

// Start starts a program.
func Start(c Command) (*Process, error) {
	p := &Process{Command: c, cmd: exec.Command(c.Path, c.Args...), gone: make(chan struct{})}
	p.cmd.Env = c.Env
	if c.Diary != nil {
		p.cmd.Stdout = c.Diary.writer()
	} else {
		log, err := os.OpenFile(c.Log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
		if err != nil {
			return nil, err
		}
		defer log.Close() // the program has its own handle
		p.cmd.Stdout = log
	}
	p.cmd.Stderr = p.cmd.Stdout
	// A group of its own, so that a Ctrl-C for us is handed on in order.
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting %s: %w", c.Path, err)
	}
	go func() {
		_ = p.cmd.Wait() // Stop says how it ended
		close(p.gone)
	}()
	return p, nil
}

// PID is the number of the process.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Await waits until a URL is answered with 200.
func (p *Process) Await(ctx context.Context, url string) error {
	ctx, cancel := context.WithTimeout(ctx, startWithin)
	defer cancel()
	tick := time.NewTicker(askEvery)
	defer tick.Stop()
	for !answers(ctx, url) {
		select {
		case <-tick.C:
		case <-p.gone:
			return fmt.Errorf("%s ended before it was ready:\n%s", p.Path, p.lastWords())
		case <-ctx.Done():
			return fmt.Errorf("%s is not ready: %w\n%s", p.Path, ctx.Err(), p.lastWords())
		}
	}
	return nil
}

func answers(ctx context.Context, url string) bool {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return false
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return false
	}
	_ = resp.Body.Close()
	return resp.StatusCode == http.StatusOK
}

// Stop ends the process in good order, and says so when it did not end well.
func (p *Process) Stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	select {
	case <-p.gone:
	case <-time.After(stopWithin):
		_ = p.cmd.Process.Kill()
		<-p.gone
	}
	if !p.cmd.ProcessState.Success() {
		return fmt.Errorf("%s ended with %v:\n%s", p.Path, p.cmd.ProcessState, p.lastWords())
	}
	return nil
}

// lastWords is the end of what it wrote.
func (p *Process) lastWords() string {
	var text string
	if p.Diary != nil {
		text = p.Diary.end()
	} else if file, err := os.ReadFile(p.Log); err != nil {
		return err.Error()
	} else {
		text = string(file)
	}
	return strings.TrimSpace(text[max(0, len(text)-2000):])
}

// FreeAddresses are addresses of this machine at which nobody listens.
func FreeAddresses(n int) ([]string, error) {
	list := make([]string, n)
	for i := range list {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, fmt.Errorf("finding a free port: %w", err)
		}
		defer l.Close() // all are held until all are found, so that they differ
		list[i] = l.Addr().String()
	}
	return list, nil
}
