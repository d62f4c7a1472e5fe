package web

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"

	"portal/internal/identity"
	"portal/web/live"
	"portal/web/middleware"
)

// Live is what telling applicants at once takes. Both fields are required.
type Live struct {
	Hub    *live.Hub
	Jitter func() float64 // returns numbers from 0 to below 1
}

// follower is a stream of how one registration stands. It is all that is kept of the request, and there are thousands.
type follower struct {
	s        *Server
	token    identity.Token
	flow     string
	request  string // the id of what it began with
	attended bool   // being there is a sign of life
	news     *live.Stream
	sent     *sent
}

// followRegistration tells how the registration stands, and tells again when that changes, until the browser leaves. Where
// that is not to be had the answer says so, and the page asks.
func (s *Server) followRegistration(w http.ResponseWriter, r *http.Request) {
	f, now := s.follow(w, r)
	if f == nil {
		return
	}
	conn, alone := net.Conn(nil), false
	defer func() {
		if !alone { // also when something has panicked
			f.news.Leave()
		}
	}()
	middleware.Streaming(r.Context())
	describeStream(w.Header())
	if r.Method == http.MethodHead {
		return
	}
	head := s.head(w.Header())
	if conn, alone = takenOver(w, r); alone {
		go f.alone(conn, head, now)
		return
	}
	f.within(r.Context(), w, now)
}

// follow reads who asks and how they stand, and joins those who hear of changes. Where that fails it answers, and returns
// nothing.
func (s *Server) follow(w http.ResponseWriter, r *http.Request) (*follower, answer) {
	ctx, cancel := context.WithTimeout(staged(r), pageFor)
	defer cancel()
	r = r.WithContext(ctx)
	f, now, err := s.joined(r)
	if err == nil && f == nil {
		err = s.send(w, r, now)
	}
	if err != nil {
		s.fail(w, r, err)
	}
	return f, now
}

// joined is the follower of who asks; the answer alone where they cannot be one.
func (s *Server) joined(r *http.Request) (*follower, answer, error) {
	mark := s.Live.Hub.Mark() // before the look, so that nothing is missed between the two
	flow, err := s.wantedFlow(query(r).Get("flow"))
	if err != nil {
		return nil, answer{}, err
	}
	v, err := s.visit(r)
	if nobody(err) {
		return nil, answer{status: http.StatusUnauthorized, json: s.signedOut(flow)}, nil
	}
	if err != nil {
		return nil, answer{}, err
	}
	if reg, ok := v.registration(flow); ok {
		note(r, reg)
	}
	now := s.statusOf(v, flow)
	news, err := s.Live.Hub.Join(v.applicant(), mark) // the last to be done: who has joined has to leave
	if err != nil {                                   // no matter for the log: the page asks instead
		return nil, answer{status: http.StatusServiceUnavailable, wait: unavailableFor, json: statusAnswer{Status: "unheard", Next: r.URL.Path}}, nil
	}
	f := &follower{s: s, token: v.token, flow: flow, request: middleware.RequestID(r.Context()), attended: attended(r), news: news}
	return f, now, nil
}

// Times of streams. A beat keeps those in between, and the page, from taking a stream for dead. A look finds what nobody has told, because
// a process died before it did. Some looks are visits, as often as it takes to keep a session alive, whose shortest is minutes.
const (
	comebackAfter = 3 * time.Second  // at least
	comebackOver  = 10 * time.Second // are the comebacks spread: a process that stops ends all its streams at once
	crowdedAfter  = time.Minute      // comes back who was crowded out: not at once, to crowd out another
	beatEvery     = 25 * time.Second
	lookEvery     = 3               // beats
	visitEvery    = 2 * lookEvery   // beats
	lookWithin    = 5 * time.Second // or later, if there are many, everybody looks who may have missed something
	looksASecond  = 500             // of those
	looksAtOnce   = 4               // of all streams: pages need connections to Postgres, too
)

// run tells how it stands, and what there is to tell until the stream is over, for whatever reason.
func (f *follower) run(ctx context.Context, now answer) {
	if errors.Join(f.sent.comeback(comebackAfter+f.s.someOf(comebackOver)), f.sent.event("", now)) != nil {
		return
	}
	timer := time.NewTimer(f.pause())
	defer timer.Stop()
	missed, beats := false, 0
	for {
		var err error
		select {
		case <-ctx.Done():
			return
		case news, ok := <-f.news.News:
			if missed = ok && news == live.Missed; missed { // as everybody did: not all at once
				timer.Reset(f.s.someOf(f.s.lookWithin()))
				continue
			}
			err = f.wake(ctx, news, ok)
		case <-timer.C:
			if !missed {
				beats++
			}
			err = f.beat(ctx, missed || beats%lookEvery == 0, !missed && beats%visitEvery == 0)
			missed = false
			timer.Reset(f.pause())
		}
		if err != nil {
			return
		}
	}
}

// wake looks what there is to tell.
func (f *follower) wake(ctx context.Context, news live.News, ok bool) error {
	switch {
	case !ok:
		return errOver
	case news == live.Crowded:
		return errors.Join(f.sent.comeback(crowdedAfter), errOver)
	}
	return f.look(ctx, f.s.Applicants.Visits.Look)
}

// beat shows that both sides are there. Some are looks, because something may have been missed, and some of those visits.
func (f *follower) beat(ctx context.Context, look, visit bool) error {
	if !f.s.Live.Hub.Hears() {
		return errOver // it would hear of nothing: the page asks instead
	}
	read := f.s.Applicants.Visits.Look
	if visit && f.attended {
		read = f.s.Applicants.Visits.Visit
	}
	if look {
		if err := f.look(ctx, read); err != nil {
			return err
		}
	}
	return f.sent.beat()
}

// errOver ends a stream.
var errOver = errors.New("the stream is over")

// look reads how the registration stands and tells it, unless that has been told. It ends the stream with an error where
// it cannot: whoever comes back gets what there is to say of it.
func (f *follower) look(ctx context.Context, read reading) error {
	v, err := f.visit(ctx, read)
	if nobody(err) {
		return errors.Join(f.sent.event("signed_out", answer{json: f.s.signedOut(f.flow)}), err)
	}
	if err != nil {
		return err
	}
	return f.sent.event("", f.s.statusOf(v, f.flow))
}

// visit reads how it stands, with few others at once. The time that it may take begins when it is its turn.
func (f *follower) visit(ctx context.Context, read reading) (visit, error) {
	select {
	case f.s.streams.looks <- struct{}{}:
		defer func() { <-f.s.streams.looks }()
	case <-ctx.Done():
		return visit{}, ctx.Err()
	}
	ctx, cancel := context.WithTimeout(ctx, readFor)
	defer cancel()
	return f.s.visitBy(ctx, read, f.token)
}

// lookWithin is within which time everybody looks who may have missed something.
func (s *Server) lookWithin() time.Duration {
	return max(lookWithin, time.Duration(s.Live.Hub.Streams())*time.Second/looksASecond)
}

// pause is the time until the next beat, which differs so that streams that began together do not stay so.
func (f *follower) pause() time.Duration {
	return f.s.streams.beat - f.s.someOf(f.s.streams.beat/5)
}

// someOf is a random part of a time.
func (s *Server) someOf(d time.Duration) time.Duration {
	return time.Duration(s.Live.Jitter() * float64(d))
}
