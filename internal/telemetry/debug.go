package telemetry

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/pprof"
	"slices"
	"sync/atomic"
	"time"
)

// checkFor is how long the checks of readiness may take together.
const checkFor = 2 * time.Second

// Checks are what readiness depends on, by name. A check returns within its context's time.
type Checks map[string]func(ctx context.Context) error

// Debug serves the private listener; the package's comment lists its addresses.
type Debug struct {
	mux      *http.ServeMux
	log      *slog.Logger
	checks   Checks
	stopping atomic.Bool
	said     atomic.Pointer[string] // what failed when that was last written down
}

// NewDebug returns the private listener's handler. The log gets the causes of failed checks: /readyz only names them.
func NewDebug(log *slog.Logger, m *Metrics, checks Checks) *Debug {
	mux := http.NewServeMux()
	d := &Debug{mux: mux, log: log, checks: maps.Clone(checks)}
	mux.Handle("GET /metrics", m.handler(log))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, "ok\n") })
	mux.HandleFunc("GET /readyz", d.ready)
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	return d
}

// ServeHTTP is part of http.Handler.
func (d *Debug) ServeHTTP(w http.ResponseWriter, r *http.Request) { d.mux.ServeHTTP(w, r) }

// NotReady makes /readyz answer 503 from now on: the first step of a graceful stop, so that load balancers look
// elsewhere while the requests under way are finished.
func (d *Debug) NotReady() { d.stopping.Store(true) }

func (d *Debug) ready(w http.ResponseWriter, r *http.Request) {
	if d.stopping.Load() {
		answer(w, http.StatusServiceUnavailable, "stopping\n")
		return
	}
	failures := d.failures(r.Context())
	var failed string
	for _, f := range failures {
		failed += fmt.Sprintf("%s: %s\n", f.check, verdict(f.err))
	}
	d.tell(r.Context(), failed, failures)
	if failed != "" {
		answer(w, http.StatusServiceUnavailable, failed)
		return
	}
	answer(w, http.StatusOK, "ready\n")
}

// tell writes down what fails when that is not what failed the last time: there are those who ask every second.
func (d *Debug) tell(ctx context.Context, failed string, failures []failure) {
	if said := d.said.Swap(&failed); said != nil && *said == failed {
		return
	}
	for _, f := range failures {
		d.log.WarnContext(ctx, "not ready", slog.String("check", f.check), slog.Any("error", f.err))
	}
}

// failure is a check that failed, and why.
type failure struct {
	check string
	err   error
}

// failures makes all checks at once and lists those that fail, in the order of their names.
func (d *Debug) failures(ctx context.Context) []failure {
	ctx, cancel := context.WithTimeout(ctx, checkFor)
	defer cancel()
	answers := map[string]<-chan error{}
	for name, check := range d.checks {
		answers[name] = start(ctx, check)
	}
	var failed []failure
	for _, name := range slices.Sorted(maps.Keys(answers)) {
		if err := wait(ctx, answers[name]); err != nil {
			failed = append(failed, failure{name, err})
		}
	}
	return failed
}

func start(ctx context.Context, check func(ctx context.Context) error) <-chan error {
	answer := make(chan error, 1)
	go func() { answer <- check(ctx) }()
	return answer
}

// wait prefers an answer to the end of the time.
func wait(ctx context.Context, answer <-chan error) error {
	select {
	case err := <-answer:
		return err
	case <-ctx.Done():
	}
	select {
	case err := <-answer:
		return err
	default:
		return ctx.Err()
	}
}

// verdict is as much of a check's error as anyone may see.
func verdict(err error) string {
	if errors.Is(err, context.DeadlineExceeded) {
		return "no answer in time"
	}
	return "failed"
}

func answer(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text)
}
