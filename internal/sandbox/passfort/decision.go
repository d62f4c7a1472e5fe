package passfort

import (
	"net/http"
	"slices"

	"portal/internal/sandbox/effects"
)

// decisions are the statuses that can follow each status, by PassFort's schema of 2019.
var decisions = map[string][]string{
	applied:  {approved, rejected},
	approved: {inReview, cancelled},
	inReview: {approved, cancelled},
}

// addApplication answers POST /4.0/profiles/{profile_id}/applications.
func (p *Provider) addApplication(r *http.Request, pr *profile) (answer, error) {
	var body applicationRequest
	if err := readJSON(r, &body); err != nil {
		return answer{}, err
	}
	w, err := p.wantedApplication(body, pr.Role, "")
	if err != nil {
		return answer{}, err
	}
	if pr.appliesFor(w.product.Alias, w.role) {
		return answer{}, conflict(codeDataPresent, "the profile already applies for product %q", w.product.Alias)
	}
	a := p.apply(pr, w.product, w.role, false)
	return answer{status: p.Options().CreateStatus, body: p.applicationView(pr, a)}, nil
}

// appliesFor says whether there is an application that is not over.
func (pr *profile) appliesFor(product, role string) bool {
	return slices.ContainsFunc(pr.Applications, func(a *application) bool {
		return a.Product == product && a.Role == role && a.Status != rejected && a.Status != cancelled
	})
}

// listApplications answers GET /4.0/profiles/{profile_id}/applications.
func (p *Provider) listApplications(_ *http.Request, pr *profile) (answer, error) {
	return answer{body: p.applicationViews(pr)}, nil
}

// visibleApplication finds the application a call is about. One that was replaced is hidden, but is still there.
func (pr *profile) visibleApplication(r *http.Request) (*application, error) {
	a := pr.application(r.PathValue("application_id"))
	if a == nil || a.Hidden && !a.Replaced {
		return nil, notFound("application")
	}
	return a, nil
}

// showApplication answers GET /4.0/profiles/{profile_id}/applications/{application_id}.
func (p *Provider) showApplication(r *http.Request, pr *profile) (answer, error) {
	a, err := pr.visibleApplication(r)
	if err != nil {
		return answer{}, err
	}
	return answer{body: p.applicationView(pr, a)}, nil
}

// changeApplication answers POST /4.0/profiles/{profile_id}/applications/{application_id} with a new status.
func (p *Provider) changeApplication(r *http.Request, pr *profile) (answer, error) {
	a, err := pr.visibleApplication(r)
	if err != nil {
		return answer{}, err
	}
	var body struct {
		Status string `json:"status"`
	}
	if err := readJSON(r, &body); err != nil {
		return answer{}, err
	}
	if body.Status == "" {
		return answer{}, missing("status is required")
	}
	if err := pr.checkDecision(a, body.Status); err != nil {
		return answer{}, err
	}
	p.decide(pr, a, body.Status, "", byAPI)
	p.refresh(pr)
	return answer{body: p.applicationView(pr, a)}, nil
}

// checkDecision says why an application cannot have this status next.
func (pr *profile) checkDecision(a *application, status string) error {
	switch {
	case !slices.Contains([]string{applied, approved, rejected, inReview, cancelled}, status):
		return invalid("status %q is not known", status)
	case slices.Contains(decisions[a.Status], status):
		if status == approved && len(pr.blockers(a)) > 0 {
			return conflict(codeConstraints, "the application cannot be approved, see its approval_blockers")
		}
		return nil
	case status == approved && a.Status == approved:
		return conflict(codeAlreadyApproved, "the application is already approved")
	case status == rejected && a.Status == rejected:
		return conflict(codeAlreadyRejected, "the application is already rejected")
	default:
		return conflict(codeTransition, "the application is %s and cannot become %s", a.Status, status)
	}
}

// decide gives an application its next status. The lock is held.
func (p *Provider) decide(pr *profile, a *application, status, comment string, by actor) {
	a.Status = status
	a.History = append(slices.Clone(a.History), statusChange{
		Status: status, Date: p.now().Format(timeLayout), Decisioner: by.user(), Comment: comment,
	})
	p.audit(pr, by, "profile-application-status-changed", status)
	p.notifyStatus(pr, a, by)
	p.setFlag(pr, a, pr.flagOf(a))
}

func (p *Provider) notifyStatus(pr *profile, a *application, by actor) {
	p.notify(eventProductStatusChanged, pr, by, map[string]any{
		"application_id": a.ID, "product": p.productName(a), "new_status": a.Status,
	})
}

// revertDecision answers POST /4.0/profiles/{profile_id}/applications/{application_id}/revert_decision. By PassFort's
// schema of 2019 it is for applications that were rejected or cancelled by accident: the application is hidden, and a new
// one takes its place that has the same history but for the last decision.
func (p *Provider) revertDecision(r *http.Request, pr *profile) (answer, error) {
	a, err := pr.visibleApplication(r)
	if err != nil {
		return answer{}, err
	}
	var body struct {
		Comment string `json:"comment"`
	}
	if raw := readBody(r); len(raw) > 0 {
		if err := unmarshal(raw, &body); err != nil {
			return answer{}, err
		}
	}
	switch {
	case a.Status != rejected && a.Status != cancelled:
		return answer{}, conflict(codeTransition, "the application is %s: only REJECTED and CANCELLED can be reverted", a.Status)
	case a.Replaced || pr.appliesFor(a.Product, a.Role):
		return answer{}, conflict(codeDataPresent, "the profile already applies again for product %q", a.Product)
	}
	p.audit(pr, byAPI, "revert-decision", body.Comment)
	return answer{body: p.applicationView(pr, p.recreate(pr, a, byAPI))}, nil
}

// recreate puts a new application in the place of one that was decided by accident. The lock is held.
func (p *Provider) recreate(pr *profile, a *application, by actor) *application {
	history := slices.Clone(a.History[:len(a.History)-1])
	again := &application{
		ID:          p.newID(),
		Product:     a.Product,
		Role:        a.Role,
		Status:      history[len(history)-1].Status,
		Flag:        a.Flag,
		Automated:   a.Automated,
		Tasks:       a.Tasks,
		History:     history,
		FlagHistory: slices.Clone(a.FlagHistory),
	}
	a.Hidden, a.Replaced = true, true
	p.record(effects.ApplicationCreate, again.ID, pr)
	p.notifyStatus(pr, again, by)
	p.addToProfile(pr, again)
	p.refresh(pr)
	return again
}
