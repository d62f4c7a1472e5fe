package sumsub

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"portal/internal/onboarding"
)

var errNoStatus = errors.New("the answer does not say how the review stands")

// codeDeleted is the error code of a deleted or inactive applicant.
const codeDeleted = 1008

// Verification reads how the applicant stands. The applicant is read first, and the details only then: results of steps that
// are newer than the status are told again by the next read, while a rejection with details from before it would show the
// applicant nothing to do, and nothing would bring a further read about.
func (c *Client) Verification(ctx context.Context, id onboarding.ProfileID) (onboarding.Verification, error) {
	began := c.now()
	a, err := c.applicant(ctx, id)
	if gone(err) {
		return onboarding.Verification{Gone: true, ReadAt: began}, nil
	}
	if err != nil {
		return onboarding.Verification{}, err
	}
	if !a.gone() && a.Review.Status == "" {
		return onboarding.Verification{}, readApplicant.failed(onboarding.Busy, fmt.Errorf("%w: %w", onboarding.ErrUnreadable, errNoStatus))
	}
	var d details
	if !a.gone() {
		d, err = c.details(ctx, a)
	}
	if gone(err) {
		a.Deleted, err = true, nil
	}
	if err != nil {
		return onboarding.Verification{}, err
	}
	return a.verification(d, began), nil
}

func (a applicant) gone() bool { return bool(a.Deleted || a.Inactive) }

// gone says whether an error means that the provider has deleted or deactivated the applicant. A 404 means so only by its
// words, which is all there is of it; without them the applicant may be of another account.
func gone(err error) bool {
	said, ok := errors.AsType[*refusal](err)
	return ok && (said.code == codeDeleted || said.status == http.StatusNotFound && strings.Contains(strings.ToLower(said.description), "deactivated"))
}

// details are what is read of an applicant's steps.
type details struct {
	steps   map[string]*stepStatus // by set; nil for those for which there is nothing
	images  []resource
	reasons reasons
}

// details reads them all at once.
func (c *Client) details(ctx context.Context, a applicant) (d details, err error) {
	g, within := errgroup.WithContext(ctx)
	names := []string{string(a.ID)}
	g.Go(func() error {
		return c.do(within, call{endpoint: readSteps, names: names}, func(answer reply) (err error) {
			d.steps, err = decodeSteps(answer.body)
			return err
		})
	})
	g.Go(func() error {
		return c.do(within, call{endpoint: readImages, names: names}, func(answer reply) (err error) {
			d.images, err = decodeImages(answer.body)
			return err
		})
	})
	if a.Review.rejected() {
		g.Go(func() error {
			d.reasons = c.reasons(within, names)
			return nil
		})
	}
	return d, g.Wait()
}

// verification joins what was read.
func (a applicant) verification(d details, at time.Time) onboarding.Verification {
	v := onboarding.Verification{
		Level: word(a.Review.Level), Inspection: word(a.Inspection), Status: onboarding.ReviewStatus(word(a.Review.Status)),
		Language: word(a.Language),
		Review:   a.Review.Result.domain(), Attempt: int(a.Review.Attempt), Steps: a.Required.steps(), Data: a.data(),
		Included: a.Required.Included, Excluded: a.Required.Excluded, Gone: a.gone(), ReadAt: at,
	}
	v.Review.Buttons = d.reasons.ofApplicant(v.Review)
	images := d.imagesBySet(v.Steps)
	for i := range v.Steps {
		s := &v.Steps[i]
		s.Images = images[s.Set]
		if is := d.steps[s.Set]; is != nil {
			s.Given, s.Type, s.Country, s.Review = true, word(is.Type), word(is.Country), is.Review.domain()
		}
	}
	return v
}

// Standing is where an applicant's review stands, without the steps.
type Standing struct {
	Level   string
	Status  onboarding.ReviewStatus
	Review  onboarding.Review
	Attempt int
}

// Status reads where the applicant's review stands, which costs one read where [Client.Verification] costs three or four.
func (c *Client) Status(ctx context.Context, id onboarding.ProfileID) (Standing, error) {
	var s standing
	err := c.do(ctx, call{endpoint: readStatus, names: []string{string(id)}}, func(answer reply) error {
		if err := decodeObject(answer.body, &s); err != nil {
			return err
		}
		if s.Status == "" {
			return errNoStatus
		}
		return nil
	})
	if err != nil {
		return Standing{}, err
	}
	return Standing{Level: string(s.Level), Status: onboarding.ReviewStatus(s.Status), Review: s.Result.domain(), Attempt: int(s.Attempt)}, nil
}
