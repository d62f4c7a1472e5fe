package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"

	"github.com/spf13/cobra"

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

// work does the background work until ctx ends, then stops. It serves nobody who would need a delay.
func work(ctx context.Context, c config.Config, m materials, logTo io.Writer) error {
	lines := telemetry.NewBuffer(logTo)
	defer lines.Flush()
	log := telemetry.BufferedLogger(lines, slog.LevelInfo)
	p, err := assemble(ctx, c, m, log)
	if err != nil {
		return err
	}
	return watched(ctx, c, p, log, func(ctx context.Context, debug net.Addr) error {
		p.start()
		log.InfoContext(ctx, "working", slog.String("version", version), slog.String("debug_listen", debug.String()))
		s := service{background: p.backgroundWithJobs, log: log}
		return s.run(ctx, 0)
	})
}
