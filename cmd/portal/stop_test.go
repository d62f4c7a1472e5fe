package main

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// stopping is a service at work in the bubble of synctest, and what it does at its stop.
type stopping struct {
	service
	calls   chan net.Conn // to be accepted
	answer  chan struct{} // closed when the handler may answer
	leave   chan struct{} // closed when the background work may end
	refused bool
	told    time.Time     // when it was told to stop
	shut    time.Duration // from then until no background work was to begin
	cut     time.Duration // until its calls were cut
}

func newStopping() *stopping {
	s := &stopping{calls: make(chan net.Conn), answer: make(chan struct{}), leave: make(chan struct{})}
	log := slog.New(slog.DiscardHandler)
	pages := newServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-s.answer }), writeTime, log)
	s.service = service{
		public: &pipes{made: s.calls, closed: make(chan struct{})}, pages: pages, log: log,
		refuse: func() { s.refused = true },
		background: func(ctx, calls context.Context) {
			<-ctx.Done()
			s.shut = time.Since(s.told)
			<-calls.Done()
			s.cut = time.Since(s.told)
			<-s.leave
		},
	}
	return s
}

// request asks for a page, and returns where the status of the answer will be; 0 where there is none.
func (s *stopping) request() <-chan int {
	ours, theirs := net.Pipe()
	s.calls <- theirs
	status := make(chan int, 1)
	go func() {
		defer ours.Close()
		_, _ = fmt.Fprint(ours, "GET / HTTP/1.1\r\nHost: portal\r\n\r\n")
		resp, err := http.ReadResponse(bufio.NewReader(ours), nil)
		if err != nil {
			status <- 0
			return
		}
		_ = resp.Body.Close()
		status <- resp.StatusCode
	}()
	synctest.Wait()
	return status
}

// pipes is a listener whose connections do not leave the bubble.
type pipes struct {
	made   <-chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case conn := <-p.made:
		return conn, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { p.once.Do(func() { close(p.closed) }); return nil }
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{} }

// stop has it run, asks for a page, tells it to stop and returns how long that took, and the status of the answer.
func (s *stopping) stop(t *testing.T, delay time.Duration) (took time.Duration, status int) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.run(ctx, delay) }()
	answer := s.request()
	s.told = time.Now()
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	synctest.Wait() // for what it leaves behind
	return time.Since(s.told), <-answer
}

func TestAStopEndsInTimeWhateverHangs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStopping()
		took, _ := s.stop(t, time.Minute)
		if took != time.Minute+stopFor-closeFor {
			t.Errorf("it took %s", took)
		}
		if s.shut != time.Minute+drainFor || s.cut != time.Minute+callsFor || !s.refused {
			t.Errorf("background work is shut after %s and cut after %s; streams refused: %t", s.shut, s.cut, s.refused)
		}
		close(s.answer)
		close(s.leave)
	})
}

func TestBackgroundWorkOutlastsTheRequestsThatMayAskForIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStopping()
		close(s.leave)
		time.AfterFunc(2*time.Second, func() { close(s.answer) })
		took, status := s.stop(t, 0)
		if status != http.StatusOK || s.shut < 2*time.Second {
			t.Errorf("status %d; background work is shut after %s", status, s.shut)
		}
		if s.cut != callsFor || took != callsFor {
			t.Errorf("its calls are cut after %s, and it ends after %s", s.cut, took)
		}
	})
}

func TestAStopWithNothingUnderWayTakesNoTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		s := service{background: func(ctx, _ context.Context) { <-ctx.Done() }}
		began := time.Now()
		if err := s.run(ctx, 0); err != nil || time.Since(began) != 0 {
			t.Errorf("it took %s: %v", time.Since(began), err)
		}
	})
}
