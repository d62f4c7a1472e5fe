package middleware

import "net/http"

// response is a ResponseWriter that knows what has been sent. http.ResponseController reaches through it.
type response struct {
	http.ResponseWriter
	status int // 0 until something has been sent
	bytes  int64
}

// watch returns w as a response, wrapping it unless it is one already.
func watch(w http.ResponseWriter) *response {
	if known, ok := w.(*response); ok {
		return known
	}
	return &response{ResponseWriter: w}
}

// WriteHeader is part of http.ResponseWriter.
func (w *response) WriteHeader(status int) {
	informational := status < 200 && status != http.StatusSwitchingProtocols
	if w.status == 0 && !informational {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write is part of http.ResponseWriter.
func (w *response) Write(p []byte) (int, error) {
	w.sent()
	n, err := w.ResponseWriter.Write(p)
	w.bytes += int64(n)
	return n, err
}

// FlushError lets http.ResponseController flush, which sends the header.
func (w *response) FlushError() error {
	w.sent()
	return http.NewResponseController(w.ResponseWriter).Flush()
}

// Unwrap lets http.ResponseController reach what is underneath.
func (w *response) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// sent notes the status that a header sent by itself has.
func (w *response) sent() {
	if w.status == 0 {
		w.status = http.StatusOK
	}
}
