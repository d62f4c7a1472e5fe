package passfort

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"portal/internal/breaker"
	"portal/internal/onboarding"
)

// call is one request to the API.
type call struct {
	*endpoint
	id       onboarding.ProfileID // for endpoints of one profile
	query    url.Values           // nil for none
	body     any                  // sent as JSON; nil for none
	ifMatch  string               // the version that is to be replaced; empty for calls without one
	personal bool                 // the body holds personal data, which a refusal may repeat
}

// reply is an answer that has been read to its end.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// do makes the call and decodes its answer. An error is an *onboarding.Error. decode returns what is wrong with an
// answer whose status was good; its text must not repeat what it read. It is also given the answer to a write that came
// too late, which shows what others have written.
func (c *Client) do(ctx context.Context, k call, decode func(answer reply) error) error {
	began := time.Now()
	var answer reply
	err := c.breakers[k.endpoint].Run(func() (err error) {
		answer, err = c.attempt(ctx, k, decode)
		return err
	})
	outcome := "ok"
	if err != nil {
		outcome = string(onboarding.KindOf(err))
	}
	c.observe(k.name, outcome, time.Since(began))
	c.tellQuota(ctx, k.endpoint, answer)
	return err
}

// attempt makes the call once there is a place for it. The answer is returned even if it is not what was wanted.
func (c *Client) attempt(caller context.Context, k call, decode func(answer reply) error) (reply, error) {
	giveBack, err := c.places.take(caller, k.endpoint)
	if err != nil {
		return reply{}, k.failed(onboarding.Busy, breaker.NoEvidence(err))
	}
	defer giveBack()
	ctx, p := patient(caller, k.limits)
	defer p.stop()
	r, err := c.request(ctx, k)
	if err != nil {
		return reply{}, k.failed(onboarding.Invalid, breaker.NoEvidence(err))
	}
	answer, err := c.send(r, k, p)
	if err != nil {
		return reply{}, k.brokeOff(caller, p.connected.Load(), whyEnded(caller, ctx, err))
	}
	return answer, c.judge(k, answer, decode)
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
	path, err := k.path()
	if err != nil {
		return nil, err
	}
	u := c.base.JoinPath(path)
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
	if k.ifMatch != "" {
		r.Header.Set("If-Match", k.ifMatch)
	}
	return r, nil
}

// path is the endpoint's with the id in its place.
func (k call) path() (string, error) {
	if !strings.Contains(k.pattern, "{id}") {
		return k.pattern, nil
	}
	if !profileID.MatchString(string(k.id)) {
		return "", errors.New("the profile's id cannot be one")
	}
	return strings.Replace(k.pattern, "{id}", string(k.id), 1), nil
}

// send makes the request and reads the whole answer.
func (c *Client) send(r *http.Request, k call, p *patience) (reply, error) {
	answer, err := c.transport.RoundTrip(r)
	if err != nil {
		return reply{}, err
	}
	defer answer.Body.Close()
	p.awaitRest()
	body, err := io.ReadAll(io.LimitReader(answer.Body, k.most+1))
	if err != nil {
		return reply{}, err
	}
	if int64(len(body)) > k.most {
		return reply{}, errTooLong
	}
	return reply{status: answer.StatusCode, header: answer.Header, body: body}, nil
}
