package faults

import (
	"bytes"
	"io"
	"net/http"
	"slices"
	"time"
)

// maxBody bounds how much of a struck call's body is kept; the handlers' own limits are lower. The largest bodies are
// uploads to Sumsub.
const maxBody = 72 << 20

// Middleware spoils the calls to next that a rule names.
func (f *Rules) Middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		o := f.strike(r)
		if o == nil {
			next.ServeHTTP(w, r)
			return
		}
		if f.OnStrike != nil {
			f.OnStrike(r, o.Rule)
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
		f.ruin(w, r, o)
	case After:
		truth := newRecorder()
		next.ServeHTTP(truth, r)
		if o.Kind == Slow {
			o.wait(r, o.delay())
			truth.copyTo(w)
			return
		}
		f.ruin(w, r, o)
	case Later:
		f.postpone(detached(r), next, o.delay())
		f.ruin(w, r, o)
	}
}

// ruin gives the caller the trouble that was ordered instead of an answer.
func (f *Rules) ruin(w http.ResponseWriter, r *http.Request, o *order) {
	switch o.Kind {
	case Reset:
		reset(w)
	case Hang:
		o.wait(r, 0)
		panic(http.ErrAbortHandler)
	case Garbage:
		o.Garbage.send(w)
	default:
		o.refuse(w, r.URL.Path, f.now())
	}
}

func (f *Rules) now() time.Time {
	if f.Now == nil {
		return time.Now()
	}
	return f.Now()
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
		if wanted {
			f.work.Add(1)
		}
		f.mu.Unlock()
		if wanted {
			defer f.work.Done()
			next.ServeHTTP(newRecorder(), r)
		}
	})
	f.later[timer] = struct{}{}
}
