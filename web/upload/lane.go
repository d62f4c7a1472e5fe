package upload

import (
	"context"
	"sync"

	"golang.org/x/sync/semaphore"
)

// lane is chunks that uploads wait for in turn. While somebody waits, those inside must hurry.
type lane struct {
	most int64
	room *semaphore.Weighted

	mu      sync.Mutex
	waiting int
	inside  map[*paced]struct{} // whose body is arriving
}

func newLane(most int64) *lane {
	return &lane{most: most, room: semaphore.NewWeighted(most), inside: map[*paced]struct{}{}}
}

// acquire waits for so many chunks until ctx ends.
func (l *lane) acquire(ctx context.Context, chunks int64) error {
	if l.room.TryAcquire(chunks) { // which overtakes nobody
		return nil
	}
	l.wait(1)
	defer l.wait(-1)
	return l.room.Acquire(ctx, chunks)
}

// wait counts who waits, and tells those inside when the first comes and when the last has gone.
func (l *lane) wait(more int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	before := l.waiting
	l.waiting += more
	if (before == 0) == (l.waiting == 0) {
		return
	}
	for p := range l.inside {
		p.hurry(more)
	}
}

// enter has the lane tell the pace of a body, until leave.
func (l *lane) enter(p *paced) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.inside[p] = struct{}{}
	if l.waiting > 0 {
		p.hurry(1)
	}
}

func (l *lane) leave(p *paced) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.inside, p)
}
