package web

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"time"
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
	if r.ProtoMajor != 1 || r.Method == http.MethodHead {
		return nil, false
	}
	conn, _, err := http.NewResponseController(w).Hijack() // which also ends the server's times for the request
	return conn, err == nil
}

// alone serves a stream on a connection of its own, until it is over or the browser leaves, which the hub waits for.
func (f *follower) alone(conn net.Conn, head string, now answer) {
	defer f.news.Leave()
	ctx, gone := context.WithCancel(context.Background())
	go func() {
		defer gone()
		_, _ = conn.Read(make([]byte, 1)) // nothing comes but the end
	}()
	f.sent = &sent{to: straight{conn}}
	if f.sent.write(head) == nil {
		f.run(ctx, now)
	}
	_ = conn.Close() // the browser may have done so
	<-ctx.Done()     // and nobody reads any more
}

// head is the header of an answer that goes on until its connection ends.
func head(h http.Header) string {
	var b bytes.Buffer
	b.WriteString("HTTP/1.1 200 OK\r\n")
	_ = h.Write(&b) // a buffer takes everything
	b.WriteString("Connection: close\r\nDate: " + time.Now().UTC().Format(http.TimeFormat) + "\r\n\r\n")
	return b.String()
}

// straight is a connection that sends what is written at once.
type straight struct{ net.Conn }

// Flush is part of outlet.
func (straight) Flush() error { return nil }

// within serves a stream as the answer of the server.
func (f *follower) within(ctx context.Context, w http.ResponseWriter, now answer) {
	defer f.news.Leave()
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(time.Time{}) // that for reading a request would end while the stream goes on, and the stream with it
	f.sent = &sent{to: struct {
		io.Writer
		*http.ResponseController
	}{w, control}}
	f.run(ctx, now)
}
