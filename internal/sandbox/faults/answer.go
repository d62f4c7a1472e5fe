package faults

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"time"
)

// wait holds the call up for d, or for as long as it takes if d is zero. It always ends when the client goes away and
// when the rule is deleted.
func (o *order) wait(r *http.Request, d time.Duration) {
	var enough <-chan time.Time
	if d > 0 || o.Kind == Slow {
		timer := time.NewTimer(d)
		defer timer.Stop()
		enough = timer.C
	}
	select {
	case <-enough:
	case <-o.deleted:
	case <-r.Context().Done():
	}
}

// reset cuts the connection so that the client sees "connection reset by peer".
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

// detached is the call without its connection: it outlives the client and carries only what the handler reads.
func detached(r *http.Request) *http.Request {
	return r.Clone(context.Background())
}

// recorder keeps an answer instead of sending it.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func newRecorder() *recorder {
	return &recorder{header: http.Header{}, status: http.StatusOK}
}

// Header is part of http.ResponseWriter.
func (a *recorder) Header() http.Header { return a.header }

// WriteHeader is part of http.ResponseWriter.
func (a *recorder) WriteHeader(status int) { a.status = status }

// Write is part of http.ResponseWriter.
func (a *recorder) Write(p []byte) (int, error) { return a.body.Write(p) }

// copyTo sends the kept answer.
func (a *recorder) copyTo(w http.ResponseWriter) {
	for name, values := range a.header {
		w.Header()[name] = values
	}
	w.WriteHeader(a.status)
	_, _ = a.body.WriteTo(w)
}
