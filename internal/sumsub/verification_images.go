package sumsub

import (
	"path"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"portal/internal/onboarding"
)

// stepStatus is how a step stands, and which images belong to it.
type stepStatus struct {
	Review  review          `json:"reviewResult"`
	Country text            `json:"country"`
	Type    text            `json:"idDocType"`
	Images  words           `json:"imageIds"` // the front first (docs.sumsub.com, "Get applicant verification steps status")
	Results map[text]review `json:"imageReviewResults"`
	Double  flag            `json:"doubleSided"`
}

// decodeSteps reads the steps' status; null stands for a step for which there is nothing.
func decodeSteps(body []byte) (map[string]*stepStatus, error) {
	steps := map[string]*stepStatus{}
	err := decodeObject(body, &steps)
	return steps, err
}

// resource is an image or file as the list of all shows it.
type resource struct {
	ID      text `json:"id"`
	AddedAt text `json:"addedDate"`
	File    struct {
		Name text `json:"fileName"`
	} `json:"fileMetadata"`
	Document struct {
		Country text `json:"country"`
		Type    text `json:"idDocType"`
		Side    text `json:"idDocSubType"`
	} `json:"idDocDef"`
	Review      review `json:"reviewResult"`
	Deactivated flag   `json:"deactivated"`
}

func decodeImages(body []byte) ([]resource, error) {
	var list struct {
		Items []resource `json:"items"`
	}
	err := decodeObject(body, &list)
	return list.Items, err
}

// imagesBySet sorts the images into the steps: where the steps' status names them, or else by their type. What fits no step is
// of a level that the applicant had before.
func (d details) imagesBySet(steps []onboarding.Step) map[string][]onboarding.Image {
	bySet, listed := map[string][]onboarding.Image{}, map[string]bool{}
	for _, r := range d.images {
		image := r.image()
		set := d.setOf(image, steps)
		if image.ID == "" || listed[image.ID] || set == "" {
			continue
		}
		listed[image.ID] = true
		bySet[set] = append(bySet[set], d.reviewed(image, set, r.Review))
	}
	for _, s := range steps {
		bySet[s.Set] = d.steps[s.Set].completed(bySet[s.Set], listed, d)
	}
	return bySet
}

// image is the resource in the domain's form, without its review.
func (r resource) image() onboarding.Image {
	return onboarding.Image{
		ID: word(r.ID), Document: documentOf(string(r.File.Name)), Type: word(r.Document.Type), Side: word(r.Document.Side),
		Country: word(r.Document.Country), Inactive: bool(r.Deactivated), AddedAt: addedAt(string(r.AddedAt)),
	}
}

// setOf is the step that an image belongs to; empty where it belongs to none.
func (d details) setOf(i onboarding.Image, steps []onboarding.Step) string {
	for _, s := range steps {
		if is := d.steps[s.Set]; is != nil && slices.Contains(is.Images, i.ID) {
			return s.Set
		}
	}
	for _, s := range steps {
		if i.Type != "" && slices.Contains(s.Types, i.Type) {
			return s.Set
		}
	}
	return ""
}

// reviewed is the image with its review, in finer terms where there are any.
func (d details) reviewed(i onboarding.Image, set string, own review) onboarding.Image {
	if is := d.steps[set]; is != nil {
		own = is.Results[text(i.ID)].or(own)
	}
	i.Review = own.domain()
	i.Review.Buttons = d.reasons.ofImage(i.ID, i.Review)
	return i
}

// completed are a step's images with those that only its status knows, and with their sides: some accounts name none, but the
// front comes first.
func (s *stepStatus) completed(images []onboarding.Image, listed map[string]bool, d details) []onboarding.Image {
	if s == nil {
		return images
	}
	for _, id := range s.Images {
		if !listed[id] {
			listed[id] = true
			bare := onboarding.Image{ID: id, Type: word(s.Type), Country: word(s.Country)}
			bare.Review = s.Results[text(id)].domain()
			bare.Review.Buttons = d.reasons.ofImage(id, bare.Review)
			images = append(images, bare)
		}
	}
	s.name(images)
	return images
}

// name gives the active images of a document with two sides the sides that follow from their order.
func (s *stepStatus) name(images []onboarding.Image) {
	double := s.Double || len(onboarding.Step{}.SidesOf(word(s.Type))) > 1
	side := onboarding.FrontSide
	for _, id := range s.Images {
		i := slices.IndexFunc(images, func(i onboarding.Image) bool { return i.ID == id && !i.Inactive })
		if i < 0 || !double {
			continue
		}
		if images[i].Side == "" {
			images[i].Side = side
		}
		side = onboarding.BackSide
	}
}

// documentOf is our id of the document whose file has that name; empty for the files of others.
func documentOf(name string) string {
	stem := strings.ToLower(strings.TrimSuffix(name, path.Ext(name)))
	id, err := uuid.Parse(stem)
	if err != nil || id.String() != stem {
		return ""
	}
	return stem
}

// addedAt reads a timestamp, which is in UTC and may say so; zero where it cannot be read.
func addedAt(at string) time.Time {
	t, err := time.Parse(time.DateTime, strings.TrimSuffix(at, "+0000"))
	if err != nil {
		return time.Time{}
	}
	return t
}
