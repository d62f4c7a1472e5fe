package calls

import (
	"bufio"
	"io"
	"net"
	"net/http"
)

// listener hears a request's body as the handler reads it.
type listener struct {
	io.ReadCloser
	rec *record
}

// Read is part of io.Reader.
func (l *listener) Read(p []byte) (int, error) {
	n, err := l.ReadCloser.Read(p)
	if n > 0 {
		l.rec.read(p[:n])
	}
	return n, err
}

// watcher sees an answer as the handler gives it.
type watcher struct {
	http.ResponseWriter
	rec *record
}

// WriteHeader is part of http.ResponseWriter. Of informational statuses several may come before the answer's own.
func (w *watcher) WriteHeader(status int) {
	if status >= http.StatusOK || status == http.StatusSwitchingProtocols {
		w.rec.answer(status, w.Header())
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write is part of http.ResponseWriter.
func (w *watcher) Write(p []byte) (int, error) {
	w.rec.answer(http.StatusOK, w.Header())
	n, err := w.ResponseWriter.Write(p)
	w.rec.wrote(p[:n])
	return n, err
}

// FlushError is what http.ResponseController calls; it sends the headers if nothing has yet.
func (w *watcher) FlushError() error {
	w.rec.answer(http.StatusOK, w.Header())
	return http.NewResponseController(w.ResponseWriter).Flush()
}

// Flush is part of http.Flusher.
func (w *watcher) Flush() { _ = w.FlushError() }

// Hijack is part of http.Hijacker.
func (w *watcher) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(w.ResponseWriter).Hijack()
	if err == nil {
		w.rec.hijack()
	}
	return conn, rw, err
}

// Unwrap lets http.ResponseController reach the connection.
func (w *watcher) Unwrap() http.ResponseWriter { return w.ResponseWriter }
