package sumsub

import (
	"fmt"
	"net/http"
	"slices"

	"portal/internal/sandbox/effects"
)

// testCompleted answers POST /resources/applicants/{id}/status/testCompleted, by which the sandbox environment simulates
// the end of a check, whatever the status is.
func (p *Provider) testCompleted(r *http.Request, a *applicant) (answer, error) {
	if !p.sandboxed() {
		return answer{}, plain(http.StatusForbidden, "This operation is only supported on sandbox env")
	}
	var t struct {
		ReviewAnswer      string    `json:"reviewAnswer"`
		RejectLabels      *[]string `json:"rejectLabels"`
		ReviewRejectType  string    `json:"reviewRejectType"`
		ModerationComment string    `json:"moderationComment"`
		ClientComment     string    `json:"clientComment"`
	}
	if err := readJSON(r, &t); err != nil {
		return answer{}, err
	}
	if t.RejectLabels == nil {
		return answer{}, invalid("rejectLabels must be given, and be empty for GREEN")
	}
	v := Verdict{whole: !p.Options().StepDecides, Finding: Finding{
		Answer: t.ReviewAnswer, RejectType: t.ReviewRejectType, Labels: *t.RejectLabels, Comment: t.ModerationComment,
		ClientComment: t.ClientComment,
	}}
	if _, err := v.check(); err != nil || t.ReviewAnswer == red && len(*t.RejectLabels) == 0 {
		return answer{}, invalid("The review answer, its type and its labels do not go together")
	}
	p.apply(a, v)
	return done, nil
}

// resetApplicant answers POST /resources/applicants/{id}/reset.
func (p *Provider) resetApplicant(_ *http.Request, a *applicant) (answer, error) {
	return done, p.reset(a)
}

// reset asks for every document anew. The result of the last check stays to be seen, as it does at Sumsub.
func (p *Provider) reset(a *applicant) error {
	if a.checking() {
		return refused(3000, "Applicant is in the state %s", a.Review.Status)
	}
	a.retire(nil)
	clear(a.Steps)
	a.Review.Status = statusInit
	p.record(effects.ApplicantReset, a.ID, a)
	p.notify("applicantReset", a)
	return nil
}

// resetOneStep answers POST /resources/applicants/{id}/resetStep/{set}.
func (p *Provider) resetOneStep(r *http.Request, a *applicant) (answer, error) {
	return done, p.resetStep(a, r.PathValue("set"))
}

func (p *Provider) resetStep(a *applicant, set string) error {
	d, ok := p.level(a).step(set)
	if !ok {
		return plain(http.StatusNotFound, "Step %s not found", set)
	}
	if a.checking() {
		return refused(3000, "Applicant is in the state %s", a.Review.Status)
	}
	a.retire(append([]string{}, d.Types...))
	delete(a.Steps, set)
	a.Review.Status = statusInit
	p.record(effects.ApplicantReset, set, a)
	p.notify("applicantStepsReset", a)
	return nil
}

// moveToLevel answers POST /resources/applicants/{id}/moveToLevel.
func (p *Provider) moveToLevel(r *http.Request, a *applicant) (answer, error) {
	if err := p.move(a, r.URL.Query().Get("name")); err != nil {
		return answer{}, err
	}
	return answer{body: p.view(a)}, nil
}

// move gives an applicant another level. No approval outlives that.
func (p *Provider) move(a *applicant, level string) error {
	if _, ok := p.findLevel(level); !ok {
		return plain(http.StatusNotFound, "Applicant level '%s' not found", level)
	}
	if slices.Contains([]string{statusPending, statusQueued, statusPrechecked, statusOnHold}, a.Review.Status) {
		return refused(3000, "Applicant is in the state %s", a.Review.Status)
	}
	a.Level, a.Review.Status, a.Review.Result = level, statusInit, nil
	clear(a.Steps)
	for _, i := range a.Images {
		i.Result = nil
	}
	p.record(effects.ApplicantUpdate, a.ID, a)
	p.notify("applicantLevelChanged", a)
	return nil
}

// approve answers POST /resources/applicants/{id}/-/approve.
func (p *Provider) approve(_ *http.Request, a *applicant) (answer, error) {
	p.apply(a, Verdict{Finding: Finding{Answer: green}})
	return done, nil
}

// reject answers POST /resources/applicants/{id}/-/reject, the company's own decision, which is always final.
func (p *Provider) reject(r *http.Request, a *applicant) (answer, error) {
	var why struct {
		Note string `json:"note"`
	}
	if err := readJSON(r, &why); err != nil {
		return answer{}, err
	}
	p.apply(a, Verdict{whole: true, Finding: Finding{
		Answer: red, RejectType: final, Labels: []string{"EXTERNAL_DECISION_REJECTION"}, ClientComment: why.Note,
	}})
	return done, nil
}

// reopen answers POST /resources/applicants/{id}/-/init.
func (p *Provider) reopen(_ *http.Request, a *applicant) (answer, error) {
	p.setStatus(a, statusInit)
	return done, nil
}

// blocklist answers POST /resources/applicants/{id}/blacklist.
func (p *Provider) blocklist(r *http.Request, a *applicant) (answer, error) {
	if a.Blocklisted {
		return answer{}, refused(5000, "Applicant is already on the blocklist")
	}
	a.Blocklisted = true
	p.apply(a, Verdict{whole: true, Finding: Finding{
		Answer: red, RejectType: final, Labels: []string{"BLOCKLIST"}, ClientComment: r.URL.Query().Get("note"),
	}})
	return done, nil
}

// changePresence answers PATCH /resources/applicants/{id}/presence/{presence}.
func (p *Provider) changePresence(r *http.Request, a *applicant) (answer, error) {
	return done, p.setPresence(a, r.PathValue("presence"))
}

// setPresence activates, deactivates or deletes an applicant.
func (p *Provider) setPresence(a *applicant, presence string) error {
	switch presence {
	case "activated":
		a.Deactivated, a.Deleted = false, false
		p.notify("applicantActivated", a)
	case "deactivated":
		a.Deactivated = true
		p.notify("applicantDeactivated", a)
	case "deleted":
		p.setDeleted(a, true)
	default:
		return invalid("presence is %q, but must be activated, deactivated or deleted", presence)
	}
	p.record(effects.ApplicantUpdate, a.ID, a)
	return nil
}

func (p *Provider) setDeleted(a *applicant, deleted bool) {
	a.Deleted = deleted
	if deleted {
		p.notify("applicantDeleted", a)
	}
}

// statusEvents are the webhooks that tell of a status.
var statusEvents = map[string]string{
	statusInit: "applicantReset", statusPending: "applicantPending", statusPrechecked: "applicantPrechecked",
	statusQueued: "applicantPrechecked", statusOnHold: "applicantOnHold", statusAwaitingService: "applicantAwaitingService",
	statusAwaitingUser: "applicantAwaitingUser",
}

// setStatus brings an applicant into a status. Those that wait for somebody come with an answer that is not the end.
func (p *Provider) setStatus(a *applicant, status string) {
	a.Review.Status = status
	if slices.Contains([]string{statusOnHold, statusAwaitingService, statusAwaitingUser}, status) {
		a.Review.Result = &result{ReviewAnswer: green}
	}
	p.notify(statusEvents[status], a)
}

// checkStatus refuses what no applicant can be brought into.
func checkStatus(status string) error {
	if statusEvents[status] == "" {
		return fmt.Errorf("%w: status is %q, but must be init, pending, prechecked, queued, onHold, awaitingService or awaitingUser", ErrInvalid, status)
	}
	return nil
}
