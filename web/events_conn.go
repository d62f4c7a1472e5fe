package web

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"portal/web/middleware"
)

// describeStream sets the header of a stream.
func describeStream(h http.Header) {
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // nginx would wait for more
}

// takenOver is the connection of a request, which is the server's no more. What that keeps of each, buffers and the stack of
// all that a request goes through among it, is several times what a stream needs, of which there are thousands. Over HTTP/2
// a connection has many requests, and stays the server's.
func takenOver(w http.ResponseWriter, r *http.Request) (net.Conn, bool) {
	if r.ProtoMajor != 1 {
		return nil, false
	}
	conn, _, err := http.NewResponseController(w).Hijack() // which also ends the server's times for the request
	return conn, err == nil
}

// alone serves a stream on a connection of its own, until it is over or the browser leaves, which the hub waits for. It is
// below nothing that would recover from a panic.
func (f *follower) alone(conn net.Conn, head string, now answer) {
	defer f.news.Leave()
	defer func() { _ = conn.Close() }() // the browser may have done so
	defer func() {
		if cause := recover(); cause != nil {
			middleware.Panicked(context.Background(), f.s.Log, cause, f.s.base+"/events", f.request)
		}
	}()
	to := straight{conn}
	ctx, gone := context.WithCancel(context.Background())
	defer f.s.endWithAll(gone, to)()
	go func() {
		defer gone()
		_, _ = conn.Read(make([]byte, 1)) // nothing comes but the end
	}()
	f.sent = &sent{to: to, over: ctx}
	if f.sent.write(head) == nil {
		f.run(ctx, now)
	}
}

// head is the header of an answer that goes on until its connection ends.
func (s *Server) head(of http.Header) string {
	h := of.Clone()
	h.Set("Connection", "close")
	h.Set("Date", s.Now().UTC().Format(http.TimeFormat))
	var b strings.Builder
	b.WriteString("HTTP/1.1 200 OK\r\n")
	_ = h.Write(&b) // a builder takes everything
	b.WriteString("\r\n")
	return b.String()
}

// straight is a connection that sends what is written at once.
type straight struct{ net.Conn }

// Flush is part of outlet.
func (straight) Flush() error { return nil }

// within serves a stream as the answer of the server.
func (f *follower) within(ctx context.Context, w http.ResponseWriter, now answer) {
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(time.Time{}) // that for reading a request would end while the stream goes on, and the stream with it
	to := struct {
		io.Writer
		*http.ResponseController
	}{w, control}
	ctx, end := context.WithCancel(ctx)
	defer end()
	defer f.s.endWithAll(end, to)()
	f.sent = &sent{to: to, over: ctx}
	f.run(ctx, now)
}
