package main

import (
	"bufio"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// wired is a server in the bubble of synctest, with a client that is connected to it.
type wired struct {
	client net.Conn
	ended  chan time.Duration // how long the body of a request took, as far as it came
}

// wire serves one connection. Its handler reads what comes, and answers with more than any buffer holds.
func wire(t *testing.T) *wired {
	calls, w := make(chan net.Conn), &wired{ended: make(chan time.Duration, 1)}
	answer := []byte(strings.Repeat("answer\n", 1<<20))
	server := newServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		began := time.Now()
		_, _ = io.Copy(io.Discard, r.Body) // which breaks off
		select {
		case w.ended <- time.Since(began):
		default:
		}
		if r.URL.Path == "/long" {
			_, _ = rw.Write(answer)
		}
	}), writeTime, slog.New(slog.DiscardHandler))
	go func() { _ = serveOn(&pipes{made: calls, closed: make(chan struct{})}, server) }()
	ours, theirs := net.Pipe()
	calls <- theirs
	w.client = ours
	t.Cleanup(func() {
		_, _ = server.Close(), ours.Close()
		time.Sleep(idleTime) // HTTP/2 says farewell first
	})
	return w
}

// dribble sends the beginning, then a byte a second, until the server has hung up, and returns how long that took.
func (w *wired) dribble(beginning string, reads bool) time.Duration {
	began, gone := time.Now(), make(chan struct{})
	ctx, cancel := context.WithCancel(context.Background())
	if reads {
		go func() {
			defer cancel()
			_, _ = io.Copy(io.Discard, w.client)
		}()
	}
	go func() {
		defer close(gone)
		if _, err := io.WriteString(w.client, beginning); err != nil {
			return
		}
		for ctx.Err() == nil {
			time.Sleep(time.Second)
			if _, err := io.WriteString(w.client, "x"); err != nil {
				return
			}
		}
	}()
	<-gone
	cancel()
	return time.Since(began)
}

// frame is one of HTTP/2.
func frame(kind, flags byte, stream uint32, payload string) string {
	n := len(payload)
	return string([]byte{
		byte(n >> 16), byte(n >> 8), byte(n), kind, flags, byte(stream >> 24), byte(stream >> 16), byte(stream >> 8), byte(stream),
	}) + payload
}

// Kinds of frames, the flag that ends a header, and what a client of HTTP/2 begins with.
const (
	dataFrame, headersFrame, resetFrame, settingsFrame = 0, 1, 3, 4

	endHeaders = 4
	preface    = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
)

// post2 is the header of POST / for the host "portal", in HPACK.
const post2 = "\x83\x86\x84\x41\x06portal"

func TestSlowClientsAreHungUpOnInEveryPhase(t *testing.T) {
	t.Parallel()
	hello := preface + frame(settingsFrame, 0, 0, "")
	const second = time.Second // between two bytes
	for name, test := range map[string]struct {
		sends  string
		reads  bool
		within time.Duration
	}{
		"a header":                   {"GET / HTTP/1.1\r\nHost: portal\r\nX: ", true, headerTime},
		"the first line":             {"", true, headerTime},
		"a body":                     {"POST / HTTP/1.1\r\nHost: portal\r\nContent-Length: 1000\r\n\r\n", true, readTime},
		"a body in chunks":           {"POST / HTTP/1.1\r\nHost: portal\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n", true, readTime},
		"an answer that is not read": {"GET /long HTTP/1.1\r\nHost: portal\r\n\r\n", false, writeTime},
		"the next request":           {"GET / HTTP/1.1\r\nHost: portal\r\n\r\n", true, headerTime + 4*second}, // which begins with the fourth byte
		"the preface of HTTP/2":      {preface[:10], true, headerTime},
		"a frame of HTTP/2":          {hello + "\x00\x40\x00", true, 30 * second},
		"HTTP/2 that is not read":    {hello, false, 30 * second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				if took := wire(t).dribble(test.sends, test.reads); took > test.within+2*second || took < test.within-2*second {
					t.Errorf("it took %s, want about %s", took, test.within)
				}
			})
		})
	}
}

