// Package calls keeps the last HTTP calls with their bodies, so that a person can see what an integration really sent
// and what it got.
//
// New makes a Journal; its Middleware goes around everything that is to be seen, outermost, so that it sees the answers
// that reach the caller. It changes nothing about a call: bodies stream through, and only their beginnings are kept.
// All and Call show the calls, those under way included. Whatever handles a call can add a remark to it with Note.
package calls

import (
	"net/http"
	"sync"
	"time"

	"github.com/go-chi/chi/v5"
)

// Journal holds the last calls, up to its size. It is safe for concurrent use.
type Journal struct {
	now func() time.Time

	mu   sync.Mutex
	last int       // the id given last
	ring []*record // the call with id n is at n modulo the length, until a newer one takes its place
}

// New returns an empty journal that keeps the last size calls, at least one. It dates calls with now.
func New(now func() time.Time, size int) *Journal {
	return &Journal{now: now, ring: make([]*record, max(size, 1))}
}

// All returns the calls that are kept, newest first.
func (j *Journal) All() []Call {
	records := j.records()
	all := make([]Call, 0, len(records))
	for _, rec := range records {
		all = append(all, rec.show())
	}
	return all
}

// records lists what is kept, newest first. The ring is left alone again before the bodies are looked at.
func (j *Journal) records() []*record {
	j.mu.Lock()
	defer j.mu.Unlock()
	kept := make([]*record, 0, len(j.ring))
	for id := j.last; id > 0 && len(kept) < len(j.ring); id-- {
		kept = append(kept, j.ring[id%len(j.ring)])
	}
	return kept
}

// Call returns one call, if it is still kept.
func (j *Journal) Call(id int) (Call, bool) {
	rec := j.record(id)
	if rec == nil {
		return Call{}, false
	}
	return rec.show(), true
}

func (j *Journal) record(id int) *record {
	j.mu.Lock()
	defer j.mu.Unlock()
	if id < 1 || id > j.last || id <= j.last-len(j.ring) {
		return nil
	}
	return j.ring[id%len(j.ring)]
}

// Reset forgets every call; ids start again at one. Calls under way end unseen.
func (j *Journal) Reset() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.last = 0
	clear(j.ring)
}

// begin enters a call.
func (j *Journal) begin(r *http.Request) *record {
	rec := newRecord(r)
	j.mu.Lock()
	defer j.mu.Unlock()
	j.last++
	rec.id, rec.at = j.last, j.now()
	j.ring[rec.id%len(j.ring)] = rec
	return rec
}

// Middleware enters every call into the journal.
func (j *Journal) Middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := j.begin(r)
		r = r.WithContext(withRecord(r.Context(), rec))
		if r.Body != nil && r.Body != http.NoBody {
			r.Body = &listener{ReadCloser: r.Body, rec: rec}
		}
		cut := true // unless the handler returns; a panic goes on its way untouched
		defer func() {
			rec.end(route(r), cut)
		}()
		next.ServeHTTP(&watcher{ResponseWriter: w, rec: rec}, r)
		cut = false
	})
}

// route is the pattern that matched, which is known once the call has been routed: by chi, if the journal is one of its
// middlewares, or by the standard mux.
func route(r *http.Request) string {
	if routed := chi.RouteContext(r.Context()); routed != nil {
		return routed.RoutePattern()
	}
	return r.Pattern
}
