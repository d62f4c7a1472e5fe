package sumsub

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"time"

	"portal/internal/onboarding"
)

// tokenFor is how long a token is of use before the page asks for another one, and linkFor how long a link is. What Sumsub
// allows at most is not documented; its examples have ten minutes for tokens and half an hour for links.
const (
	tokenFor = 10 * time.Minute
	linkFor  = 30 * time.Minute
)

// Redirect is where a WebSDK that was opened by its link sends the applicant in the end.
type Redirect struct {
	Success string `json:"successUrl,omitempty"`
	Reject  string `json:"rejectUrl,omitempty"`
}

// newPass is what opens the WebSDK, as it is asked for. The applicant is named by the reference, never by the id, which would
// create another one.
type newPass struct {
	Reference string   `json:"userId"`
	Level     string   `json:"levelName"`
	TTL       int64    `json:"ttlInSecs"`
	Redirect  Redirect `json:"redirect,omitzero"`
}

var (
	errNoToken = errors.New("the answer has no usable token")
	errNoLink  = errors.New("the answer has no usable link")
)

// AccessToken returns what opens the WebSDK in a page of ours. If there is no applicant of the reference, Sumsub creates one.
func (c *Client) AccessToken(ctx context.Context, reference, level string) (onboarding.SDKToken, time.Duration, error) {
	var token text
	p := newPass{Reference: reference, Level: level, TTL: int64(tokenFor.Seconds())}
	err := c.pass(ctx, createToken, p, func(answer reply) error {
		var created struct {
			Token     text `json:"token"`
			Reference text `json:"userId"`
		}
		if err := decodeObject(answer.body, &created); err != nil {
			return err
		}
		token = created.Token
		switch {
		case created.Reference != "" && string(created.Reference) != reference:
			return errOther
		case !opaque(string(token)):
			return errNoToken
		}
		return nil
	})
	if err != nil {
		return "", 0, err
	}
	return onboarding.SDKToken(token), tokenFor, nil
}

// WebSDKLink returns the address of a page of Sumsub's own in which the WebSDK opens. Whoever has it is taken for the
// applicant.
func (c *Client) WebSDKLink(ctx context.Context, reference, level string, to Redirect) (Secret, error) {
	var link text
	p := newPass{Reference: reference, Level: level, TTL: int64(linkFor.Seconds()), Redirect: to}
	err := c.pass(ctx, createLink, p, func(answer reply) error {
		var created struct {
			URL text `json:"url"`
		}
		if err := decodeObject(answer.body, &created); err != nil {
			return err
		}
		link = created.URL
		if u, err := url.Parse(string(link)); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
			return errNoLink
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	return Secret(link), nil
}

func (c *Client) pass(ctx context.Context, e *endpoint, p newPass, decode func(answer reply) error) error {
	body, err := jsonPayload(p)
	if err != nil {
		return e.failed(onboarding.Invalid, err)
	}
	return c.do(ctx, call{endpoint: e, body: body}, decode)
}

// opaque says whether s can be a token, of which nothing is known but that it stands in pages and headers.
func opaque(s string) bool {
	return s != "" && len(s) <= 4096 && !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' })
}
