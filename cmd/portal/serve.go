package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/net/netutil"
	"golang.org/x/sync/errgroup"

	"portal/internal/config"
	"portal/internal/telemetry"
	"portal/web/live"
	"portal/web/upload"
)

func newServe(getenv func(string) string) *cobra.Command {
	var noJobs bool
	cmd := &cobra.Command{
		Use: "serve", Short: "Serve the portal", Args: cobra.NoArgs,
		Long: "Serves the portal on PORTAL_LISTEN and health, metrics and profiles on PORTAL_DEBUG_LISTEN, until SIGINT or\n" +
			"SIGTERM, and does its background work. At SIGHUP it reads its settings anew. Told to stop, it goes on for PORTAL_STOP_DELAY while /readyz says no,\n" +
			"and then finishes what is under way; told twice, it ends at once. Waits for Postgres, and refuses a database\n" +
			"whose schema is older than this version: run `portal migrate up` first.",
		RunE: working(func(cmd *cobra.Command) error {
			hangups, end := newHangups()
			defer end()
			return process{settingsFrom(getenv), true, !noJobs, hangups}.run(cmd.Context(), cmd.ErrOrStderr())
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
	idleTime   = 3 * time.Minute  // longer than proxies keep theirs, lest a request come over one that is being closed
	maxHeader  = 32 << 10         // bytes
)

// connectionsAtOnce is how many the public listener takes: all streams that there may be, and as many as pages ever want beside.
const connectionsAtOnce = live.MostAll + 4_000

// process is what a command has a process do.
type process struct {
	read    func() (config.Config, materials, error) // its settings
	pages   bool                                     // are served
	jobs    bool                                     // that are due or queued are done
	hangups <-chan os.Signal                         // at which settings are read anew
}

// run has the portal at work until ctx ends, then stops it.
func (o process) run(ctx context.Context, logTo io.Writer) error {
	if o.pages {
		defer runtime.KeepAlive(newBallast())
	}
	lines := telemetry.NewBuffer(logTo)
	defer lines.Flush()
	t := &tenures{process: o, log: telemetry.BufferedLogger(lines, slog.LevelInfo)}
	first, err := t.build(ctx)
	if err != nil {
		return err
	}
	t.now = first
	return t.watched(ctx)
}

// watched serves the private listener for as long as work goes on, which begins when Postgres is there and ends soon after
// ctx, and closes the parts. From the end of ctx /readyz says that the process is going.
func (t *tenures) watched(ctx context.Context) error {
	private, err := net.Listen("tcp", t.current().settings.DebugListen)
	if err != nil {
		t.current().close()
		return fmt.Errorf("PORTAL_DEBUG_LISTEN: %w", err)
	}
	g, ctx := errgroup.WithContext(ctx)
	t.told = ctx.Done()
	defer context.AfterFunc(ctx, func() { t.current().debug.NotReady() })()
	health := newServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { t.current().debug.ServeHTTP(w, r) }), debugTime, t.log)
	g.Go(func() error { return serveOn(private, health) })
	g.Go(func() error {
		defer health.Close() // and not Shutdown: nobody waits for whoever takes a profile
		defer func() { t.current().close() }()
		if there, err := t.current().awaitSchema(ctx, t.log); !there {
			return err
		}
		return t.atWork(ctx, private.Addr())
	})
	err = g.Wait()
	t.log.InfoContext(context.WithoutCancel(ctx), "stopped")
	return err
}

// atWork serves pages, if there are to be any, and does the background work.
func (t *tenures) atWork(ctx context.Context, debug net.Addr) error {
	first := t.current()
	s := service{background: t.run, log: t.log}
	if !t.pages {
		first.start()
		t.log.InfoContext(ctx, "working", slog.String("version", version), slog.String("debug_listen", debug.String()))
		return s.run(ctx, 0) // it serves nobody who would need a delay
	}
	public, err := net.Listen("tcp", first.settings.Listen)
	if err != nil {
		return fmt.Errorf("PORTAL_LISTEN: %w", err)
	}
	s.public = bounded(public)
	first.start()
	t.log.InfoContext(ctx, "serving", slog.String("version", version), slog.String("url", first.settings.BaseURL.String()),
		slog.String("listen", s.public.Addr().String()), slog.String("debug_listen", debug.String()))
	s.pages, s.refuse = newServer(farewell(ctx, t), writeTime, t.log), func() { t.current().web.Refuse() }
	s.pages.RegisterOnShutdown(func() { t.current().web.Stop() }) // streams would go on
	return s.run(ctx, first.settings.StopDelay)
}

// bounded takes so many connections at once and no more: each takes memory before it has asked for anything. Whoever comes
// then waits, in the system's queue, until somebody else has gone.
func bounded(l net.Listener) net.Listener { return netutil.LimitListener(l, connectionsAtOnce) }

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