// Proxies open some in advance.
func TestAConnectionIsKeptUntilItsFirstRequest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := wire(t)
		time.Sleep(idleTime - time.Second)
		began := time.Now()
		const head = "POST / HTTP/1.1\r\nHost: portal\r\nContent-Length: 10\r\n\r\n"
		if _, err := io.WriteString(w.client, head); err != nil {
			t.Fatal(err)
		}
		time.Sleep(readTime - time.Second) // which counts from the first byte
		go func() { _, _ = io.WriteString(w.client, "0123456789") }()
		resp, err := http.ReadResponse(bufio.NewReader(w.client), nil)
		if err != nil {
			t.Fatalf("%s after the first byte: %v", time.Since(began), err)
		}
		defer resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			t.Errorf("status %d", resp.StatusCode)
		}
	})
}

func TestConnectionsThatNobodyUsesEnd(t *testing.T) {
	t.Parallel()
	for name, sends := range map[string]string{
		"nothing": "", "HTTP/1.1": "GET / HTTP/1.1\r\nHost: portal\r\n\r\n", "HTTP/2": preface + frame(settingsFrame, 0, 0, ""),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w, began := wire(t), time.Now()
				go func() { _, _ = io.WriteString(w.client, sends) }()
				_, _ = io.Copy(io.Discard, w.client)
				if took := time.Since(began); took > idleTime+time.Second {
					t.Errorf("it took %s", took)
				}
			})
		})
	}
}

func TestSlowBodiesOfHTTP2BreakOff(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := wire(t)
		go func() { _, _ = io.Copy(io.Discard, w.client) }()
		_, err := io.WriteString(w.client, preface+frame(settingsFrame, 0, 0, "")+frame(headersFrame, endHeaders, 1, post2))
		for err == nil && len(w.ended) == 0 {
			_, err = io.WriteString(w.client, frame(dataFrame, 0, 1, "x"))
			time.Sleep(time.Second)
		}
		if took := <-w.ended; took > readTime+time.Second {
			t.Errorf("a body was read for %s", took)
		}
	})
}

// A client that takes its requests back as soon as they are made keeps no more handlers at work than one that waits, and is
// hung up on.
func TestRequestsThatAreTakenBackAtOnceEndTheConnection(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		calls, at, leave := make(chan net.Conn), make(chan struct{}, 10_000), make(chan struct{})
		server := newServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
			at <- struct{}{}
			<-leave
		}), writeTime, slog.New(slog.DiscardHandler))
		go func() { _ = serveOn(&pipes{made: calls, closed: make(chan struct{})}, server) }()
		ours, theirs := net.Pipe()
		calls <- theirs
		go func() { _, _ = io.Copy(io.Discard, ours) }()
		_, err := io.WriteString(ours, preface+frame(settingsFrame, 0, 0, ""))
		for made := 0; err == nil && made < 1000; made++ {
			id := uint32(2*made + 1)
			_, err = io.WriteString(ours, frame(headersFrame, endHeaders, id, post2)+frame(resetFrame, 0, id, "\x00\x00\x00\x08"))
		}
		time.Sleep(2 * time.Second) // for its farewell
		if _, err := io.WriteString(ours, "x"); err == nil || len(at) > 60 {
			t.Errorf("the client is still connected: %t; %d handlers were at work", err == nil, len(at))
		}
		close(leave)
		_ = server.Close()
	})
}

// However many come, no more are taken than there is memory for; and each that goes lets another in.
func TestNoMoreConnectionsAreTakenThanThereIsRoomFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		calls, taken := make(chan net.Conn), make(chan net.Conn, connectionsAtOnce+2)
		l := bounded(&pipes{made: calls, closed: make(chan struct{})})
		go func() {
			for {
				c, err := l.Accept()
				if err != nil {
					return
				}
				taken <- c
			}
		}()
		for range connectionsAtOnce {
			_, theirs := net.Pipe()
			calls <- theirs
		}
		synctest.Wait()
		_, next := net.Pipe()
		select {
		case calls <- next:
			t.Error("one more is taken")
		case <-time.After(time.Minute):
		}
		_ = (<-taken).Close()
		select {
		case calls <- next:
		case <-time.After(time.Minute):
			t.Error("nobody is taken in the place of one that has gone")
		}
		synctest.Wait()
		_ = l.Close()
	})
}
