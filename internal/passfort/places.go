package passfort

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// places are what calls in flight need one of each: so many, and no more. Who waits is served first come first served.
//
// Looking for a profile takes up to a hundred reads and can wait, as can the questions of the company's own systems, while
// an applicant waits for what is created. So the calls that can wait, however many there are, hold at most half of the
// places. Creating calls that hang hold theirs for a minute, so they leave a quarter to the reads.
type places struct {
	all     chan struct{}
	patient chan struct{}
	creates chan struct{}
}

// placeWithin is how long a call waits for a place.
const placeWithin = 3 * time.Second

var errNoPlace = errors.New("too many calls are in flight")

func newPlaces(n int) places {
	return places{all: make(chan struct{}, n), patient: make(chan struct{}, max(n/2, 1)), creates: make(chan struct{}, max(n*3/4, 1))}
}

// take waits for a place. Whoever has one must give it back.
func (p places) take(ctx context.Context, e *endpoint) (giveBack func(), err error) {
	ctx, cancel := context.WithTimeout(ctx, placeWithin)
	defer cancel()
	var held []chan struct{}
	giveBack = func() {
		for _, q := range held {
			<-q
		}
	}
	for _, q := range p.queues(e) {
		select {
		case q <- struct{}{}:
			held = append(held, q)
		case <-ctx.Done():
			giveBack()
			return nil, fmt.Errorf("%w: %w", errNoPlace, ctx.Err())
		}
	}
	return giveBack, nil
}

// queues are where a call has to wait, always in the same order, so that nobody waits for each other.
func (p places) queues(e *endpoint) []chan struct{} {
	switch {
	case e.canWait:
		return []chan struct{}{p.patient, p.all}
	case e.method != http.MethodGet:
		return []chan struct{}{p.creates, p.all}
	default:
		return []chan struct{}{p.all}
	}
}
