package sumsub

import (
	"net/http"
	"slices"
	"strings"

	"portal/internal/sandbox/effects"
)

// askForCheck answers POST /resources/applicants/{id}/status/pending. Its reason, given or empty, changes nothing.
func (p *Provider) askForCheck(_ *http.Request, a *applicant) (answer, error) {
	if err := p.requestCheck(a); err != nil {
		return answer{}, err
	}
	return done, nil
}

// requestCheck begins a check. The lock is held.
func (p *Provider) requestCheck(a *applicant) error {
	if err := a.changeable(); err != nil {
		return err
	}
	retrying := a.Review.Status == statusCompleted && a.Review.Result.rejected() && a.Review.Result.ReviewRejectType != final
	switch {
	case a.refusedForGood():
		return refused(1009, "Applicant %s has been finally rejected", a.ID)
	case a.Review.Status != statusInit && !retrying:
		return refused(3000, "Applicant is already in the state %s", a.Review.Status)
	}
	if sets := p.lacking(a); len(sets) > 0 {
		return plain(http.StatusConflict,
			"Not all required documents or data are submitted. Make sure to complete [%s] verification steps beforehand.", strings.Join(sets, ", "))
	}
	p.begin(a)
	p.record(effects.CheckRequest, a.Review.AttemptID, a)
	p.notify("applicantPending", a)
	p.schedule(p.Options().processing(), due{What: dueQueue, ID: a.ID, Attempt: a.Review.AttemptID})
	return nil
}

// begin makes the review that of a new check. What was rejected before does not count any more, since it was given anew.
func (p *Provider) begin(a *applicant) {
	r := &a.Review
	if r.Asked {
		r.Attempt++
		r.AttemptID = p.newWord()
	}
	*r = review{
		ID: r.ID, AttemptID: r.AttemptID, Attempt: r.Attempt, Asked: true, Status: statusPending, Created: r.Created, Pending: p.now(),
	}
	for set, result := range a.Steps {
		if result.rejected() {
			delete(a.Steps, set)
		}
	}
}

// queue lets a pending check go on.
func (p *Provider) queue(a *applicant, attempt string) {
	if a == nil || a.Review.AttemptID != attempt || a.Review.Status != statusPending {
		return
	}
	a.Review.Status, a.Review.Queued = statusQueued, p.now()
	p.notify("applicantPrechecked", a)
	p.schedule(p.Options().processing(), due{What: dueDecide, ID: a.ID, Attempt: attempt})
}

// decide ends a queued check, if something says how. Otherwise it waits for a verdict.
func (p *Provider) decide(a *applicant, attempt string) {
	if a == nil || a.Review.AttemptID != attempt || a.Review.Status != statusQueued {
		return
	}
	marked, found := p.marked(a)
	switch {
	case marked.held:
		p.setStatus(a, statusOnHold)
	case found:
		p.apply(a, marked.verdict)
	case p.verdictByLevel(a) == verdictGreen:
		p.apply(a, Verdict{Finding: Finding{Answer: green}})
	}
}

// verdictByLevel is how checks of the applicant's level end by themselves.
func (p *Provider) verdictByLevel(a *applicant) string {
	if v := p.level(a).Verdict; v != "" {
		return v
	}
	return p.Options().Verdict
}

// ruling is what the marks in files say of a check.
type ruling struct {
	verdict Verdict
	held    bool
}

// marked reads the marks in the files that count: "hold", "approve", "reject=LABEL,LABEL" and "final=LABEL,LABEL".
// A rejection outweighs the others.
func (p *Provider) marked(a *applicant) (r ruling, found bool) {
	v := Verdict{Images: map[string]Finding{}}
	approved := false
	for _, i := range a.counting(p.level(a)) {
		for _, mark := range i.Content.Marks {
			what, labels, _ := strings.Cut(mark, "=")
			switch what {
			case "hold":
				r.held = true
			case "approve":
				approved = true
			case "reject":
				v.reject(i.ID, retry, strings.Split(labels, ","))
			case "final":
				v.reject(i.ID, final, strings.Split(labels, ","))
			}
		}
	}
	if v.Answer == "" && approved {
		v.Answer = green
	}
	r.held = r.held && v.Answer == ""
	r.verdict = v
	return r, r.held || v.Answer != ""
}

// reject adds the rejection of an image.
func (v *Verdict) reject(imageID, rejectType string, labels []string) {
	v.Answer = red
	if v.RejectType != final {
		v.RejectType = rejectType
	}
	f := v.Images[imageID]
	f.Answer, f.RejectType = red, rejectType
	f.Labels = append(f.Labels, labels...)
	f.Comment = commentOn(f.Labels)
	v.Images[imageID] = f
}

// counting are the images that a check looks at: of every step the newest of each side of the document chosen last.
func (a *applicant) counting(l Level) []*image {
	var list []*image
	for _, d := range l.RequiredIDDocs.DocSets {
		docType, _ := a.chosen(d)
		if docType == "" {
			continue
		}
		for _, side := range d.sides(docType) {
			if i := a.at(docType, side); i != nil && !slices.Contains(list, i) {
				list = append(list, i)
			}
		}
	}
	return list
}
