package onboarding

import (
	"slices"
	"strings"
)

// Sides of a document.
const (
	FrontSide = "FRONT_SIDE"
	BackSide  = "BACK_SIDE"
)

// DataStep is the step in which the applicant types data, by Sumsub's name; the others that the portal offers take documents.
const DataStep = "APPLICANT_DATA"

// twoSided are the documents with something to read on both sides, as Sumsub's guide to its API has it.
var twoSided = []string{"ID_CARD", "DRIVERS", "RESIDENCE_PERMIT"}

// apiSteps are the steps that can be finished without the provider's own forms.
var apiSteps = []string{
	DataStep, "IDENTITY", "IDENTITY2", "IDENTITY3", "IDENTITY4", "SELFIE", "SELFIE2", "PROOF_OF_RESIDENCE", "PROOF_OF_RESIDENCE2",
	"PROOF_OF_PAYMENT", "INVESTABILITY", "OTHER_DOCS",
}

// Live says whether the step can only be finished in the provider's own forms: a live capture, several documents at once, or
// something that is neither data nor a document.
func (s Step) Live() bool {
	if !slices.Contains(apiSteps, s.Set) || slices.ContainsFunc(s.Fields, func(f DataField) bool { return f.Required && !KnownField(f.Name) }) {
		return true
	}
	return s.Set != DataStep && len(s.Types) == 0 ||
		s.Video != "" && s.Video != "disabled" || s.All && len(s.Types) > 1 || s.Chip || slices.Contains(s.Types, "VIDEO_SELFIE")
}

// noSteps stands for the steps of a level that shows none.
const noSteps = "none"

// Live lists the steps that can only be finished in the provider's own forms. So can a level that shows no steps, and one whose
// steps take the same documents: the provider is not told for which of them a picture is.
func (v Verification) Live() []string {
	if len(v.Steps) == 0 {
		return []string{noSteps}
	}
	var sets []string
	for _, s := range v.Steps {
		if s.Live() || v.alike(s) {
			sets = append(sets, s.Set)
		}
	}
	return sets
}

// alike says whether another step takes a document that the step takes.
func (v Verification) alike(s Step) bool {
	return slices.ContainsFunc(v.Steps, func(other Step) bool {
		return other.Set != s.Set && slices.ContainsFunc(other.Types, func(t string) bool { return slices.Contains(s.Types, t) })
	})
}

// SidesOf lists the sides of a document of that type, in the order in which they are given: two for cards, licences and
// permits, and a nameless one for everything else.
func (s Step) SidesOf(docType string) []string {
	if !slices.Contains(twoSided, docType) || len(s.Sides) > 0 && !slices.Contains(s.Sides, BackSide) {
		return []string{""}
	}
	return []string{FrontSide, BackSide}
}

// Place is where a picture goes.
type Place struct {
	Set, Type, Side string
}

// At returns the picture that counts at a place, the newest where there are several. Some accounts name no side for what
// has one, so a picture without a side is a front.
func (s Step) At(p Place) (Image, bool) {
	found, ok := Image{}, false
	for _, i := range s.Images {
		if i.Inactive || i.Type != p.Type || i.Side != p.Side && !(i.Side == "" && p.Side == FrontSide) && !(i.Side == FrontSide && p.Side == "") {
			continue
		}
		if !ok || !found.newerThan(i) {
			found, ok = i, true
		}
	}
	return found, ok
}

// newerThan says whether the image came after another. The provider tells seconds; our own ids grow with time.
func (i Image) newerThan(other Image) bool {
	if i.AddedAt.Equal(other.AddedAt) {
		return i.Document > other.Document
	}
	return i.AddedAt.After(other.AddedAt)
}

// StepState is how a step stands for the applicant.
type StepState string

// The states of a step.
const (
	StepWanted   StepState = "wanted"   // nothing is there
	StepPartly   StepState = "partly"   // a side is missing
	StepGiven    StepState = "given"    // everything is there, and can still be changed
	StepRejected StepState = "rejected" // it was rejected and must be given anew
	StepAccepted StepState = "accepted" // it was found good, and stays
	// StepDoubtful means that something was rejected, and the provider does not say what: whatever is there can be given anew.
	StepDoubtful StepState = "doubtful"
)

// StateOf is how a step stands.
func (v Verification) StateOf(s Step) StepState {
	if s.Set == DataStep {
		return v.dataState(s)
	}
	docType, _ := s.Chosen()
	missing := len(v.Wanted(s, docType))
	switch sides := len(s.SidesOf(docType)); {
	case docType != "" && missing == 0 && v.vague() && v.allJudged(s, docType):
		return StepDoubtful
	case docType != "" && missing == 0 && v.retrying() && !s.Review.Rejected() && (s.Review.Answer == Green || v.allGreen(s, docType)):
		return StepAccepted
	case docType != "" && missing == 0:
		return StepGiven
	case v.asking() && v.rejectedAnywhere(s):
		return StepRejected
	case docType == "" || missing == sides:
		return StepWanted
	}
	return StepPartly
}

