package sumsub

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"portal/internal/onboarding"
)

// The headers of an upload and of its answer (docs.sumsub.com, "Add ID documents").
const (
	warningsHeader = "X-Return-Doc-Warnings"
	imageHeader    = "X-Image-Id"
)

// An upload may take the longer the greater it is.
const (
	toUpload   = 30 * time.Second
	mostUpload = 3 * time.Minute
	pace       = 64 << 10 // bytes a second
)

var errNoImage = errors.New("the answer does not name the image")

// AddDocument sends a document. The front of one with two sides must be sent first. Errors and warnings of the answer are
// tags such as "screenshot"; with an error the document does not count.
func (c *Client) AddDocument(ctx context.Context, id onboarding.ProfileID, d onboarding.Document, content onboarding.Content) (onboarding.Receipt, error) {
	body, err := documentPayload(d, content)
	if err != nil {
		return onboarding.Receipt{}, addDocument.failed(onboarding.Invalid, err)
	}
	k := call{
		endpoint: addDocument, names: []string{string(id)}, body: body, longer: uploadTime(body.size()), patience: uploadTurnWithin,
		header: http.Header{warningsHeader: {"true"}},
	}
	var got onboarding.Receipt
	err = c.do(ctx, k, func(answer reply) (err error) {
		got, err = decodeReceipt(answer)
		return err
	})
	return got, err
}

func uploadTime(size int64) time.Duration {
	return min(toUpload+time.Duration(size/pace)*time.Second, mostUpload)
}

// decodeReceipt reads what was found on a document as it came in.
func decodeReceipt(answer reply) (onboarding.Receipt, error) {
	var found struct {
		Errors   words `json:"errors"`
		Warnings words `json:"warnings"`
	}
	if err := decodeObject(answer.body, &found); err != nil {
		return onboarding.Receipt{}, err
	}
	image := answer.header.Get(imageHeader)
	if !idForm.MatchString(image) {
		return onboarding.Receipt{}, errNoImage
	}
	advice := slices.Concat(found.Errors, found.Warnings)
	return onboarding.Receipt{Image: image, Advice: advice, Refused: len(found.Errors) > 0}, nil
}

// RemoveImage makes an image count no more. One that is not there does not count already.
func (c *Client) RemoveImage(ctx context.Context, inspection, image string) error {
	err := c.do(ctx, call{endpoint: removeImage, names: []string{inspection, image}}, anyObject)
	if onboarding.KindOf(err) == onboarding.NotFound {
		return nil
	}
	return err
}

// RequestCheck asks for the check.
func (c *Client) RequestCheck(ctx context.Context, id onboarding.ProfileID) error {
	return c.do(ctx, call{endpoint: requestCheck, names: []string{string(id)}}, anyObject)
}
