// Package faults makes trouble on demand: it wraps a provider's handler and spoils the calls that its rules name.
//
// A rule strikes before the call, after it, or spoils the answer at once and lets the effect happen later. That is how a
// test orders the hard cases: an effect without an answer, or an effect that comes after its answer.
package faults

import (
	"bytes"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"
)

// maxBody bounds how much of a struck call's body is kept; the handlers' own limits are lower.
const maxBody = 16 << 20

// Rules are the orders in force. They are safe for concurrent use.
type Rules struct {
	mu     sync.Mutex
	orders []*order
	later  map[*time.Timer]struct{} // effects still to come
	closed bool
}

// New returns rules that strike nothing yet.
func New() *Rules {
	return &Rules{later: map[*time.Timer]struct{}{}}
}

// Add puts a rule in force behind the others; the first that matches a call and has count left strikes it.
func (f *Rules) Add(r Rule) (Rule, error) {
	r = r.withDefaults()
	if err := r.check(); err != nil {
		return Rule{}, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.orders = append(f.orders, newOrder(r))
	return r, nil
}

// All reports every rule in force and how often it has struck.
func (f *Rules) All() []Report {
	f.mu.Lock()
	defer f.mu.Unlock()
	reports := make([]Report, 0, len(f.orders))
	for _, o := range f.orders {
		reports = append(reports, Report{Rule: o.Rule, Struck: o.struck})
	}
	return reports
}

// Clear deletes every rule and so ends the calls they hold up. Effects already under way still take place.
func (f *Rules) Clear() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.clear()
}

func (f *Rules) clear() {
	for _, o := range f.orders {
		close(o.deleted)
	}
	f.orders = nil
}

// Reset deletes every rule and forgets the effects still to come.
func (f *Rules) Reset() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.clear()
	for timer := range f.later {
		timer.Stop()
	}
	clear(f.later)
}

// Close is Reset for good: nothing strikes any more, so that a server can stop.
func (f *Rules) Close() {
	f.Reset()
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
}

// Middleware spoils the calls to next that a rule names.
func (f *Rules) Middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		o := f.strike(r)
		if o == nil {
			next.ServeHTTP(w, r)
			return
		}
		// A client's departure is only noticed once its body has been read.
		body, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		f.spoil(w, r, next, o)
	})
}

// strike finds the rule that hits this call, if any.
func (f *Rules) strike(r *http.Request) *order {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return nil
	}
	i := slices.IndexFunc(f.orders, func(o *order) bool { return o.strikes(r.Method, r.URL.Path) })
	if i < 0 {
		return nil
	}
	return f.orders[i]
}

// spoil lets the call meet its fate. A slow call takes effect even if its client does not wait for it.
func (f *Rules) spoil(w http.ResponseWriter, r *http.Request, next http.Handler, o *order) {
	switch o.When {
	case Before:
		if o.Kind == Slow {
			o.wait(r, o.delay())
			next.ServeHTTP(w, r)
			return
		}
		o.ruin(w, r)
	case After:
		truth := newRecorder()
		next.ServeHTTP(truth, r)
		if o.Kind == Slow {
			o.wait(r, o.delay())
			truth.copyTo(w)
			return
		}
		o.ruin(w, r)
	case Later:
		f.postpone(detached(r), next, o.delay())
		o.ruin(w, r)
	}
}

// postpone lets the call take effect after a while; nobody will hear its answer.
func (f *Rules) postpone(r *http.Request, next http.Handler, d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return
	}
	var timer *time.Timer
	timer = time.AfterFunc(d, func() {
		f.mu.Lock()
		_, wanted := f.later[timer]
		delete(f.later, timer)
		f.mu.Unlock()
		if wanted {
			next.ServeHTTP(newRecorder(), r)
		}
	})
	f.later[timer] = struct{}{}
}
