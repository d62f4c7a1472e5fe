package sumsub

import (
	"slices"
	"strings"
)

// How a step of a level stands.
const (
	StepWanted   = "wanted"   // nothing is there
	StepPartly   = "partly"   // a side is missing
	StepGiven    = "given"    // everything is there
	StepRejected = "rejected" // it was rejected and must be given anew
	StepAccepted = "accepted" // it was found good
)

// chosen is the document that a step has: that of its newest image that counts.
func (a *applicant) chosen(d DocSet) (docType, country string) {
	for _, i := range slices.Backward(a.Images) {
		if !i.Deactivated && slices.Contains(d.Types, i.Type) {
			return i.Type, i.Country
		}
	}
	return "", ""
}

// at is the newest image that counts of a side of a document. One without a side is a front.
func (a *applicant) at(docType, side string) *image {
	for _, i := range slices.Backward(a.Images) {
		if !i.Deactivated && i.Type == docType && rank(i.Side) == rank(side) {
			return i
		}
	}
	return nil
}

// missing lists the sides of the step's document that are still to be given: those that are not there, and those that
// were rejected.
func (a *applicant) missing(d DocSet) []string {
	docType, _ := a.chosen(d)
	var sides []string
	for _, side := range d.sides(docType) {
		if i := a.at(docType, side); docType == "" || i == nil || i.Result.rejected() {
			sides = append(sides, side)
		}
	}
	return sides
}

// stepState is how a step stands.
func (a *applicant) stepState(d DocSet) string {
	given := len(d.Types) > 0 && len(a.missing(d)) == 0
	if d.Set == dataStep {
		given = a.hasData(d)
	}
	docType, _ := a.chosen(d)
	switch {
	case a.Steps[d.Set].answer() == green:
		return StepAccepted
	case a.Steps[d.Set].rejected() && !(given && a.renewed(d)):
		return StepRejected
	case given:
		return StepGiven
	case docType != "":
		return StepPartly
	}
	return StepWanted
}

// renewed says whether something was given since the step was rejected.
func (a *applicant) renewed(d DocSet) bool {
	if d.Set == dataStep {
		return false // the verdict on data is taken back where data comes in
	}
	return slices.ContainsFunc(a.active(d), func(i *image) bool { return !i.Judged })
}

// complete says whether the step has all that a check needs.
func (a *applicant) complete(d DocSet) bool {
	state := a.stepState(d)
	return state == StepGiven || state == StepAccepted
}

// lacking lists the steps that keep a check from being asked for.
func (p *Provider) lacking(a *applicant) []string {
	var sets []string
	for _, d := range p.level(a).RequiredIDDocs.DocSets {
		if !a.complete(d) {
			sets = append(sets, d.Set)
		}
	}
	return sets
}

// hasData says whether the data that a step asks for is there.
func (a *applicant) hasData(d DocSet) bool {
	return !slices.ContainsFunc(d.Fields, func(f Field) bool { return f.Required && a.field(f.Name) == "" })
}

// field is what the applicant has given for a field of the data. Fields of the address are named "address.…".
func (a *applicant) field(name string) string {
	switch name {
	case "email":
		return a.Email
	case "phone":
		return a.Phone
	}
	from := a.FixedInfo
	if part, ok := strings.CutPrefix(name, "address."); ok {
		name, from = part, a.address()
	}
	text, _ := from[name].(string)
	return strings.TrimSpace(text)
}

// address is the first address that the applicant has given.
func (a *applicant) address() map[string]any {
	list, _ := a.FixedInfo["addresses"].([]any)
	if len(list) == 0 {
		return nil
	}
	first, _ := list[0].(map[string]any)
	return first
}

// stepView is a step in the answer to requiredIdDocsStatus.
type stepView struct {
	ReviewResult       result            `json:"reviewResult"`
	Country            string            `json:"country,omitempty"`
	IDDocType          string            `json:"idDocType,omitempty"`
	ImageIDs           []int64           `json:"imageIds"`
	ImageReviewResults map[string]result `json:"imageReviewResults"`
	Forbidden          bool              `json:"forbidden"`
	DoubleSided        bool              `json:"doubleSided"`
	StepStatuses       any               `json:"stepStatuses"`
}

// stepViews shows every step of the level; one for which nothing was given is null.
func (p *Provider) stepViews(a *applicant) map[string]*stepView {
	views := map[string]*stepView{}
	for _, d := range p.level(a).RequiredIDDocs.DocSets {
		views[d.Set] = a.stepView(d)
	}
	return views
}

func (a *applicant) stepView(d DocSet) *stepView {
	if d.Set == dataStep {
		if !a.hasData(d) && a.Steps[d.Set] == nil {
			return nil
		}
		return &stepView{
			ReviewResult: a.Steps[d.Set].shown(), IDDocType: dataStep, ImageIDs: []int64{}, ImageReviewResults: map[string]result{},
		}
	}
	docType, country := a.chosen(d)
	images := a.active(d)
	if len(images) == 0 && a.Steps[d.Set] == nil {
		return nil
	}
	v := &stepView{
		ReviewResult: a.Steps[d.Set].shown(), Country: country, IDDocType: docType, ImageIDs: []int64{},
		ImageReviewResults: map[string]result{}, DoubleSided: len(d.sides(docType)) > 1,
	}
	for _, i := range images {
		v.ImageIDs = append(v.ImageIDs, number(i.ID))
		v.ImageReviewResults[i.ID] = i.Result.shown()
	}
	return v
}