// Chosen is the type and country of the document that the step has, empty while it has none: that of the pictures that
// count, or else what the provider says.
func (s Step) Chosen() (docType, country string) {
	newest := Image{}
	for _, i := range s.Images {
		if !i.Inactive && i.Type != "" && (newest.Type == "" || !newest.newerThan(i)) {
			newest = i
		}
	}
	if newest.Type != "" {
		return newest.Type, newest.Country
	}
	return s.Type, s.Country
}

// Wanted lists the sides of a document of that type that are still to be given: missing ones, and rejected ones.
func (v Verification) Wanted(s Step, docType string) []string {
	var sides []string
	for _, side := range s.SidesOf(docType) {
		image, ok := s.At(Place{Set: s.Set, Type: docType, Side: side})
		if !ok || v.rejects(s, image) {
			sides = append(sides, side)
		}
	}
	return sides
}

// retrying says whether the applicant is asked for something anew. It is not documented how an applicant stands who has given
// some of it and not yet asked for the check: the rejection stays to be seen, and with it what was rejected.
func (v Verification) retrying() bool {
	return (v.Status == ReviewCompleted || v.Status == ReviewInit) && v.Review.Answer == Red && v.Review.RejectType == Retry
}

// asking says whether the provider takes documents. It also does from somebody who was rejected for good and is asked after all:
// what was rejected of a step before is still to be given anew then.
func (v Verification) asking() bool { return v.Status == ReviewInit || v.retrying() }

// rejects says whether a picture is to be given anew: it was rejected itself, or its whole step was, without a word about
// any picture of it. One that was given since is not.
func (v Verification) rejects(s Step, i Image) bool {
	return i.Review.Rejected() || v.asking() && s.Review.Rejected() && !v.judgedByPicture(s) && slices.Contains(v.Judged, i.ID)
}

// Replaceable says whether there is a picture at a place that may be given anew. What was there when the provider rejected
// something, and is not rejected, stays.
func (v Verification) Replaceable(s Step, p Place) bool {
	image, ok := s.At(p)
	return ok && v.StateOf(s) != StepAccepted &&
		(!v.retrying() || !slices.Contains(v.Judged, image.ID) || v.rejects(s, image) || v.StateOf(s) == StepDoubtful)
}

// vague says whether something was rejected without a word of what.
func (v Verification) vague() bool {
	onlyData := len(v.Review.Labels) == 1 && v.Review.Labels[0] == DataLabel
	return v.retrying() && !onlyData && !slices.ContainsFunc(v.Steps, v.rejectedAnywhere)
}

// allJudged says whether nothing of the step was given since something was rejected.
func (v Verification) allJudged(s Step, docType string) bool {
	return !slices.ContainsFunc(s.SidesOf(docType), func(side string) bool {
		image, ok := s.At(Place{Set: s.Set, Type: docType, Side: side})
		return ok && !slices.Contains(v.Judged, image.ID)
	})
}

// judgedByPicture says whether the provider has said of a picture of the step what is wrong with it. What it said of one that did
// not count any more was an earlier rejection.
func (v Verification) judgedByPicture(s Step) bool {
	return slices.ContainsFunc(s.Images, func(i Image) bool { return i.Review.Rejected() && slices.Contains(v.Judged, i.ID) })
}

func (v Verification) rejectedAnywhere(s Step) bool {
	return s.Review.Rejected() || v.judgedByPicture(s)
}

func (v Verification) allGreen(s Step, docType string) bool {
	for _, side := range s.SidesOf(docType) {
		if image, ok := s.At(Place{Set: s.Set, Type: docType, Side: side}); !ok || image.Review.Answer != Green {
			return false
		}
	}
	return true
}

// DataLabel is the label of a rejection because of what the applicant has typed, and not because of a document.
const DataLabel = "PROBLEMATIC_APPLICANT_DATA"

// WantsData says whether the applicant is asked to correct what was typed.
func (v Verification) WantsData() bool {
	said, _ := v.Step(DataStep)
	rejected := v.retrying() && slices.Contains(v.Review.Labels, DataLabel) || v.asking() && said.Review.Rejected()
	return rejected && !v.Corrected
}

// dataState is how the step of the applicant's own data stands.
func (v Verification) dataState(s Step) StepState {
	if v.WantsData() {
		return StepRejected
	}
	for _, f := range s.Fields {
		if f.Required && strings.TrimSpace(v.Data[f.Name]) == "" {
			return StepWanted
		}
	}
	return StepGiven
}

// Complete says whether everything that the level asks for is there, so that the check can be asked for. Where nobody knows
// what was rejected, something must be new.
func (v Verification) Complete() bool {
	missing := slices.ContainsFunc(v.Steps, func(s Step) bool {
		state := v.StateOf(s)
		return state != StepGiven && state != StepAccepted && state != StepDoubtful
	})
	return len(v.Steps) > 0 && !missing && !v.WantsData() && (!v.vague() || v.Corrected || v.renewed())
}

// renewed says whether a picture was given since something was rejected.
func (v Verification) renewed() bool {
	return slices.ContainsFunc(v.Steps, func(s Step) bool {
		return slices.ContainsFunc(s.Images, func(i Image) bool { return !i.Inactive && !slices.Contains(v.Judged, i.ID) })
	})
}
