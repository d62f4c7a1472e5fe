// Command dev stands in for the portal's binary while somebody edits the portal: `make dev` puts a script named portal
// beside the demo, which calls it, so that the demo starts it as it would start the portal.
//
// It listens where the portal would, runs the real portal behind itself, and on every edit generates, builds and
// restarts that one and reloads the browser. Postgres and the sandbox stay up, so whoever is signed in stays so.
package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "dev:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	// We lie in tmp/dev of the source tree, and build what we stand in for below us.
	dir := filepath.Dir(self)
	p := &portal{root: filepath.Join(dir, "..", ".."), binary: filepath.Join(dir, "real", "portal"), args: args}
	if len(args) == 0 || args[0] != "serve" {
		return p.become()
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return p.serve(ctx)
}

// portal is the real one, built from source and restarted on edits.
type portal struct {
	root   string
	binary string
	args   []string

	address string // where it listens, behind us
	command *exec.Cmd
	busy    sync.RWMutex // held while it restarts
	starts  int          // so that a browser sees that it was restarted
}

// become runs a command other than serve as if we were not there.
func (p *portal) become() error {
	if err := p.build(context.Background()); err != nil {
		return err
	}
	return syscall.Exec(p.binary, append([]string{p.binary}, p.args...), os.Environ())
}

func (p *portal) serve(ctx context.Context) error {
	public := os.Getenv("PORTAL_LISTEN")
	if public == "" {
		public = "127.0.0.1:8080"
	}
	var err error
	if p.address, err = freeAddress(); err != nil {
		return err
	}
	server := &http.Server{Addr: public, Handler: p.reloading(), ReadHeaderTimeout: 10 * time.Second}
	failed := make(chan error, 1)
	p.busy.Lock() // until the first start
	go func() { failed <- server.ListenAndServe() }()
	defer server.Close()
	defer p.stop()
	if err := errors.Join(p.build(ctx), p.start()); err != nil {
		return err
	}
	p.busy.Unlock()
	return p.restartOnEdits(ctx, failed)
}

func (p *portal) restartOnEdits(ctx context.Context, failed <-chan error) error {
	seen := fingerprint(p.root)
	for {
		select {
		case <-ctx.Done():
			return nil
		case err := <-failed:
			return err
		case <-time.After(300 * time.Millisecond):
		}
		now := fingerprint(p.root)
		if now == seen {
			continue
		}
		seen = now
		if err := p.restart(ctx); err != nil && ctx.Err() == nil {
			fmt.Fprintln(os.Stderr, "dev:", err) // the next edit may mend it
		}
	}
}

// restart leaves the old portal running when the new one does not build.
func (p *portal) restart(ctx context.Context) error {
	began := time.Now()
	if err := p.build(ctx); err != nil {
		return err
	}
	p.busy.Lock()
	defer p.busy.Unlock()
	p.stop()
	if err := p.start(); err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "dev: rebuilt and restarted in %v\n", time.Since(began).Round(10*time.Millisecond))
	return nil
}

// running waits until the portal runs and returns how often it has been started. It does not keep it from restarting
// afterwards: a stream of events may last for hours.
func (p *portal) running() int {
	p.busy.RLock()
	defer p.busy.RUnlock()
	return p.starts
}

// build generates and compiles.
func (p *portal) build(ctx context.Context) error {
	for _, step := range [][]string{
		{"go", "tool", "-modfile=tools/go.mod", "templ", "generate", "-log-level=error"},
		{"go", "build", "-trimpath", "-buildvcs=false", "-o", p.binary, "./cmd/portal"},
	} {
		command := exec.CommandContext(ctx, step[0], step[1:]...)
		command.Dir, command.Stderr = p.root, os.Stderr
		if err := command.Run(); err != nil {
			return fmt.Errorf("%s: %w", step[1], err)
		}
	}
	return nil
}

// start returns once the portal listens.
func (p *portal) start() error {
	p.command = exec.Command(p.binary, p.args...)
	p.command.Env = append(os.Environ(), "PORTAL_LISTEN="+p.address)
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
	return errors.New("the portal does not answer")
}

// stop lets the portal finish, but not for long.
func (p *portal) stop() {
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
