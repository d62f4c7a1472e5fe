package sumsub

import (
	"slices"
	"strings"
)

// blamed are the steps that some reasons are about; all others are about the identity document.
var blamed = map[string][]string{
	"SELFIE":             {"BAD_SELFIE", "BAD_VIDEO_SELFIE", "BAD_FACE_MATCHING", "SELFIE_WITH_PAPER", "SELFIE_MISMATCH", "FRAUDULENT_LIVENESS", "BAD_AVATAR"},
	"PROOF_OF_RESIDENCE": {"BAD_PROOF_OF_ADDRESS", "WRONG_ADDRESS"},
	"PROOF_OF_PAYMENT":   {"BAD_PROOF_OF_PAYMENT"},
	dataStep:             {"PROBLEMATIC_APPLICANT_DATA"},
}

// stepBlamed is the step that a reason is about.
func stepBlamed(label string) string {
	for set, labels := range blamed {
		if slices.Contains(labels, label) {
			return set
		}
	}
	return "IDENTITY"
}

// judge gives results to steps and images. What a rejection does not name was found good; one that names nothing and is
// final says nothing of steps.
func (p *Provider) judge(a *applicant, v Verdict) {
	findings, sets := p.findings(a, v)
	if v.Answer == red && len(findings)+len(sets) == 0 && v.RejectType == final {
		return
	}
	for _, d := range p.level(a).RequiredIDDocs.DocSets {
		images := a.active(d)
		if len(images) == 0 && d.Set != dataStep {
			continue
		}
		step := result{ReviewAnswer: green}
		if f, ok := sets[d.Set]; ok {
			step = *f.result()
		}
		for _, i := range images {
			f, named := findings[i.ID]
			p.judgeImage(i, f, named, sets[d.Set])
			if named && f.Answer == red {
				step.add(f)
			}
		}
		a.Steps[d.Set] = &step
	}
}

// judgeImage gives an image its result. Of a step that was rejected as a whole every image was.
func (p *Provider) judgeImage(i *image, f Finding, named bool, step Finding) {
	i.Judged = true
	switch {
	case named:
		i.Result = f.result()
	case p.Options().NoImageResults:
		i.Result = nil
	case step.Answer == red:
		i.Result = step.result()
	default:
		i.Result = &result{ReviewAnswer: green}
	}
}

// add makes the rejection of an image part of that of its step.
func (r *result) add(f Finding) {
	if !r.rejected() {
		*r = *f.result()
		return
	}
	for _, label := range f.Labels {
		if !slices.Contains(r.RejectLabels, label) {
			r.RejectLabels = append(r.RejectLabels, label)
		}
	}
	for _, button := range f.Buttons {
		if !slices.Contains(r.ButtonIDs, button) {
			r.ButtonIDs = append(r.ButtonIDs, button)
		}
	}
}

// findings are what a verdict says of images, and of steps as a whole.
func (p *Provider) findings(a *applicant, v Verdict) (images, sets map[string]Finding) {
	images, sets = map[string]Finding{}, map[string]Finding{}
	for key, f := range v.Images {
		if f.Answer == red && f.RejectType == "" {
			f.RejectType = v.RejectType
		}
		m, _ := p.meant(a, key)
		for _, i := range m.images {
			images[i.ID] = f
		}
		if m.set == dataStep {
			sets[m.set] = f
		}
	}
	if len(v.Images) == 0 && v.Answer == red && v.RejectType != final {
		for _, label := range v.Labels {
			if d, ok := p.stepAbout(a, label); ok {
				sets[d.Set] = v.Finding
			}
		}
	}
	return images, sets
}

// stepAbout is the step of the applicant's level that a reason is about.
func (p *Provider) stepAbout(a *applicant, label string) (DocSet, bool) {
	set, sets := stepBlamed(label), p.level(a).RequiredIDDocs.DocSets
	i := slices.IndexFunc(sets, func(d DocSet) bool { return strings.HasPrefix(d.Set, set) })
	if i < 0 && set != dataStep {
		i = slices.IndexFunc(sets, func(d DocSet) bool { return len(d.Types) > 0 })
	}
	if i < 0 {
		return DocSet{}, false
	}
	return sets[i], true
}

// meaning is what a key of a verdict names.
type meaning struct {
	set    string // if it is a whole step
	images []*image
}

// meant finds what a key of a verdict names: an image, a side, a step, or a side of a step.
func (p *Provider) meant(a *applicant, key string) (meaning, bool) {
	if i := a.image(key); i != nil {
		return meaning{images: []*image{i}}, true
	}
	set, side, _ := strings.Cut(key, "/")
	if set == frontSide || set == backSide {
		set, side = "", set
	}
	if set == "" {
		var all []*image
		for _, d := range p.level(a).RequiredIDDocs.DocSets {
			all = append(all, withSide(a.active(d), side)...)
		}
		return meaning{images: all}, len(all) > 0
	}
	d, ok := p.level(a).step(set)
	if !ok {
		return meaning{}, false
	}
	if side == "" {
		return meaning{set: set, images: a.active(d)}, true
	}
	images := withSide(a.active(d), side)
	return meaning{images: images}, len(images) > 0
}

// withSide keeps the images of a side.
func withSide(images []*image, side string) []*image {
	return slices.DeleteFunc(slices.Clone(images), func(i *image) bool { return i.Side != side })
}
