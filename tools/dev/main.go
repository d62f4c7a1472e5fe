// Command dev stands in for the portal's binary while somebody edits the portal: `make dev` puts a script named portal
// beside the demo, which calls it, so that the demo starts it as it would start the portal.
//
// It listens where the portal would, runs the real portal behind itself, and on every edit generates, builds and
// restarts that one and reloads the browser. Postgres and the sandbox stay up, so whoever is signed in stays so. Beside
// the portal it runs the gallery of all pages in the same way.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
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
	w := &workshop{root: filepath.Join(dir, "..", ".."), real: filepath.Join(dir, "real")}
	portal := &program{binary: filepath.Join(w.real, "portal"), args: args, setting: "PORTAL_LISTEN", usual: "127.0.0.1:8080"}
	gallery := &program{binary: filepath.Join(w.real, "gallery"), setting: "GALLERY_LISTEN", usual: "127.0.0.1:8082"}
	w.programs = []*program{portal, gallery}
	if len(args) == 0 || args[0] != "serve" {
		return w.become(portal)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return w.serve(ctx)
}

// workshop is where the programs are built.
type workshop struct {
	root     string // of the source tree
	real     string // the folder of what is built
	programs []*program
}

// become runs a command other than serve as if we were not there.
func (w *workshop) become(p *program) error {
	if err := w.build(context.Background()); err != nil {
		return err
	}
	return syscall.Exec(p.binary, append([]string{p.binary}, p.args...), os.Environ())
}

func (w *workshop) serve(ctx context.Context) error {
	failed := make(chan error, len(w.programs))
	for _, p := range w.programs {
		var err error
		if p.address, err = freeAddress(); err != nil {
			return err
		}
		server := &http.Server{Addr: p.public(), Handler: p.reloading(), ReadHeaderTimeout: 10 * time.Second}
		p.busy.Lock() // until the first start
		go func() { failed <- fmt.Errorf("%s: %w", p.setting, server.ListenAndServe()) }()
		defer server.Close()
		defer p.stop()
	}
	if err := w.build(ctx); err != nil {
		return err
	}
	for _, p := range w.programs {
		if err := p.start(); err != nil {
			return err
		}
		p.busy.Unlock()
	}
	fmt.Fprintf(os.Stderr, "gallery ready: http://%s/\n", w.programs[1].public())
	return w.restartOnEdits(ctx, failed)
}

func (w *workshop) restartOnEdits(ctx context.Context, failed <-chan error) error {
	seen := fingerprint(w.root)
	for {
		select {
		case <-ctx.Done():
			return nil
		case err := <-failed:
			return err
		case <-time.After(300 * time.Millisecond):
		}
		now := fingerprint(w.root)
		if now == seen {
			continue
		}
		seen = now
		if err := w.restart(ctx); err != nil && ctx.Err() == nil {
			fmt.Fprintln(os.Stderr, "dev:", err) // the next edit may mend it
		}
	}
}

// restart leaves the old programs running when the new ones do not build.
func (w *workshop) restart(ctx context.Context) error {
	began := time.Now()
	if err := w.build(ctx); err != nil {
		return err
	}
	var failed error
	for _, p := range w.programs {
		failed = errors.Join(failed, p.restart())
	}
	fmt.Fprintf(os.Stderr, "dev: rebuilt and restarted in %v\n", time.Since(began).Round(10*time.Millisecond))
	return failed
}

// build generates and compiles.
func (w *workshop) build(ctx context.Context) error {
	for _, step := range [][]string{
		{"go", "tool", "-modfile=tools/go.mod", "templ", "generate", "-log-level=error"},
		{"go", "build", "-trimpath", "-buildvcs=false", "-o", w.real + "/", "./cmd/portal", "./cmd/gallery"},
	} {
		command := exec.CommandContext(ctx, step[0], step[1:]...)
		command.Dir, command.Stderr = w.root, os.Stderr
		if err := command.Run(); err != nil {
			return fmt.Errorf("%s: %w", step[1], err)
		}
	}
	return nil
}

// public is where browsers find the program, which is where we listen.
func (p *program) public() string { return cmp.Or(os.Getenv(p.setting), p.usual) }
