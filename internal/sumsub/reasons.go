package sumsub

import (
	"context"
	"slices"

	"portal/internal/onboarding"
)

// reasons are why an applicant was rejected, in finer terms than labels. Their form is documented nowhere; it is taken from the
// types of a community client.
type reasons struct {
	applicant []string
	images    map[string][]string
}

// buttons are reasons by their names, in the form of group_button.
type buttons map[text]struct {
	Value flag `json:"value"`
}

func (b buttons) pressed() []string {
	var names []string
	for name, is := range b {
		if found := word(name); found != "" && bool(is.Value) {
			names = append(names, found)
		}
	}
	slices.Sort(names)
	return names
}

// reasons reads them. They only refine what is known without them, so a rejection is shown even if they cannot be read.
func (c *Client) reasons(ctx context.Context, names []string) reasons {
	var got reasons
	err := c.do(ctx, call{endpoint: readReasons, names: names}, func(answer reply) (err error) {
		got, err = decodeReasons(answer.body)
		return err
	})
	if err != nil {
		return reasons{}
	}
	return got
}

func decodeReasons(body []byte) (reasons, error) {
	var answer struct {
		List struct {
			Items []struct {
				Applicant buttons `json:"applicantState"`
				Images    map[text]struct {
					State buttons `json:"state"`
				} `json:"imagesStates"`
			} `json:"items"`
		} `json:"list"`
	}
	if err := decodeObject(body, &answer); err != nil {
		return reasons{}, err
	}
	got := reasons{images: map[string][]string{}}
	for _, item := range answer.List.Items {
		got.applicant = append(got.applicant, item.Applicant.pressed()...)
		for id, is := range item.Images {
			got.images[string(id)] = append(got.images[string(id)], is.State.pressed()...)
		}
	}
	return got, nil
}

// ofApplicant are the buttons of an applicant's review with the reasons.
func (r reasons) ofApplicant(is onboarding.Review) []string { return merged(is, r.applicant) }

// ofImage are the buttons of an image's review with the reasons.
func (r reasons) ofImage(id string, is onboarding.Review) []string { return merged(is, r.images[id]) }

// merged are a review's buttons and further ones, each once. Reasons are only those of a rejection.
func merged(is onboarding.Review, further []string) []string {
	all := slices.Clip(is.Buttons)
	for _, b := range further {
		if is.Rejected() && !slices.Contains(all, b) {
			all = append(all, b)
		}
	}
	return all
}
