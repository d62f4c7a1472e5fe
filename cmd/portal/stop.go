package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// A portal that is told to stop ends within PORTAL_STOP_DELAY and stopFor, whatever hangs:
//
//	told      /readyz says no, no more streams are opened, answers over HTTP/1.1 are the last of their connections
//	+ delay   streams end, and requests under way are finished, within drainFor
//	drained   no background work is begun any more, which requests could have asked for; what is under way may wait
//	          for others until callsFor, and then has to be stored
//	ended     the last changes are told, connections to Postgres are closed, then the private listener, then the log
//
// Those times count from the end of the delay. Background work that has not ended closeFor before the whole time is over is
// left as that of a process that dies: the claims on it lapse by themselves.
const (
	stopFor  = 5 * time.Second
	drainFor = 3 * time.Second
	callsFor = 3500 * time.Millisecond
	closeFor = 500 * time.Millisecond
)

// service is what a process does until it is told to stop.
type service struct {
	public     net.Listener
	pages      *http.Server                     // nil where none are served
	refuse     func()                           // refuses what would outlast the delay
	background func(ctx, calls context.Context) // until ctx ends; its calls end with theirs
	log        *slog.Logger
}

// run is at work until ctx ends, and then stops.
func (s *service) run(ctx context.Context, delay time.Duration) error {
	beginning, shut := context.WithCancel(context.WithoutCancel(ctx))
	calls, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.background(beginning, calls)
	}()
	err := s.serve(ctx, delay)
	late := time.After(stopFor - closeFor)
	defer time.AfterFunc(callsFor, cut).Stop()
	s.drain(ctx)
	shut()
	select {
	case <-ended:
	case <-late:
		s.log.WarnContext(ctx, "background work is left unfinished: its claims lapse by themselves")
	}
	return err
}

// serve serves pages until a while after the end of ctx: balancers have that long to notice.
func (s *service) serve(ctx context.Context, delay time.Duration) error {
	if s.pages == nil {
		<-ctx.Done()
		return nil
	}
	failed := make(chan error, 1)
	go func() { failed <- serveOn(s.public, s.pages) }()
	select {
	case <-ctx.Done():
	case err := <-failed:
		return err
	}
	s.refuse()
	select {
	case <-time.After(delay):
		return nil
	case err := <-failed:
		return err
	}
}

// drain lets the requests under way finish, and cuts those that do not.
func (s *service) drain(ctx context.Context) {
	if s.pages == nil {
		return
	}
	err := within(context.WithoutCancel(ctx), drainFor, s.pages.Shutdown)
	if err != nil {
		s.log.WarnContext(ctx, "requests cut off at the stop", slog.Any("error", err))
		_ = s.pages.Close() // whose error is that of a connection that nobody uses any more
	}
}

// serveOn serves a listener until the server is closed.
func serveOn(l net.Listener, s *http.Server) error {
	if err := s.Serve(unhurried{l}); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serving %s: %w", l.Addr(), err)
	}
	return nil
}

// farewell closes connections after their answers once ctx has ended. A connection that is closed while nobody uses it, as
// the server does when it shuts down, could have the next request of a proxy on its way. HTTP/2 has a farewell of its own.
func farewell(ctx context.Context, to http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor == 1 && ctx.Err() != nil {
			w.Header().Set("Connection", "close")
		}
		to.ServeHTTP(w, r)
	})
}
