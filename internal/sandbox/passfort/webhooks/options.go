package webhooks

import (
	"cmp"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"time"
)

// Shape says what the body of a request looks like while batching is on.
type Shape string

// The possible shapes of a batch.
const (
	Array  Shape = "array"  // a JSON array of envelopes, also for a single one
	Object Shape = "object" // the same array as the member webhooks of an object
	Single Shape = "single" // one bare envelope a request, as if batching were off
)

// Case says how the names of events are written.
type Case string

// The possible ways to write an event's name.
const (
	Upper Case = "upper"
	Lower Case = "lower"
)

// Accept says which answers of the receiver count as received.
type Accept string

// The possible notions of an accepted delivery. PassFort's documentation only ever speaks of 200.
const (
	OnlyOK Accept = "200"
	Any2xx Accept = "2xx"
)

// Options are the settings of an account's webhooks, and the behaviour that PassFort's documentation leaves open. The
// zero value is webhooks that are off; other zero values are the likeliest behaviour.
type Options struct {
	URL          string   `json:"url" usage:"the receiver's address; without one there are no webhooks, and those that wait are lost"`
	Secret       string   `json:"secret" usage:"shared with the receiver, in the body and in the Authorization header"`
	Events       []string `json:"events" usage:"the enabled events, in any case; all unless given"`
	Batching     bool     `json:"batching" usage:"up to 100 messages travel in one request"`
	BatchShape   Shape    `json:"batch_shape" usage:"body of a batch: array, object or single; array unless given"`
	BatchEveryMS int      `json:"batch_every_ms" usage:"milliseconds between batches: 1000 unless given; documented as 0 to 10 s"`
	EventCase    Case     `json:"event_case" usage:"how events are written: upper or lower; upper unless given"`
	TimeoutMS    int      `json:"timeout_ms" usage:"milliseconds to wait for the receiver's answer: 10000 unless given"`
	BackoffMS    int      `json:"backoff_ms" usage:"milliseconds before the first retry, doubled for every further one: 1000 unless given"`
	BackoffMaxMS int      `json:"backoff_max_ms" usage:"the longest wait for a retry, in milliseconds: 60000 unless given"`
	Accept       Accept   `json:"accept" usage:"answers that count as received: 200 or 2xx; 200 unless given"`
}

// withDefaults spells the zero values out.
func (o Options) withDefaults() Options {
	o.BatchShape = cmp.Or(o.BatchShape, Array)
	o.BatchEveryMS = cmp.Or(o.BatchEveryMS, 1000)
	o.EventCase = cmp.Or(o.EventCase, Upper)
	o.TimeoutMS = cmp.Or(o.TimeoutMS, 10_000)
	o.BackoffMS = cmp.Or(o.BackoffMS, 1000)
	o.BackoffMaxMS = cmp.Or(o.BackoffMaxMS, 60_000)
	o.Accept = cmp.Or(o.Accept, OnlyOK)
	o.Events = append([]string{}, o.Events...)
	return o
}

// Options returns the options in force, with the defaults spelt out.
func (q *Queue) Options() Options {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.options.withDefaults()
}

// SetOptions changes the options in force. What waits is tried again at once with the new ones; a request on its way
// to another address than the new one is given up. Turning webhooks off loses what waits.
func (q *Queue) SetOptions(o Options) error {
	if err := o.Check(); err != nil {
		return err
	}
	o = o.withDefaults()
	q.mu.Lock()
	defer q.mu.Unlock()
	if reflect.DeepEqual(o, q.options) {
		return nil
	}
	if o.URL != q.options.URL {
		q.abandon()
	}
	q.options = o
	q.rush = len(q.waiting) > 0
	if o.URL == "" {
		q.drop()
	}
	q.changed()
	return nil
}

// wants says whether such an event is to be delivered at all.
func (o Options) wants(event string) bool {
	same := func(name string) bool { return strings.EqualFold(name, event) }
	return o.URL != "" && (len(o.Events) == 0 || slices.ContainsFunc(o.Events, same))
}

// spell writes an event's name the way the account does.
func (o Options) spell(event string) string {
	if o.EventCase == Lower {
		return strings.ToLower(event)
	}
	return strings.ToUpper(event)
}

// batches says whether several messages may travel in one request.
func (o Options) batches() bool { return o.Batching && o.BatchShape != Single }

// accepts says whether the receiver's answer counts as received.
func (o Options) accepts(status int) bool {
	return status == http.StatusOK || o.Accept == Any2xx && status/100 == 2
}

// timeout is how long a receiver may take to answer.
func (o Options) timeout() time.Duration { return milliseconds(o.TimeoutMS) }

// period is the time between two requests while messages travel together.
func (o Options) period() time.Duration { return milliseconds(o.BatchEveryMS) }

// backoff is the wait after so many failed attempts.
func (o Options) backoff(attempts int) time.Duration {
	wait, most := milliseconds(o.BackoffMS), milliseconds(o.BackoffMaxMS)
	for range attempts - 1 {
		if wait >= most {
			break
		}
		wait *= 2
	}
	return min(wait, most)
}

// shape is how a request's body looks. An ordered batch is one whatever the options say.
func (o Options) shape(ordered bool) Shape {
	switch {
	case o.batches():
		return o.BatchShape
	case !ordered:
		return Single
	case o.BatchShape == Object:
		return Object
	default:
		return Array
	}
}
