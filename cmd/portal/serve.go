package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
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
			"SIGTERM, and does its background work. Refuses a database whose schema is older than this version: run\n" +
			"`portal migrate up` first.",
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
	drainTime  = 3 * time.Second
)

// serve runs the portal until ctx ends, then lets what is under way finish. The due and queued work is done only
// with jobs.
func serve(ctx context.Context, c config.Config, m materials, withJobs bool, logTo io.Writer) error {
	log := telemetry.Logger(logTo, slog.LevelInfo)
	p, err := assemble(ctx, c, m, log)
	if err != nil {
		return err
	}
	defer p.close()
	public, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("PORTAL_LISTEN: %w", err)
	}
	private, err := net.Listen("tcp", c.DebugListen)
	if err != nil {
		return errors.Join(fmt.Errorf("PORTAL_DEBUG_LISTEN: %w", err), public.Close())
	}
	log.InfoContext(ctx, "serving", slog.String("version", version), slog.String("url", c.BaseURL.String()),
		slog.String("listen", public.Addr().String()), slog.String("debug_listen", private.Addr().String()))
	g, ctx := errgroup.WithContext(ctx)
	drained := make(chan struct{}) // /readyz says so until the public listener is done
	serveOn(ctx, g, public, newServer(p.web, writeTime, log), p.debug.NotReady, func() { close(drained) })
	serveOn(ctx, g, private, newServer(p.debug, debugTime, log), func() { <-drained }, func() {})
	g.Go(func() error { p.background(ctx, withJobs); return nil })
	err = g.Wait()
	log.InfoContext(ctx, "stopped")
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

// serveOn serves a listener until ctx ends; it then calls before, stops, and calls after.
func serveOn(ctx context.Context, g *errgroup.Group, l net.Listener, s *http.Server, before, after func()) {
	g.Go(func() error {
		if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("serving %s: %w", l.Addr(), err)
		}
		return nil
	})
	g.Go(func() error {
		defer after()
		<-ctx.Done()
		before()
		drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
		defer cancel()
		if err := s.Shutdown(drain); err != nil {
			s.ErrorLog.Printf("connections to %s cut at stop: %v", l.Addr(), err)
			return s.Close()
		}
		return nil
	})
}
