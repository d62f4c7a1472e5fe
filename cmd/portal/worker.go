package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"portal/internal/config"
	"portal/internal/telemetry"
)

func newWorker(getenv func(string) string) *cobra.Command {
	return &cobra.Command{
		Use: "worker", Short: "Work jobs off, without serving pages", Args: cobra.NoArgs,
		Long: "Does the portal's background work and serves health, metrics and profiles on PORTAL_DEBUG_LISTEN, until SIGINT\n" +
			"or SIGTERM. The settings are those of `portal serve`, which does this work too unless it has --no-jobs.",
		RunE: working(func(cmd *cobra.Command) error {
			c, m, err := settings(getenv)
			if err != nil {
				return fmt.Errorf("settings:\n%w", err)
			}
			if !c.Dynamic() {
				return errors.New(`portal.toml loaders: without "dynamic" only links are served, and there is no work`)
			}
			return work(cmd.Context(), c, m, cmd.ErrOrStderr())
		}),
	}
}

// work does the background work until ctx ends, then lets what is under way finish.
func work(ctx context.Context, c config.Config, m materials, logTo io.Writer) error {
	log := telemetry.Logger(logTo, slog.LevelInfo)
	p, err := assemble(ctx, c, m, log)
	if err != nil {
		return err
	}
	defer p.close()
	private, err := net.Listen("tcp", c.DebugListen)
	if err != nil {
		return fmt.Errorf("PORTAL_DEBUG_LISTEN: %w", err)
	}
	log.InfoContext(ctx, "working", slog.String("version", version), slog.String("debug_listen", private.Addr().String()))
	g, ctx := errgroup.WithContext(ctx)
	ended := make(chan struct{}) // /readyz says so until the work is
	serveOn(ctx, g, private, newServer(p.debug, debugTime, log), func() { p.debug.NotReady(); <-ended }, func() {})
	g.Go(func() error { defer close(ended); p.background(ctx, true); return nil })
	err = g.Wait()
	log.InfoContext(ctx, "stopped")
	return err
}
