package sumsub

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"time"

	"portal/internal/breaker"
	"portal/internal/onboarding"
)

// call is one request to the API.
type call struct {
	*endpoint
	names  []string   // what stands in the path, in order
	query  url.Values // nil for none
	body   *payload   // nil for none
	header http.Header

	longer   time.Duration // the time it may take where that is not the endpoint's
	patience time.Duration // for its turn, on top of that time; zero where waiting for a turn is part of it, and short
}

// reply is an answer that has been read to its end.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// do makes the call and decodes its answer. An error is an *onboarding.Error. decode returns what is wrong with an answer
// whose status was good; its text must not repeat what it read.
func (c *Client) do(caller context.Context, k call, decode func(answer reply) error) error {
	began := time.Now()
	ctx, cancel := k.limited(caller, k.patience)
	defer cancel()
	err := c.persist(ctx, k, decode)
	outcome := "ok"
	if err != nil {
		outcome = string(onboarding.KindOf(err))
	}
	c.observe(k.name, outcome, time.Since(began))
	return err
}

// limited bounds the call by its time, and more.
func (k call) limited(ctx context.Context, more time.Duration) (context.Context, context.CancelFunc) {
	within := cmp.Or(k.longer, k.within) + more
	return context.WithTimeoutCause(ctx, within, &tooSlow{within})
}

// attempt makes the call once.
func (c *Client) attempt(ctx context.Context, k call, decode func(answer reply) error) error {
	if err := c.awaitTurn(ctx, k); err != nil {
		return err
	}
	ctx, cancel := k.limited(ctx, 0)
	defer cancel()
	var connected atomic.Bool // from then on the call may have an effect
	traced := httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { connected.Store(true) }})
	var l loan
	defer l.end()
	r, err := c.request(traced, k, &l)
	if err != nil {
		return k.failed(onboarding.Invalid, breaker.NoEvidence(err))
	}
	answer, err := c.send(r)
	if err != nil {
		return k.brokeOff(ctx, connected.Load(), err)
	}
	return c.judge(k, answer, decode)
}

// request builds the call's HTTP request and signs it.
func (c *Client) request(ctx context.Context, k call, l *loan) (*http.Request, error) {
	path, err := k.path()
	if err != nil {
		return nil, err
	}
	u := c.base.JoinPath(path)
	u.RawQuery = strings.ReplaceAll(k.query.Encode(), "+", "%20") // which means the same to everybody
	r, err := http.NewRequestWithContext(ctx, k.method, u.String(), nil)
	if err != nil {
		return nil, errors.New("the address is wrong")
	}
	for name, values := range k.header {
		r.Header[name] = values
	}
	r.Header.Set("Accept", "application/json")
	if k.body != nil {
		r.Header.Set("Content-Type", k.body.kind)
		r.ContentLength = k.body.size()
		r.Body = l.lend(k.body.open())
		r.GetBody = func() (io.ReadCloser, error) { return l.lend(k.body.open()), nil }
	}
	return r, c.sign(r, k.body)
}

// idForm is what an id must look like to stand in an address; Sumsub's are digits, or 24 digits in hexadecimal.
var idForm = regexp.MustCompile(`^[A-Za-z0-9_-]{1,128}$`)

var placeholder = regexp.MustCompile(`\{[a-z]+\}`)

// path is the endpoint's with the call's names in their places, escaped. Only a reference of ours may be anything.
func (k call) path() (string, error) {
	rest, ok := k.names, true
	path := placeholder.ReplaceAllStringFunc(k.pattern, func(place string) string {
		name := rest[0]
		rest = rest[1:]
		if place == "{reference}" {
			ok = ok && name != ""
			return url.PathEscape(name)
		}
		ok = ok && idForm.MatchString(name)
		return name
	})
	if !ok {
		return "", errors.New("what is asked for cannot be named so")
	}
	return path, nil
}

// send makes the request and reads the whole answer.
func (c *Client) send(r *http.Request) (reply, error) {
	answer, err := c.transport.RoundTrip(r)
	if err != nil {
		return reply{}, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, mostRead+1))
	if err != nil {
		return reply{}, err
	}
	if len(body) > mostRead {
		return reply{}, errTooLong
	}
	return reply{status: answer.StatusCode, header: answer.Header, body: body}, nil
}
