package passfort

import (
	"slices"

	"portal/internal/sandbox/effects"
	"portal/internal/sandbox/passfort/account"
)

// formRequest is one form within a customer request.
type formRequest struct {
	ID        string                       `json:"id"`
	Form      string                       `json:"form"`           // the alias of its template
	Task      string                       `json:"task,omitempty"` // the id of the task it is shown on
	State     State                        `json:"state"`
	Submitted bool                         `json:"submitted"` // answered and stored, though not terminal yet
	Draft     map[string]string            `json:"draft,omitempty"`
	Answers   map[string]string            `json:"answers,omitempty"` // of a form on which staff decide
	Documents map[string]*documentReceived `json:"documents,omitempty"`
	Check     string                       `json:"check,omitempty"`    // the id of the check that it ran
	Decision  string                       `json:"decision,omitempty"` // PASS or FAIL
}

func (req *request) form(id string) *formRequest {
	if i := slices.IndexFunc(req.Forms, func(f *formRequest) bool { return f.ID == id }); i >= 0 {
		return req.Forms[i]
	}
	return nil
}

// addForms adds the forms of a flow to a new request, but for those that ask about something not known yet.
func (p *Provider) addForms(req *request) {
	flow, _ := p.account.FlowTemplate(req.Flow)
	for _, alias := range flow.Forms {
		if form, _ := p.account.Form(alias); p.canAppear(req, form) {
			p.addForm(req, form, len(req.Forms))
		}
	}
}

// addForm inserts a form at a place in a request. The lock is held.
func (p *Provider) addForm(req *request, form account.Form, at int) *formRequest {
	f := &formRequest{ID: p.newID(), Form: form.Alias, State: Sent}
	pr := p.index.profiles[req.ProfileID]
	t := pr.taskNamed(form.Task)
	if req.Task != "" {
		t = pr.task(req.Task)
	}
	if t != nil {
		f.Task, t.Forms = t.ID, append(slices.Clone(t.Forms), f.ID)
	}
	req.Forms = slices.Insert(slices.Clone(req.Forms), at, f)
	p.index.forms[f.ID] = req
	return f
}

// canAppear says whether there is something for each section of a form to ask about.
func (p *Provider) canAppear(req *request, form account.Form) bool {
	data := p.index.profiles[req.ProfileID].Data
	return !slices.ContainsFunc(form.Sections, func(s account.Section) bool {
		return s.Each != "" && len(namedEntries(data, s.Each)) == 0
	})
}

// unfold adds the forms of a flow that can be asked now that a check has ended. The lock is held.
func (p *Provider) unfold(req *request) {
	if req.State != Sent || req.Flow == "" {
		return
	}
	flow, _ := p.account.FlowTemplate(req.Flow)
	place := 0
	for _, alias := range flow.Forms {
		if i := slices.IndexFunc(req.Forms, func(f *formRequest) bool { return f.Form == alias }); i >= 0 {
			place = i + 1
			continue
		}
		if form, _ := p.account.Form(alias); p.canAppear(req, form) {
			p.notifyForm(req, p.addForm(req, form, place), byPolicy)
			place++
		}
	}
	p.conclude(req, byPolicy)
}

// waiting says whether further forms of the flow may appear when a check has ended that one of its forms runs.
func (p *Provider) waiting(req *request) bool {
	return req.State == Sent && p.mayUnfold(req) && slices.ContainsFunc(req.Forms, func(f *formRequest) bool { return p.checking(req, f) })
}

// mayUnfold says whether the flow has forms that have not appeared.
func (p *Provider) mayUnfold(req *request) bool {
	flow, ok := p.account.FlowTemplate(req.Flow)
	return ok && len(flow.Forms) > len(req.Forms)
}

// checking says whether the check that a completed form runs is still to end.
func (p *Provider) checking(req *request, f *formRequest) bool {
	if form, _ := p.account.Form(f.Form); f.State != Completed || form.Check == "" {
		return false
	}
	c := p.index.profiles[req.ProfileID].check(f.Check)
	return c == nil || c.State != checkComplete
}

// endForm brings a form to a terminal state, and its request with it if there is nothing more to come. The lock is
// held.
func (p *Provider) endForm(req *request, f *formRequest, s State, by actor) {
	p.closeForm(req, f, s, by)
	p.conclude(req, by)
	p.runFormCheck(req, f)
}

// endAll ends a request as a whole, with every form that is still open. The lock is held.
func (p *Provider) endAll(req *request, s State, by actor) {
	open := req.open()
	for _, f := range open {
		p.closeForm(req, f, s, by)
	}
	p.end(req, s, by)
	for _, f := range open {
		p.runFormCheck(req, f)
	}
}

// closeForm gives a form its terminal state. The lock is held.
func (p *Provider) closeForm(req *request, f *formRequest, s State, by actor) {
	f.State, f.Draft, req.Last = s, nil, s
	p.notifyForm(req, f, by)
}

// runFormCheck runs the check that the completion of a form calls for. The lock is held.
func (p *Provider) runFormCheck(req *request, f *formRequest) {
	form, _ := p.account.Form(f.Form)
	if f.State != Completed || form.Check == "" || f.Check != "" {
		return
	}
	f.Check = p.runCheck(p.index.profiles[req.ProfileID], form.Check, byPolicy).ID
	p.conclude(req, byPolicy) // a check that takes no time has ended by now
}

// conclude ends a request once all its forms are in a terminal state: the form that ended last decides. The lock is
// held.
func (p *Provider) conclude(req *request, by actor) {
	if req.State == Sent && req.Last != "" && len(req.open()) == 0 && !p.waiting(req) {
		p.end(req, req.Last, by)
	}
}

// end gives a request its terminal state. The lock is held.
func (p *Provider) end(req *request, last State, by actor) {
	pr := p.index.profiles[req.ProfileID]
	req.State = last
	if last == Canceled {
		req.State = p.Options().CanceledLast
	}
	kind := effects.CustomerRequestComplete
	if req.State == Expired {
		kind = effects.CustomerRequestExpire
	}
	p.record(kind, req.ID, pr)
	p.notifyRequest(req, by)
	if req.State == Completed {
		p.audit(pr, by, "submitted-data", req.ID)
		p.applyAtCompletion(pr, req)
	}
}

// applyAtCompletion lets a customer apply for the product that the flow was configured with.
func (p *Provider) applyAtCompletion(pr *profile, req *request) {
	flow, _ := p.account.FlowTemplate(req.Flow)
	product, ok := p.account.Product(flow.Product)
	if ok && !pr.isAssociate() && product.IsFor(pr.entityType()) && !pr.appliesFor(product.Alias, "") {
		p.apply(pr, product, "", false)
	}
}

// undecided says whether staff have to pass or fail a form.
func (p *Provider) undecided(f *formRequest) bool {
	form, _ := p.account.Form(f.Form)
	return form.Type == account.ManualDecision && f.State == Completed && f.Submitted && f.Decision == ""
}

// notifyForm tells the state of a form. The body of this event is not documented.
func (p *Provider) notifyForm(req *request, f *formRequest, by actor) {
	form := map[string]any{
		"id": f.ID, "status": f.State, "submitted": f.Submitted, "form_template": map[string]any{"alias": f.Form},
	}
	if f.Decision != "" {
		form["decision"] = f.Decision
	}
	p.notify(eventFormStateChanged, p.index.profiles[req.ProfileID], by, map[string]any{
		"form":             form,
		"customer_request": map[string]any{"id": req.ID, "status": req.State},
	})
}
