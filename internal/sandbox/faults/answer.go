package faults

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// ruin gives the caller the trouble that was ordered instead of an answer.
func (o *order) ruin(w http.ResponseWriter, r *http.Request) {
	switch o.Kind {
	case Reset:
		reset(w)
	case Hang:
		o.wait(r, 0)
		panic(http.ErrAbortHandler)
	case Garbage:
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"id": "\x00<html>`)
	default:
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(o.Status)
		_, _ = fmt.Fprintf(w, `{"errors":[{"code":%d,"message":"A fault was ordered.","source":"API"}]}`, errorCode(o.Status))
	}
}

// errorCode is the provider's code that fits an ordered status.
func errorCode(status int) int {
	switch {
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return 204
	case status >= http.StatusInternalServerError:
		return 401
	default:
		return 201
	}
}

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
