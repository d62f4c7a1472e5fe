package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"runtime"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"portal/internal/config"
	"portal/internal/telemetry"
	"portal/web/upload"
)

func newServe(getenv func(string) string) *cobra.Command {
	var noJobs bool
	cmd := &cobra.Command{
		Use: "serve", Short: "Serve the portal", Args: cobra.NoArgs,
		Long: "Serves the portal on PORTAL_LISTEN and health, metrics and profiles on PORTAL_DEBUG_LISTEN, until SIGINT or\n" +
			"SIGTERM, and does its background work. Told to stop, it goes on for PORTAL_STOP_DELAY while /readyz says no,\n" +
			"and then finishes what is under way; told twice, it ends at once. Waits for Postgres, and refuses a database\n" +
			"whose schema is older than this version: run `portal migrate up` first.",
		RunE: working(func(cmd *cobra.Command) error {
			c, m, err := settings(getenv)
			if err != nil {
				return fmt.Errorf("settings:\n%w", err)
			}
			return serve(cmd.Context(), c, m, !noJobs, cmd.ErrOrStderr())
		}),
	}
	cmd.Flags().BoolVar(&noJobs, "no-jobs", false, "leave the background work to `portal worker`")
	return cmd
}

// Time limits of a connection's phases. Pages are small: whoever needs longer is in trouble, or makes some.
const (
	headerTime = 5 * time.Second
	readTime   = 15 * time.Second
	writeTime  = 30 * time.Second // above what a page may take
	debugTime  = 2 * time.Minute  // above what a profile may take
	idleTime   = 2 * time.Minute
	maxHeader  = 32 << 10 // bytes
)

// serve runs the portal until ctx ends, then stops it. The due and queued work is done only with jobs.
func serve(ctx context.Context, c config.Config, m materials, withJobs bool, logTo io.Writer) error {
	defer runtime.KeepAlive(newBallast())
	lines := telemetry.NewBuffer(logTo)
	defer lines.Flush()
	log := telemetry.BufferedLogger(lines, slog.LevelInfo)
	p, err := assemble(ctx, c, m, log)
	if err != nil {
		return err
	}
	if err := p.addPages(ctx, c, m, log); err != nil {
		p.close()
		return err
	}
	return watched(ctx, c, p, log, func(ctx context.Context, debug net.Addr) error {
		public, err := net.Listen("tcp", c.Listen)
		if err != nil {
			return fmt.Errorf("PORTAL_LISTEN: %w", err)
		}
		p.start()
		log.InfoContext(ctx, "serving", slog.String("version", version), slog.String("url", c.BaseURL.String()),
			slog.String("listen", public.Addr().String()), slog.String("debug_listen", debug.String()))
		pages := newServer(farewell(ctx, p.web), writeTime, log)
		pages.RegisterOnShutdown(p.web.Stop) // streams would go on
		s := service{public: public, pages: pages, refuse: p.web.Refuse, background: p.background, log: log}
		if withJobs {
			s.background = p.backgroundWithJobs
		}
		return s.run(ctx, c.StopDelay)
	})
}

// watched serves the private listener for as long as work goes on, which begins when Postgres is there and ends soon after
// ctx, and closes the parts. From the end of ctx /readyz says that the process is going.
func watched(ctx context.Context, c config.Config, p *parts, log *slog.Logger, work func(ctx context.Context, debug net.Addr) error) error {
	private, err := net.Listen("tcp", c.DebugListen)
	if err != nil {
		p.close()
		return fmt.Errorf("PORTAL_DEBUG_LISTEN: %w", err)
	}
	g, ctx := errgroup.WithContext(ctx)
	defer context.AfterFunc(ctx, p.debug.NotReady)()
	health := newServer(p.debug, debugTime, log)
	g.Go(func() error { return serveOn(private, health) })
	g.Go(func() error {
		defer health.Close() // and not Shutdown: nobody waits for whoever takes a profile
		defer p.close()
		if there, err := p.awaitSchema(ctx, log); !there {
			return err
		}
		return work(ctx, private.Addr())
	})
	err = g.Wait()
	log.InfoContext(context.WithoutCancel(ctx), "stopped")
	return err
}

func newServer(h http.Handler, write time.Duration, log *slog.Logger) *http.Server {
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	protocols.SetUnencryptedHTTP2(true) // behind a proxy that ends TLS
	return &http.Server{
		Handler: h, Protocols: &protocols, HTTP2: upload.HTTP2(), MaxHeaderBytes: maxHeader,
		ReadHeaderTimeout: headerTime, ReadTimeout: readTime, WriteTimeout: write, IdleTimeout: idleTime,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}
