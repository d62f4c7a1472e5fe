package web_test

import (
	"bufio"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"portal/internal/postgres"
	"portal/web"
	"portal/web/live"
)

// listens has the server hear of changes, as cmd/portal does.
func (w *world) listens() *web.Live {
	w.t.Helper()
	half := func() float64 { return 0.5 }
	listener, err := postgres.NewListener(w.pool.Config().ConnString(), half, slog.New(slog.DiscardHandler))
	if err != nil {
		w.t.Fatal(err)
	}
	w.hub = &live.Hub{}
	hub := w.hub
	ctx, cancel := context.WithCancel(w.t.Context())
	var running sync.WaitGroup
	running.Go(func() { listener.Run(ctx, hub) })
	w.t.Cleanup(func() { cancel(); running.Wait() })
	eventually(w.t, "the listener", hub.Hears)
	return &web.Live{Hub: hub, Jitter: half}
}

// tells is what tells of the changes that the server makes, as cmd/portal has it.
func (w *world) tells() *postgres.Teller {
	w.t.Helper()
	teller := postgres.NewTeller(w.pool, slog.New(slog.DiscardHandler))
	ctx, cancel := context.WithCancel(w.t.Context())
	var running sync.WaitGroup
	running.Go(func() { teller.Run(ctx) })
	w.t.Cleanup(func() { cancel(); running.Wait() })
	return teller
}

// changes changes all registrations, and tells of it, as another process would.
func (w *world) changes(sql string) {
	w.t.Helper()
	for _, order := range []string{sql, "select pg_notify('registrations', applicant_id::text) from registrations"} {
		if _, err := w.pool.Exec(w.t.Context(), order); err != nil {
			w.t.Fatal(err)
		}
	}
}

// event is one of a stream.
type event struct {
	kind, id string
	Status   string
	Next     string
	Stage    string
}

// stream is what a browser reads of a stream of events.
type stream struct {
	t      *testing.T
	header http.Header
	events chan event // closed when the stream ends
	lines  *lineBook
	leave  func()
}

// lineBook is what a stream has said.
type lineBook struct {
	mu    sync.Mutex
	lines []string
}

func (b *lineBook) add(line string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.lines = append(b.lines, line)
}

// count is how many lines are the one given.
func (b *lineBook) count(line string) (n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, l := range b.lines {
		if l == line {
			n++
		}
	}
	return n
}

// hear opens a stream, and reads it until it ends or the browser leaves.
func (b *browser) hear(address string) *stream {
	b.w.t.Helper()
	ctx, cancel := context.WithCancel(b.w.t.Context())
	b.w.t.Cleanup(cancel)
	r := b.request(http.MethodGet, address, nil).WithContext(ctx)
	r.Header.Set("Accept", "text/event-stream")
	r.Header.Set("Accept-Encoding", "gzip, zstd")
	forEver := *b.client
	forEver.Timeout = 0
	answer, err := forEver.Do(r)
	if err != nil {
		b.w.t.Fatal(err)
	}
	if answer.StatusCode != http.StatusOK {
		b.w.t.Fatalf("%s answers %d", address, answer.StatusCode)
	}
	s := &stream{t: b.w.t, header: answer.Header, events: make(chan event, 100), lines: &lineBook{}, leave: cancel}
	go func() {
		defer close(s.events)
		defer answer.Body.Close()
		s.read(bufio.NewScanner(answer.Body))
	}()
	return s
}

func (s *stream) read(lines *bufio.Scanner) {
	var e event
	for lines.Scan() {
		s.lines.add(lines.Text())
		field, value, _ := strings.Cut(lines.Text(), ":")
		switch value = strings.TrimPrefix(value, " "); field {
		case "event":
			e.kind = value
		case "id":
			e.id = value
		case "data":
			if e.kind != "beat" {
				if err := json.Unmarshal([]byte(value), &e); err != nil {
					s.t.Errorf("%q: %v", value, err)
				}
				s.events <- e
			}
			e = event{}
		}
	}
}

// next is the event that comes within a while.
func (s *stream) next() event {
	s.t.Helper()
	select {
	case e, ok := <-s.events:
		if !ok {
			s.t.Fatal("the stream has ended")
		}
		return e
	case <-time.After(10 * time.Second):
		s.t.Fatal("no event")
	}
	return event{}
}

// until is the event with a status; others may come before.
func (s *stream) until(status string) event {
	s.t.Helper()
	for {
		if e := s.next(); e.Status == status {
			return e
		}
	}
}

// ends waits for the end of the stream; nothing may come before.
func (s *stream) ends() {
	s.t.Helper()
	select {
	case e, ok := <-s.events:
		if ok {
			s.t.Fatalf("%+v instead of the end", e)
		}
	case <-time.After(10 * time.Second):
		s.t.Fatal("the stream does not end")
	}
}

// timed serves the portal as cmd/portal does, with times that are short for a test.
func (w *world) timed(limit time.Duration) {
	w.t.Helper()
	w.server = httptest.NewUnstartedServer(w.web)
	w.server.Config.ReadTimeout, w.server.Config.WriteTimeout = limit, limit
	w.server.Config.RegisterOnShutdown(w.web.Stop)
	w.server.Start()
	w.t.Cleanup(w.server.Close)
	w.t.Cleanup(w.web.Stop)
}
