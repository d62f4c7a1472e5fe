// Command demo runs the whole journey on one machine: a throw-away Postgres, the sandbox that stands in for the
// provider, and the portal, each as the process a person would start. It prints where they answer, and stopping it
// leaves nothing behind.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := start(ctx)
	stop()
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

func start(ctx context.Context) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	return run(ctx, filepath.Dir(self), os.Getenv, os.Stdout, os.Stderr)
}

// run shows the demo with the programs of a folder until ctx ends. Settings of
// the demo that getenv has are kept; the others get the demo's values.
func run(ctx context.Context, bin string, getenv func(string) string, stdout, stderr io.Writer) (err error) {
	d := &demo{bin: bin, stdout: stdout, stderr: stderr, settings: newSettings(getenv)}
	if err := d.open(ctx); err != nil {
		return err
	}
	defer func() { err = d.close(err) }()
	for _, step := range []func(context.Context) error{d.startPostgres, d.makeKeys, d.moveConfig, d.migrate, d.lessen, d.buildEmail, d.startSandbox, d.startPortal} {
		if err := step(ctx); err != nil {
			if ctx.Err() != nil {
				return nil // stopped while starting
			}
			return err
		}
	}
	return d.wait(ctx)
}
