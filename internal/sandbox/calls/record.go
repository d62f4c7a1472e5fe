package calls

import (
	"net/http"
	"strings"
	"sync"
	"time"
)

// record is a call as it happens. It costs the call as little as possible: what people see is made when they look.
type record struct {
	id     int
	at     time.Time // of the sandbox's clock
	began  time.Time // of the real one: advancing the other makes no call longer
	method string
	path   string
	query  string
	sent   http.Header // the request's, selected and masked

	mu       sync.Mutex // guards what follows
	request  body
	response body
	answered http.Header
	status   int
	hijacked bool
	over     bool
	took     time.Duration
	route    string
	fault    string
}

func newRecord(r *http.Request) *record {
	return &record{
		began:   time.Now(),
		method:  r.Method,
		path:    r.URL.Path,
		query:   maskQuery(r.URL.RawQuery),
		sent:    selected(r.Header),
		request: newBody(r.Header.Get("Content-Type")),
	}
}

// read takes note of a piece of the request's body.
func (rec *record) read(p []byte) {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	rec.request.add(p)
}

// answer takes note of the status and the headers, which cannot change any more.
func (rec *record) answer(status int, h http.Header) {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	if rec.status != 0 || rec.hijacked {
		return
	}
	rec.status, rec.answered = status, h.Clone()
	rec.response = newBody(h.Get("Content-Type"))
}

// wrote takes note of a piece of the response's body.
func (rec *record) wrote(p []byte) {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	rec.response.add(p)
}

// hijack takes note that the handler has taken the connection over, so that there will be no status.
func (rec *record) hijack() {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	rec.hijacked = true
}

// note adds a remark.
func (rec *record) note(text string) {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	if rec.fault != "" {
		text = rec.fault + "; " + text
	}
	rec.fault = text
}

// end closes the record. A handler that returns without an answer has given an empty 200.
func (rec *record) end(route string, cut bool) {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	switch {
	case cut:
		rec.status = 0
	case rec.status == 0 && !rec.hijacked:
		rec.status = http.StatusOK
	}
	rec.route, rec.took, rec.over = route, time.Since(rec.began), true
}

// show makes a copy for people.
func (rec *record) show() Call {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	c := Call{
		ID: rec.id, At: rec.at, Method: rec.method, Path: rec.path, Query: rec.query, Route: rec.route,
		Status: rec.status, Fault: rec.fault, Pending: !rec.over,
		Request:  rec.request.show(rec.sent),
		Response: rec.response.show(rec.answered),
	}
	took := rec.took
	if c.Pending {
		c.Status, took = 0, time.Since(rec.began)
	}
	c.DurationMS = float64(took.Microseconds()) / 1000
	return c
}

// joined is a header with one line for each name.
func joined(h http.Header) map[string]string {
	lines := make(map[string]string, len(h))
	for name, values := range h {
		lines[name] = strings.Join(values, ", ")
	}
	return lines
}
