package passfort

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
	"syscall"
	"time"

	"portal/internal/onboarding"
)

// call is one request to the API.
type call struct {
	name    string // in metrics
	method  string
	path    []string   // below the base, each element whole
	pattern string     // the path without ids, for people
	query   url.Values // nil for none
	body    any        // sent as JSON; nil for none
}

// creates says whether the call may change something at PassFort.
func (c call) creates() bool { return c.method != http.MethodGet }

// The greatest bodies read, in bytes. Reads show what PassFort keeps of customers, created things are small.
const (
	maxCreated = 1 << 20
	maxRead    = 8 << 20
)

// reply is an answer that has been read to its end.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// do makes the call and decodes its answer. An error is an *onboarding.Error. decode returns what is wrong with an
// answer whose status was good; its text must not repeat what it read.
func (c *Client) do(ctx context.Context, k call, decode func(body []byte) error) error {
	began := time.Now()
	err := c.attempt(ctx, k, decode)
	outcome := "ok"
	if err != nil {
		outcome = string(onboarding.KindOf(err))
	}
	c.observe(k.name, outcome, time.Since(began))
	return err
}

func (c *Client) attempt(ctx context.Context, k call, decode func(body []byte) error) error {
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	var reached atomic.Bool
	r, err := c.request(httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { reached.Store(true) },
	}), k)
	if err != nil {
		return k.failed(onboarding.Invalid, err)
	}
	answer, err := c.send(r, k)
	switch {
	case err != nil && !reached.Load():
		return k.failed(onboarding.Busy, fmt.Errorf("no connection: %w", err))
	case err != nil:
		return k.failed(k.unknown(), whatBroke(err))
	default:
		return c.judge(k, answer, decode)
	}
}

// request builds the call's HTTP request.
func (c *Client) request(ctx context.Context, k call) (*http.Request, error) {
	var body io.Reader
	if k.body != nil {
		text, err := json.Marshal(k.body)
		if err != nil {
			return nil, fmt.Errorf("encoding: %w", err)
		}
		body = bytes.NewReader(text)
	}
	u := c.base.JoinPath(k.path...)
	u.RawQuery = k.query.Encode()
	r, err := http.NewRequestWithContext(ctx, k.method, u.String(), body)
	if err != nil {
		return nil, errors.New("the address is wrong")
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	r.Header.Set("Accept", "application/json")
	r.Header.Set("Apikey", string(c.key))
	return r, nil
}

// send makes the request and reads the whole answer.
func (c *Client) send(r *http.Request, k call) (reply, error) {
	most := int64(maxRead)
	if k.creates() {
		most = maxCreated
	}
	answer, err := c.transport.RoundTrip(r)
	if err != nil {
		return reply{}, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, most+1))
	if err != nil {
		return reply{}, err
	}
	if int64(len(body)) > most {
		return reply{}, errTooLong
	}
	return reply{status: answer.StatusCode, header: answer.Header, body: body}, nil
}

var errTooLong = errors.New("the answer is too long")

// whatBroke says how a call broke off after it had been sent. Other errors may quote what they could not read, so they
// are not repeated.
func whatBroke(err error) error {
	for _, known := range []error{
		context.Canceled, context.DeadlineExceeded, errTooLong,
		syscall.ECONNRESET, syscall.EPIPE, io.ErrUnexpectedEOF, io.EOF,
	} {
		if errors.Is(err, known) {
			return fmt.Errorf("no whole answer: %w", known)
		}
	}
	return errors.New("no whole answer: the connection broke")
}
