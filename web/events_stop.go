package web

import (
	"context"
	"log/slog"
	"time"
)

// streams is what all streams of a server share.
type streams struct {
	beat  time.Duration      // tests shorten it
	looks chan struct{}      // an element for each look under way
	over  context.Context    // ends when the streams are to
	end   context.CancelFunc // ends it
}

func newStreams() streams {
	over, end := context.WithCancel(context.Background())
	return streams{beat: beatEvery, looks: make(chan struct{}, looksAtOnce), over: over, end: end}
}

// A stream that is told to end may be in the midst of writing to a browser that takes nothing. Both times together are less
// than what a process has to stop.
const (
	lastWriteFor = 500 * time.Millisecond
	stopWithin   = 2 * time.Second
)

// Refuse opens no more streams, as they would soon be ended: pages ask meanwhile, and find another process. Those that
// there are go on.
func (s *Server) Refuse() {
	if s.Live != nil {
		s.Live.Hub.Refuse()
	}
}

// Stop ends the streams of events and waits for that, so that the server that serves them can end: browsers come back and
// find another process. Nobody else notices.
func (s *Server) Stop() {
	if s.Live == nil {
		return
	}
	s.Live.Hub.Stop()
	s.streams.end()
	ctx, cancel := context.WithTimeout(context.Background(), stopWithin)
	defer cancel()
	if err := s.Live.Hub.Wait(ctx); err != nil {
		s.Log.Warn("streams have not ended in time", slog.Any("error", err))
	}
}

// endWithAll ends a stream when all of them are to end, and bounds what is being written. The function that is returned is
// for when it has ended by itself.
func (s *Server) endWithAll(end context.CancelFunc, to outlet) (ended func()) {
	cut := make(chan struct{})
	stop := context.AfterFunc(s.streams.over, func() {
		defer close(cut)
		end()
		_ = to.SetWriteDeadline(time.Now().Add(lastWriteFor)) // see sent.write, which may be about to set another
	})
	return func() {
		if !stop() {
			<-cut // what it does must not come after the answer's end
		}
	}
}
