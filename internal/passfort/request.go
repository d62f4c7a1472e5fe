package passfort

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"portal/internal/onboarding"
)

type newRequest struct {
	Type         string `json:"type"`
	FlowTemplate alias  `json:"flow_template"`
	Theme        alias  `json:"theme"`
}

// CreateRequest asks for the forms of a flow on a profile. When it was created is for the caller to say.
func (c *Client) CreateRequest(ctx context.Context, id onboarding.ProfileID, f onboarding.Forms) (onboarding.CustomerRequest, error) {
	k := call{
		endpoint: createRequest, id: id,
		body: newRequest{Type: "FLOW", FlowTemplate: alias{f.FlowTemplate}, Theme: alias{f.Theme}},
	}
	var q onboarding.CustomerRequest
	err := c.do(ctx, k, func(answer reply) (err error) {
		q, err = decodeCreatedRequest(answer.body)
		return err
	})
	return q, err
}

// LatestRequest reads the most recent customer request of a profile. NotFound wraps [ErrNoRequest] or [ErrNoProfile]
// where the answer tells which of them is missing.
func (c *Client) LatestRequest(ctx context.Context, id onboarding.ProfileID) (onboarding.Sighting, error) {
	var s onboarding.Sighting
	none := false
	err := c.do(ctx, call{endpoint: readRequest, id: id}, func(answer reply) (err error) {
		s, none, err = decodeSighting(answer.body)
		return err
	})
	if err == nil && none {
		return onboarding.Sighting{}, readRequest.failed(onboarding.NotFound, ErrNoRequest)
	}
	return s, err
}

var (
	errNoKey   = errors.New("the answer has no usable apikey")
	errNoState = errors.New("the answer does not say is_completed")
)

// decodeCreatedRequest reads the pair that opens the forms; one without the other is of no use.
func decodeCreatedRequest(body []byte) (onboarding.CustomerRequest, error) {
	var created struct {
		ID     string `json:"id"`
		APIKey string `json:"apikey"`
	}
	switch {
	case json.Unmarshal(body, &created) != nil:
		return onboarding.CustomerRequest{}, errNoJSON
	case !opaque(created.ID):
		return onboarding.CustomerRequest{}, errNoID
	case !opaque(created.APIKey):
		return onboarding.CustomerRequest{}, errNoKey
	}
	return onboarding.CustomerRequest{ID: onboarding.RequestID(created.ID), Key: onboarding.RequestKey(created.APIKey)}, nil
}

// decodeSighting reads how a request stands. Whether the read repeats the key is not documented; nor is what it answers
// where there never was a request: JSON's null serves as well as a 404.
func decodeSighting(body []byte) (s onboarding.Sighting, none bool, err error) {
	var read *struct {
		ID          string `json:"id"`
		APIKey      string `json:"apikey"`
		IsCompleted *bool  `json:"is_completed"`
	}
	switch {
	case json.Unmarshal(body, &read) != nil:
		return s, false, errNoJSON
	case read == nil:
		return s, true, nil
	case !opaque(read.ID):
		return s, false, errNoID
	case read.APIKey != "" && !opaque(read.APIKey):
		return s, false, errNoKey
	case read.IsCompleted == nil:
		return s, false, errNoState
	}
	return onboarding.Sighting{
		ID: onboarding.RequestID(read.ID), Key: onboarding.RequestKey(read.APIKey), Completed: *read.IsCompleted,
	}, false, nil
}

// opaque says whether s can be an id or a key of which nothing is known but that it travels in headers and addresses.
func opaque(s string) bool {
	return s != "" && len(s) <= 512 && !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' })
}
