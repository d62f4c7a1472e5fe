// Package live tells the streams of a process whose applicants have news.
//
// Somebody who hears of changes, such as a listener at Postgres, tells a [Hub] which applicant it was; the hub wakes the
// streams of that applicant, which read what has become of it. The hub holds no news itself: whoever is woken twice before
// they look has one look to take. So a stream costs a few words, and nothing is lost or late by a slow one.
package live

import (
	"context"
	"errors"
	"slices"
	"sync"

	"portal/internal/onboarding"
)

// What bounds the streams: more windows than a person looks at, and more applicants than a process should have to wake.
const (
	MostEach = 8
	MostAll  = 20_000
)

// Why nobody can join.
var (
	ErrDeaf = errors.New("changes are not heard of")
	ErrFull = errors.New("as many streams as there may be")
)

// News is what a stream is woken with.
type News int

const (
	// Crowded says that the applicant has opened too many others since: the stream is over.
	Crowded News = iota
	// Changed says that something about the applicant has changed.
	Changed
	// Missed says that something may have changed while nobody listened. Everybody hears so at once: take your time.
	Missed
)

// remembered is how many changes a hub remembers, for those who join a little later than they have read. What comes after
// more of them counts as having missed something.
const remembered = 256

// Hub is the streams of a process. Its methods may be called from any goroutine. The zero value hears nothing yet.
type Hub struct {
	mu      sync.Mutex
	hears   bool
	refuses bool                                 // is about to stop, or has
	joined  sync.WaitGroup                       // all that have not left
	streams map[onboarding.ApplicantID][]*Stream // of each, the oldest first
	all     int

	changes uint64 // so far
	last    [remembered]onboarding.ApplicantID
}

// Stream is one that is woken when there is news of its applicant.
type Stream struct {
	// News is closed when the stream is over: it is crowded out, or the process stops.
	News <-chan News

	hub       *Hub
	applicant onboarding.ApplicantID
	news      chan News // one is all there ever is in it
	left      bool
}

// Mark is a moment in what the hub has heard. Take one before you read what a stream begins with.
func (h *Hub) Mark() uint64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.changes
}

// Join opens a stream, which has news already where something has changed since the mark. Leave it when you are done.
func (h *Hub) Join(who onboarding.ApplicantID, since uint64) (*Stream, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.hears || h.refuses {
		return nil, ErrDeaf
	}
	own := h.streams[who]
	if len(own) >= MostEach {
		own[0].tell(Crowded)
		h.end(own[0])
		own = h.streams[who]
	}
	if h.all >= MostAll {
		return nil, ErrFull
	}
	news := make(chan News, 1)
	s := &Stream{News: news, hub: h, applicant: who, news: news}
	if h.streams == nil {
		h.streams = map[onboarding.ApplicantID][]*Stream{}
	}
	h.streams[who] = append(own, s)
	h.all++
	h.joined.Add(1)
	if h.changedSince(who, since) {
		s.tell(Changed)
	}
	return s, nil
}

// Leave ends the stream. Doing so again does no harm.
func (s *Stream) Leave() {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	s.hub.end(s)
	if !s.left {
		s.left = true
		s.hub.joined.Done()
	}
}

// Heard wakes the streams of an applicant of whom something has changed.
func (h *Hub) Heard(who onboarding.ApplicantID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.last[h.changes%remembered] = who
	h.changes++
	for _, s := range h.streams[who] {
		s.tell(Changed)
	}
}

// Lost says that changes are not heard of any more. Streams go on, but nobody can join.
func (h *Hub) Lost() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.hears = false
}

// Back says that changes are heard of from now on, and wakes everybody, who may have missed some.
func (h *Hub) Back() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.hears = true
	h.changes += remembered + 1 // so every mark is from too long ago
	for _, own := range h.streams {
		for _, s := range own {
			s.tell(Missed)
		}
	}
}

// Hears says whether changes are heard of.
func (h *Hub) Hears() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.hears
}

// Refuse lets nobody join any more. Streams go on.
func (h *Hub) Refuse() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.refuses = true
}

// Stop ends all streams for good. It does not wait for them.
func (h *Hub) Stop() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.refuses = true
	for _, own := range h.streams {
		for _, s := range slices.Clone(own) {
			h.end(s)
		}
	}
}

// Wait waits until everybody has left, or until ctx ends. The hub must have been stopped.
func (h *Hub) Wait(ctx context.Context) error {
	left := make(chan struct{})
	go func() {
		defer close(left)
		h.joined.Wait()
	}()
	select {
	case <-left:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Streams is how many there are.
func (h *Hub) Streams() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.all
}

// end takes a stream out and closes its channel, unless that has been done. The caller holds the lock.
func (h *Hub) end(s *Stream) {
	own := h.streams[s.applicant]
	i := slices.Index(own, s)
	if i < 0 {
		return
	}
	close(s.news)
	h.all--
	if len(own) == 1 {
		delete(h.streams, s.applicant)
		return
	}
	h.streams[s.applicant] = slices.Delete(own, i, i+1)
}

// tell wakes a stream, with the more urgent of its news if it has not taken the last yet. The caller holds the lock, so
// that nobody else puts anything into the channel.
func (s *Stream) tell(n News) {
	select {
	case before := <-s.news:
		n = min(n, before)
	default:
	}
	s.news <- n
}

// changedSince says whether something about an applicant has changed since a mark, or nobody remembers. The caller holds
// the lock.
func (h *Hub) changedSince(who onboarding.ApplicantID, mark uint64) bool {
	if h.changes-mark > remembered {
		return true
	}
	for i := mark; i < h.changes; i++ {
		if h.last[i%remembered] == who {
			return true
		}
	}
	return false
}
