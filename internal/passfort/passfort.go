// Package passfort speaks PassFort's API 4.0 for the domain: [Client] is an onboarding.Provider, and the
// onboarding.CompanyFiles in which those behind a company are kept.
//
// Only this package knows the API's addresses, its headers and its errors. Read [Client] first, then call.go, through
// which every call goes, and assumptions.go, which holds what PassFort's documentation leaves open. What of a company's
// collected data is understood, and what only kept, is in file_data.go.
//
// The errors are kinds of the domain. After a creating call, every kind but Unanswered promises that nothing has
// happened, so a call is Unanswered whenever that is not certain. Reads change nothing, so there the same troubles are
// Busy. The errors' texts are for operators: they name method, address pattern, HTTP status and PassFort's own code and
// message, and never hold a key, a body, or an id.
//
// A provider in trouble does not become ours. Every endpoint has its time limits (endpoint.go) and a breaker
// (breaker.go): after a row of failures its calls are refused at once for a while, then one is let through to see. All
// endpoints share the places for calls in flight (places.go). A call that is refused for want of a place, or by a
// breaker, has not been made, so it is Busy even where it would have created something.
package passfort

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"portal/internal/breaker"
)

// APIKey is the account's master key. It prints as "[secret]" everywhere.
type APIKey string

const redacted = "[secret]"

// Format keeps the key out of everything fmt prints.
func (k APIKey) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, redacted) }

// LogValue keeps the key out of logs.
func (k APIKey) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText keeps the key out of JSON and other encodings.
func (k APIKey) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// Options are what a client needs.
type Options struct {
	BaseURL *url.URL // includes /4.0
	APIKey  APIKey
	// MaxInFlight is how many calls are made at the same time; 32 where it is zero.
	MaxInFlight int
	// BreakAfter is how many calls of one endpoint must fail in a row before its breaker opens; 5 where it is zero. A
	// negative number means never, for those whose clock is not the real one.
	BreakAfter int
	// Observe, if given, is told of every call: "ok" or the kind of error, and how long it took with all its waiting.
	Observe func(call, outcome string, took time.Duration)
	// Breaker, if given, is told when an endpoint's breaker opens and when it has closed again. It must not make calls.
	Breaker func(call string, open bool)
	// Quota, if given, is told what an answer says of PassFort's limits, in the context of the call's caller.
	Quota func(ctx context.Context, q Quota)
	// ControllersKey and UltimatesKey are the members of ownership_structure that list controlling shareholders and global
	// ultimate owners, which are documented nowhere; controlling_shareholders and global_ultimate_owners where they are empty.
	ControllersKey, UltimatesKey string
}

// Client makes calls to one PassFort account. It is safe for concurrent use.
type Client struct {
	base      *url.URL
	key       APIKey
	observe   func(call, outcome string, took time.Duration)
	quota     func(ctx context.Context, q Quota)
	places    places
	breakers  map[*endpoint]*breaker.Breaker
	lists     []roleList
	transport http.RoundTripper
}

const (
	defaultInFlight   = 32
	defaultBreakAfter = 5
)

// New returns a client; it calls nobody yet.
func New(o Options) *Client {
	inFlight := cmp.Or(o.MaxInFlight, defaultInFlight)
	c := &Client{
		base: o.BaseURL, key: o.APIKey, observe: o.Observe, quota: o.Quota,
		places: newPlaces(inFlight), transport: newTransport(inFlight),
		breakers: breaker.Each(endpoints, (*endpoint).about, cmp.Or(o.BreakAfter, defaultBreakAfter), o.Breaker),
		lists:    roleLists(cmp.Or(o.ControllersKey, controllersKey), cmp.Or(o.UltimatesKey, ultimatesKey)),
	}
	if c.observe == nil {
		c.observe = func(string, string, time.Duration) {}
	}
	if c.quota == nil {
		c.quota = func(context.Context, Quota) {}
	}
	return c
}
