package sumsub

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"portal/internal/sandbox/effects"
)

// Finding is what a check says of an applicant or of an image.
type Finding struct {
	Answer        string   `json:"answer" usage:"GREEN or RED"`
	RejectType    string   `json:"reject_type,omitempty" usage:"RETRY, FINAL, or nothing"`
	Labels        []string `json:"labels,omitempty" usage:"reasons of a rejection"`
	Comment       string   `json:"comment,omitempty" usage:"what the applicant reads"`
	Buttons       []string `json:"buttons,omitempty" usage:"finer reasons, as group or group_button"`
	ClientComment string   `json:"client_comment,omitempty" usage:"what only the company may read"`
}

// Verdict is how a check ends.
type Verdict struct {
	Finding
	Mode string `json:"mode,omitempty" usage:"reviewMode of the webhook, such as ongoingAml"`
	// Images are findings by image id, by side (FRONT_SIDE), by step (SELFIE) or by both (IDENTITY/BACK_SIDE). Where there
	// are none the labels tell which step a rejection is about.
	Images map[string]Finding `json:"images,omitempty" usage:"findings by image id, side, step, or step/side"`
	After  string             `json:"after,omitempty" usage:"gives the verdict later, such as 168h on the sandbox's clock"`

	whole bool // it is about the applicant alone: steps and images stay as they are
}

// Decide gives an applicant, named by id or by externalUserId, a verdict: now, or later.
func (p *Provider) Decide(name string, v Verdict) error {
	p.enter()
	defer p.leave()
	a, err := p.anyName(name)
	if err != nil {
		return err
	}
	after, err := v.check()
	if err != nil {
		return fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	for key := range v.Images {
		if _, known := p.meant(a, key); !known {
			return fmt.Errorf("%w: %q is no image, side or step of this applicant", ErrInvalid, key)
		}
	}
	v.After = ""
	p.schedule(after, due{What: dueVerdict, ID: a.ID, Verdict: &v})
	return nil
}

// check says what is wrong with a verdict, and how much later it is to be given.
func (v Verdict) check() (after time.Duration, err error) {
	errs := []error{v.Finding.check()}
	for key, f := range v.Images {
		if err := f.check(); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", key, err))
		}
	}
	if v.After != "" {
		if after, err = time.ParseDuration(v.After); err != nil || after < 0 {
			errs = append(errs, fmt.Errorf("after is %q, but must be a duration such as 168h", v.After))
		}
	}
	return after, errors.Join(errs...)
}

func (f Finding) check() error {
	switch {
	case f.Answer != green && f.Answer != red:
		return fmt.Errorf("answer is %q, but must be GREEN or RED", f.Answer)
	case f.Answer == green && f.RejectType != "":
		return errors.New("reject_type only goes with RED")
	case !slices.Contains([]string{"", final, retry, "EXTERNAL"}, f.RejectType):
		return fmt.Errorf("reject_type is %q, but must be RETRY, FINAL or EXTERNAL, or left out", f.RejectType)
	}
	return nil
}

// result is the finding as the API shows it.
func (f Finding) result() *result {
	return &result{
		ReviewAnswer: f.Answer, ReviewRejectType: f.RejectType, RejectLabels: slices.Clone(f.Labels), ButtonIDs: slices.Clone(f.Buttons),
		ModerationComment: f.Comment, ClientComment: f.ClientComment,
	}
}

// apply gives a verdict. The lock is held.
func (p *Provider) apply(a *applicant, v Verdict) {
	now := p.now()
	r := &a.Review
	if r.Pending.IsZero() {
		r.Pending = now
	}
	if r.Queued.IsZero() {
		r.Queued = now
	}
	if len(v.Labels) == 0 {
		v.Labels = v.labels()
	}
	r.Asked, r.Status, r.Reviewed, r.Mode, r.Result = true, statusCompleted, now, v.Mode, v.result()
	if !v.whole {
		p.judge(a, v)
	}
	if v.Answer == green {
		a.extract()
	}
	p.record(effects.Verdict, r.AttemptID, a)
	p.notify("applicantReviewed", a)
}

// labels are the reasons of all images together.
func (v Verdict) labels() []string {
	var all []string
	for _, key := range slices.Sorted(maps.Keys(v.Images)) {
		for _, label := range v.Images[key].Labels {
			if !slices.Contains(all, label) {
				all = append(all, label)
			}
		}
	}
	return all
}

// extracted are the fields that Sumsub reads in documents.
var extracted = []string{"firstName", "lastName", "middleName", "dob", "country", "nationality", "placeOfBirth"}

// extract fills in what was read in the documents of somebody who was approved: what was said about them.
func (a *applicant) extract() {
	for _, name := range extracted {
		if value, given := a.FixedInfo[name]; given && a.Info[name] == nil {
			a.Info[name] = value
		}
	}
	for _, name := range []string{"firstName", "lastName"} {
		if text, ok := a.Info[name].(string); ok && a.Info[name+"En"] == nil {
			a.Info[name+"En"] = text
		}
	}
}

// comments are what applicants read about some reasons.
var comments = map[string]string{
	"UNSATISFACTORY_PHOTOS": "The text on your identity document is not clearly visible. Please, upload a new photo.",
	"SCREENSHOTS":           "We do not accept screenshots. Please upload an original photo.",
	"FRONT_SIDE_MISSING":    "Please upload a photo of the front of your document.",
	"BACK_SIDE_MISSING":     "Please upload a photo of the back of your document.",
	"BAD_SELFIE":            "Please take a selfie on which your face and your document can be seen well.",
	"EXPIRATION_DATE":       "Your document has expired. Please upload a valid one.",
}

// commentOn is what the applicant reads about these reasons.
func commentOn(labels []string) string {
	for _, label := range labels {
		if text := comments[label]; text != "" {
			return text
		}
	}
	return "Please, upload a new photo."
}
