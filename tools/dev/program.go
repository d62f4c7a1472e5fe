package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"
)

// program is one that is built from source and restarted on edits.
type program struct {
	binary  string
	args    []string
	setting string // that says where it listens
	usual   string // where it does unless that is set

	address string // where it listens, behind us
	command *exec.Cmd
	busy    sync.RWMutex // held while it restarts
	starts  int          // so that a browser sees that it was restarted
}

// running waits until the program runs and returns how often it has been started. It does not keep it from restarting
// afterwards: a stream of events may last for hours.
func (p *program) running() int {
	p.busy.RLock()
	defer p.busy.RUnlock()
	return p.starts
}

func (p *program) restart() error {
	p.busy.Lock()
	defer p.busy.Unlock()
	p.stop()
	return p.start()
}

// start returns once the program listens.
func (p *program) start() error {
	p.command = exec.Command(p.binary, p.args...)
	p.command.Env = append(os.Environ(), p.setting+"="+p.address)
	p.command.Stdout, p.command.Stderr = os.Stdout, os.Stderr
	if err := p.command.Start(); err != nil {
		return err
	}
	p.starts++
	for range 100 {
		conn, err := net.Dial("tcp", p.address)
		if err == nil {
			return conn.Close()
		}
		time.Sleep(50 * time.Millisecond)
	}
	return fmt.Errorf("%s: %w", p.binary, errors.New("it does not answer"))
}

// stop lets the program finish, but not for long.
func (p *program) stop() {
	if p.command == nil || p.command.Process == nil {
		return
	}
	_ = p.command.Process.Signal(syscall.SIGTERM)
	kill := time.AfterFunc(3*time.Second, func() { _ = p.command.Process.Kill() })
	_ = p.command.Wait()
	kill.Stop()
	p.command = nil
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}
