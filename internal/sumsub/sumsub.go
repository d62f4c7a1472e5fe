// Package sumsub speaks Sumsub's API for the domain: [Client] is an onboarding.Verifier, and gives out what the WebSDK needs
// to start.
//
// Only this package knows the API's addresses, its signatures and its errors. Read [Client] first, then call.go, through
// which every call goes, and sign.go. What the answers are made of is in verification.go and the files beside it; they are
// decoded tolerantly, since Sumsub adds members without notice, and what is missing never reads as good news.
//
// The errors are kinds of the domain, taken from the code of an error and never from its words (errors.go). After a call
// that changes something, every kind but Unanswered promises that nothing has happened. The errors' texts are for operators:
// they name method, address pattern, HTTP status, Sumsub's code and the id by which its support finds the call, and never hold
// a token, a signature, a body, or what was said about one.
//
// Reads are repeated within their time; what changes something is repeated only where there was no connection to send it on.
// Every endpoint has a breaker (breaker.go): after a row of failures its calls are refused at once for a while.
package sumsub

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"time"

	"portal/internal/breaker"
)

// Options are what a client needs.
type Options struct {
	BaseURL   *url.URL // without /resources
	AppToken  Secret
	SecretKey Secret // signs every call
	Now       func() time.Time
	// Turn, if given, is asked before every call, to keep the limits that all replicas share: it gives a turn by returning
	// zero, or says how long to wait before asking again. write is true for all calls but reads.
	Turn func(ctx context.Context, write bool) (wait time.Duration, err error)
	// BreakAfter is how many calls of one endpoint must fail in a row before its breaker opens; 5 where it is zero. A
	// negative number means never, for those whose clock is not the real one.
	BreakAfter int
	// Observe, if given, is told of every call: "ok" or the kind of error, and how long it took with all its waiting.
	Observe func(call, outcome string, took time.Duration)
	// Breaker, if given, is told when an endpoint's breaker opens and when it has closed again. It must not make calls.
	Breaker func(call string, open bool)
}

// Client makes calls to one Sumsub account. It is safe for concurrent use.
type Client struct {
	base      *url.URL
	token     Secret
	secret    Secret
	now       func() time.Time
	turn      func(ctx context.Context, write bool) (wait time.Duration, err error)
	line      chan struct{} // holds the upload that asks for its turn
	observe   func(call, outcome string, took time.Duration)
	breakers  map[*endpoint]*breaker.Breaker
	pauses    []time.Duration
	transport http.RoundTripper
}

const defaultBreakAfter = 5

// New returns a client; it calls nobody yet.
func New(o Options) *Client {
	c := &Client{
		base: o.BaseURL, token: o.AppToken, secret: o.SecretKey, now: o.Now, turn: o.Turn, observe: o.Observe,
		breakers: breaker.Each(endpoints, (*endpoint).about, cmp.Or(o.BreakAfter, defaultBreakAfter), o.Breaker),
		line:     make(chan struct{}, 1), pauses: defaultPauses, transport: newTransport(),
	}
	if c.turn == nil {
		c.turn = func(context.Context, bool) (time.Duration, error) { return 0, nil }
	}
	if c.observe == nil {
		c.observe = func(string, string, time.Duration) {}
	}
	return c
}
