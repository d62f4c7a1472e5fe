// Package webhooks is PassFort's webhook queue of one account, in memory, delivering over real HTTP.
//
// Messages go out in the order in which they were queued, one request at a time. A message that is not accepted holds
// back all later ones and is tried again, ever more slowly, until it is: PassFort's documentation calls such a queue
// stalled. What that documentation leaves open is a field of Options, and Disturb orders the troubles a receiver has
// to live with: messages that come twice, out of order, late, unknown, forged, or many in one request.
//
// Make a Queue with New, feed it with Enqueue, look at it with Status and end it with Close. In tests, Wait returns
// when everything has been delivered. The queue's goroutine lives only while something waits.
package webhooks

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"
)

var (
	// ErrClosed is returned for what cannot happen any more because the queue is closed.
	ErrClosed = errors.New("the webhook queue is closed")
	// ErrOff refuses trouble while webhooks are off.
	ErrOff = errors.New("webhooks are off: the options have no url")
)

// Config is what a queue needs of the world around it. Only Now is required.
type Config struct {
	Now     func() time.Time // the sandbox's time, for timestamps and for the times that people see
	Random  io.Reader        // where ids come from; read under the queue's lock only; nil is crypto/rand
	Options Options          // must pass Check
	Client  *http.Client     // nil is one of the queue's own; redirects are never followed
}

// Queue is the webhook queue of one account. It is safe for concurrent use.
type Queue struct {
	config Config
	client *http.Client
	ctx    context.Context // of every request; ended by Close
	cancel context.CancelFunc
	work   sync.WaitGroup // the delivering goroutine and forged deliveries
	wake   chan struct{}  // tells the goroutine to look again

	mu        sync.Mutex
	options   Options
	waiting   []*message // in the order of delivery
	pens      []*pen     // messages that trouble keeps away from the line
	orders    []*order   // troubles that want messages still to come; the first takes them
	batches   int        // ordered ever, so that two never become one
	flight    *flight    // the request on its way
	notBefore moment     // when the next request may go out
	rush      bool       // the next request goes out at once, whatever notBefore says
	working   bool       // the goroutine is there
	closed    bool
	idle      chan struct{} // there while something waits, closed when nothing does any more
	history
}

// New returns an empty queue. Close it when it is no longer needed.
func New(c Config) *Queue {
	if c.Random == nil {
		c.Random = rand.Reader
	}
	q := &Queue{config: c, client: newClient(c.Client), wake: make(chan struct{}, 1), options: c.Options.withDefaults()}
	q.ctx, q.cancel = context.WithCancel(context.Background())
	return q
}

// Enqueue queues the message that an event happened, if webhooks are on and the event is enabled. The data is copied.
func (q *Queue) Enqueue(event string, data map[string]any) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed || !q.options.wants(event) {
		return
	}
	raw, err := encodeData(data)
	event = q.options.spell(event)
	if err != nil {
		q.failed(Failure{At: q.config.Now(), Event: event, Answer: Answer{Error: err.Error()}})
		return
	}
	q.take(q.newMessage(event, raw))
}

// RetryNow delivers what waits at once, without waiting for the next retry or the next batch.
func (q *Queue) RetryNow() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.flight == nil && len(q.waiting) > 0 {
		q.rush = true
	}
	q.changed()
}

// Wake delivers what has become due because the sandbox's clock was set forward.
func (q *Queue) Wake() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.changed()
}

// Wait returns when nothing waits any more, neither in line nor held back by trouble.
func (q *Queue) Wait(ctx context.Context) error {
	q.mu.Lock()
	idle, count, closed := q.idle, q.count(), q.closed
	q.mu.Unlock()
	if count == 0 {
		return nil
	}
	if closed {
		return ErrClosed
	}
	select {
	case <-idle:
	case <-ctx.Done():
		return fmt.Errorf("webhooks still waiting: %w", ctx.Err())
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed && q.count() > 0 {
		return ErrClosed
	}
	return nil
}

// Reset brings the queue back to its start: nothing waits, nothing was delivered, no trouble is ordered, and the
// options are those it was made with.
func (q *Queue) Reset() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.options = q.config.Options.withDefaults()
	q.history = history{}
	q.drop()
	q.changed()
}

// Close stops delivery, even one that hangs, and waits until it has stopped. What waits stays, so that it can be saved.
func (q *Queue) Close() {
	q.mu.Lock()
	q.closed = true
	q.abandon()
	if q.idle != nil {
		close(q.idle)
		q.idle = nil
	}
	q.mu.Unlock()
	q.cancel()
	q.work.Wait()
	if q.config.Client == nil {
		q.client.CloseIdleConnections()
	}
}
