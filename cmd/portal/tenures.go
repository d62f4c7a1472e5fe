package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"portal/internal/config"
	"portal/migrations"
)

// newHangups are the signals by which settings are read anew, until end.
func newHangups() (hangups <-chan os.Signal, end func()) {
	heard := make(chan os.Signal, 1) // several that come at once are one
	signal.Notify(heard, syscall.SIGHUP)
	return heard, func() { signal.Stop(heard) }
}

// tenure is the portal as it was put together once, by the settings of that time.
type tenure struct {
	*parts
	settings config.Config
	requests sync.WaitGroup // under way
}

// tenures follow each other in a process: at a SIGHUP the settings are read anew and the next begins. The former one goes on with
// the requests that it has, and with its background work until it has none, beside the next, as another replica would.
type tenures struct {
	process
	told <-chan struct{} // closed when the process is told to stop: no tenure begins any more
	log  *slog.Logger

	mu  sync.RWMutex
	now *tenure
}

// build reads the settings and puts the portal together.
func (t *tenures) build(ctx context.Context) (*tenure, error) {
	c, m, err := t.read()
	if err != nil {
		return nil, fmt.Errorf("settings:\n%w", err)
	}
	if !t.pages && !c.Dynamic() {
		return nil, errors.New(`portal.toml loaders: without "dynamic" only links are served, and there is no work`)
	}
	p, err := assemble(ctx, c, m, t.log)
	if err != nil {
		return nil, err
	}
	if t.pages {
		if err := p.addPages(ctx, c, m, t.log); err != nil {
			p.close()
			return nil, err
		}
	}
	return &tenure{parts: p, settings: c}, nil
}

// current is the one that new requests go to.
func (t *tenures) current() *tenure {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.now
}

// ServeHTTP implements [http.Handler].
func (t *tenures) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	now := t.enter()
	defer now.requests.Done()
	now.web.ServeHTTP(w, r)
}

// enter is current for a request, which nobody ends before that has been answered.
func (t *tenures) enter() *tenure {
	t.mu.RLock()
	defer t.mu.RUnlock()
	t.now.requests.Add(1)
	return t.now
}

// replaceWith has new requests go to another, unless the process has been told to stop.
func (t *tenures) replaceWith(next *tenure) (former *tenure, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	select {
	case <-t.told:
		return nil, false
	default:
	}
	former, t.now = t.now, next
	return former, true
}

// run does the background work of one after the other until ctx ends, which is after the process was told to stop: see [service].
func (t *tenures) run(ctx, calls context.Context) {
	var all sync.WaitGroup
	defer all.Wait()
	end := t.begin(ctx, calls, &all)
	for {
		select {
		case <-t.told:
			return
		case <-t.hangups:
		}
		next, err := t.next(ctx)
		if err != nil {
			t.log.ErrorContext(ctx, "settings not read anew: the portal goes on with those it has", slog.Any("error", err))
			continue
		}
		former, ok := t.replaceWith(next)
		if !ok {
			next.close()
			return
		}
		endFormer := end
		next.start()
		t.log.InfoContext(ctx, "settings read anew")
		end = t.begin(ctx, calls, &all)
		all.Go(func() {
			former.leave(ctx)
			endFormer()
			former.close()
		})
	}
}

// next is the tenure to come, which can do its work.
func (t *tenures) next(ctx context.Context) (*tenure, error) {
	next, err := t.build(ctx)
	if err != nil {
		return nil, err
	}
	if next.pool != nil {
		err = within(ctx, askPostgresFor, func(ctx context.Context) error { return migrations.Check(ctx, next.pool) })
	}
	if err != nil {
		next.close()
		return nil, err
	}
	if is, was := next.settings, t.current().settings; is.Listen != was.Listen || is.DebugListen != was.DebugListen || is.StopDelay != was.StopDelay {
		t.log.WarnContext(ctx, "PORTAL_LISTEN, PORTAL_DEBUG_LISTEN and PORTAL_STOP_DELAY stay as they were until the process is started again")
	}
	return next, nil
}

// begin begins the background work of the current tenure, and returns what ends it and waits for that.
func (t *tenures) begin(ctx, calls context.Context, all *sync.WaitGroup) (end func()) {
	ctx, shut := context.WithCancel(ctx)
	calls, cut := context.WithCancel(calls)
	ended, work := make(chan struct{}), t.current().background
	if t.jobs {
		work = t.current().backgroundWithJobs
	}
	all.Go(func() {
		defer close(ended)
		defer cut()
		defer shut()
		work(ctx, calls)
	})
	return func() {
		shut()
		defer time.AfterFunc(callsFor, cut).Stop()
		<-ended
	}
}

// leave waits until a tenure that has been replaced has no requests any more, or ctx ends. Its streams end: browsers come back.
func (t *tenure) leave(ctx context.Context) {
	if t.web == nil {
		return
	}
	t.web.Refuse()
	t.web.Stop()
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		t.requests.Wait()
	}()
	select {
	case <-gone:
	case <-ctx.Done(): // the server has waited for them
	}
}
