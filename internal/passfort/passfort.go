// Package passfort speaks PassFort's API 4.0 for the domain: [Client] is an onboarding.Provider.
//
// Only this package knows the API's addresses, its headers and its errors. Read [Client] first, then call.go, through
// which every call goes, and assumptions.go, which holds what PassFort's documentation leaves open.
//
// The errors are kinds of the domain. After a creating call, every kind but Unanswered promises that nothing has
// happened, so a call is Unanswered whenever that is not certain. Reads change nothing, so there the same troubles are
// Busy. The errors' texts are for operators: they name method, address pattern, HTTP status and PassFort's own code and
// message, and never hold a key, a body, or an id.
package passfort

import (
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"time"
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
	// Observe, if given, is told of every call: "ok" or the kind of error, and how long it took.
	Observe func(call, outcome string, took time.Duration)
}

// Client makes calls to one PassFort account. It is safe for concurrent use.
type Client struct {
	base      *url.URL
	key       APIKey
	observe   func(call, outcome string, took time.Duration)
	transport http.RoundTripper
}

// New returns a client; it calls nobody yet.
func New(o Options) *Client {
	c := &Client{base: o.BaseURL, key: o.APIKey, observe: o.Observe, transport: newTransport()}
	if c.observe == nil {
		c.observe = func(string, string, time.Duration) {}
	}
	return c
}

// The times that a call may take. The API itself works on one for up to a minute (help article "Make a test API call
// for authentication").
const (
	connectWithin = 5 * time.Second
	answerWithin  = 65 * time.Second
)

// newTransport returns connections of our own. They are used without an http.Client, which would follow redirects,
// and keep cookies if told to: neither has a place in this API.
func newTransport() *http.Transport {
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: connectWithin}).DialContext,
		TLSHandshakeTimeout:    connectWithin,
		MaxResponseHeaderBytes: 64 << 10,
		ForceAttemptHTTP2:      true,
		MaxIdleConns:           32,
		MaxIdleConnsPerHost:    32,
		// Below the minute at which servers usually drop idle connections: a call that meets the drop has an unknown fate.
		IdleConnTimeout: 30 * time.Second,
	}
}
