package webhooks

import (
	"slices"
	"time"
)

// How much of the past is kept. PassFort's documentation shows ten recent failures.
const (
	maxFailures  = 10
	maxForgeries = 10
	maxDelivered = 100
)

// history is what became of messages, newest last.
type history struct {
	delivered []Delivered
	failures  []Failure
	forgeries []Forgery
}

// Delivered is a message that was accepted, with what it takes to deliver it once more.
type Delivered struct {
	Message
	At       time.Time `json:"at"`
	Status   int       `json:"status"`   // the receiver's
	Attempts int       `json:"attempts"` // including the one that was accepted
}

// Failure is a request that was not accepted, or a message that could not even be queued.
type Failure struct {
	At       time.Time `json:"at"`
	ID       string    `json:"id"`       // of the message at the head of the line
	Event    string    `json:"event"`    // of the same message
	Messages int       `json:"messages"` // that the request carried
	Attempt  int       `json:"attempt"`  // the first is 1
	Answer
}

// Forgery is a delivery with a wrong secret.
type Forgery struct {
	At    time.Time `json:"at"`
	ID    string    `json:"id"`
	Event string    `json:"event"`
	Place Place     `json:"place"` // where the secret was wrong
	Answer
}

func (h *history) arrived(d Delivered) { h.delivered = remember(h.delivered, d, maxDelivered) }

func (h *history) failed(f Failure) { h.failures = remember(h.failures, f, maxFailures) }

func (h *history) noticed(f Forgery) { h.forgeries = remember(h.forgeries, f, maxForgeries) }

// remember appends to a list and forgets what is too old for it.
func remember[T any](list []T, item T, most int) []T {
	list = append(list, item)
	return slices.Delete(list, 0, max(0, len(list)-most))
}

// newestFirst is a copy of a list for people.
func newestFirst[T any](list []T) []T {
	turned := append([]T{}, list...)
	slices.Reverse(turned)
	return turned
}
