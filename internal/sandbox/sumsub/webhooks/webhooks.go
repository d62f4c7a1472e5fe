// Package webhooks delivers the webhooks of one Sumsub account, from memory, over real HTTP.
//
// There is no line: each webhook is a delivery of its own, and they overtake one another. One that fails is tried again
// by Sumsub's table, on the sandbox's clock, and after the last attempt it is given up and stays in the log as failed.
// What Sumsub's documentation leaves open is a field of Options, and Disturb orders the troubles a receiver has to live
// with: webhooks that come twice, out of order, late, unknown, forged, or without members it may have relied on.
//
// Make a Queue with New, feed it with Enqueue, look at it with Status and end it with Close. CatchUp delivers what has
// become due because the clock was set forward. The queue's goroutine lives only while something waits.
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
	ErrOff = errors.New("webhooks of Sumsub are off: the options have no url")
	// ErrNotFound is returned for a delivery that is not in the log.
	ErrNotFound = errors.New("there is no such delivery in the log")
)

// Config is what a queue needs of the world around it. Only Now is required.
type Config struct {
	Now     func() time.Time // the sandbox's time, by which webhooks are stamped and tried again
	Random  io.Reader        // where ids come from; read under the queue's lock only; nil is crypto/rand
	Options Options          // must pass Check
	Client  *http.Client     // nil is one of the queue's own; redirects are never followed
}

// Queue is the webhooks of one account. It is safe for concurrent use.
type Queue struct {
	config Config
	client *http.Client
	ctx    context.Context // of every request; ended by Close
	cancel context.CancelFunc
	work   sync.WaitGroup // the goroutine that starts deliveries, and the deliveries
	wake   chan struct{}  // tells the goroutine to look again

	mu      sync.Mutex
	options Options
	waiting []*delivery // in the order in which they came
	log     []Delivery  // those that are over, oldest first
	orders  []*order    // troubles that want webhooks still to come; the first takes them
	working bool        // the goroutine is there
	closed  bool
	idle    chan struct{} // there while something waits, closed when nothing does any more
	quiet   chan struct{} // there while something is due or on its way, closed when nothing is any more
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

// Enqueue sends the webhook that an event happened, if webhooks are on and the event is enabled. The data is copied;
// what every payload has beside it is added: the type, the time and an id of the correlation.
func (q *Queue) Enqueue(event string, data map[string]any) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed || !q.options.wants(event) {
		return
	}
	payload, err := plain(data)
	if err != nil {
		now := q.config.Now()
		lost := Message{ID: q.newID(), Event: event, QueuedAt: now}
		q.over(Delivery{Message: lost, State: Failed, Attempts: []Attempt{{At: now, Answer: Answer{Error: err.Error()}}}})
		return
	}
	q.complete(event, payload)
	q.options.apply(payload)
	q.take(q.newDelivery(payload))
}

// Wake starts what has become due because the sandbox's clock was set forward.
func (q *Queue) Wake() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.changed()
}

// Wait returns when nothing waits any more: everything has been delivered or given up.
func (q *Queue) Wait(ctx context.Context) error {
	q.mu.Lock()
	idle := q.idle
	q.mu.Unlock()
	if idle != nil {
		select {
		case <-idle:
		case <-ctx.Done():
			return fmt.Errorf("webhooks still waiting: %w", ctx.Err())
		}
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed && len(q.waiting) > 0 {
		return ErrClosed
	}
	return nil
}

// Reset brings the queue back to its start: nothing waits, the log is empty, no trouble is ordered, and the options are
// those it was made with.
func (q *Queue) Reset() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.options = q.config.Options.withDefaults()
	q.log = nil
	q.drop()
	q.changed()
}

// Close stops delivery, even one that hangs, and waits until it has stopped. What waits stays, so that it can be saved.
func (q *Queue) Close() {
	q.mu.Lock()
	q.closed = true
	signal(&q.idle, false)
	signal(&q.quiet, false)
	q.mu.Unlock()
	q.cancel()
	q.work.Wait()
	if q.config.Client == nil {
		q.client.CloseIdleConnections()
	}
}
