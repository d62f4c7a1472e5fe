package passfort

import (
	"maps"
	"net/http"
	"slices"
	"time"

	"portal/internal/sandbox/effects"
	"portal/internal/sandbox/passfort/account"
)

// The states of a check that occur here, by PassFort's schema of 2019.
const (
	checkRunning  = "RUNNING"
	checkComplete = "COMPLETE"
)

// check is one check run on a profile. It takes a while.
type check struct {
	ID        string     `json:"id"`
	Type      string     `json:"type"`
	State     string     `json:"state"`
	Result    string     `json:"result,omitempty"`
	Performed time.Time  `json:"performed"`
	Tasks     []string   `json:"tasks"`
	Input     entityData `json:"input,omitempty"`
	Output    entityData `json:"output,omitempty"`
	ByAPI     bool       `json:"by_api"`
}

// checkView is a check as the API shows it.
type checkView struct {
	ID                   string           `json:"id"`
	CheckType            string           `json:"check_type"`
	Variant              map[string]any   `json:"variant"`
	State                string           `json:"state"`
	Result               string           `json:"result,omitempty"`
	PerformedOn          string           `json:"performed_on"`
	Errors               []any            `json:"errors"`
	TaskIDs              []string         `json:"task_ids"`
	InstructedExternally bool             `json:"instructed_externally"`
	Providers            []map[string]any `json:"providers"`
	InputData            entityData       `json:"input_data,omitempty"`
	OutputData           entityData       `json:"output_data,omitempty"`
}

func (c *check) view() checkView {
	return checkView{
		ID:                   c.ID,
		CheckType:            c.Type,
		Variant:              map[string]any{"id": account.ID("check_variant", c.Type), "name": c.Type},
		State:                c.State,
		Result:               c.Result,
		PerformedOn:          c.Performed.Format(timeLayout),
		Errors:               []any{},
		TaskIDs:              append([]string{}, c.Tasks...),
		InstructedExternally: c.ByAPI,
		Providers:            []map[string]any{{"provider_name": "Sandbox register", "is_monitored": false}},
		InputData:            c.Input,
		OutputData:           c.Output,
	}
}

func checkViews(checks []*check) []checkView {
	views := []checkView{}
	for _, c := range checks {
		views = append(views, c.view())
	}
	return views
}

func (pr *profile) check(id string) *check {
	if i := slices.IndexFunc(pr.Checks, func(c *check) bool { return c.ID == id }); i >= 0 {
		return pr.Checks[i]
	}
	return nil
}

// runCheck begins a check of what is known of a profile; its end is on the agenda. The lock is held.
func (p *Provider) runCheck(pr *profile, checkType string, by actor) *check {
	c := &check{
		ID: p.newID(), Type: checkType, State: checkRunning, Performed: p.now(), Tasks: []string{},
		Input: pr.Data, ByAPI: by == byAPI,
	}
	for _, t := range pr.Tasks {
		if p.checkedTask(t) == checkType {
			t.Checks = append(slices.Clone(t.Checks), c.ID)
			c.Tasks = append(c.Tasks, t.ID)
		}
	}
	pr.Checks = append(pr.Checks, c)
	p.index.checks[c.ID] = pr
	p.record(effects.CheckCreate, c.ID, pr)
	p.audit(pr, by, "instructed-check", checkType)
	p.refresh(pr)
	p.schedule(delay(p.Options().CheckDelayMS), dueCheck, c.ID)
	return c
}

// checkedTask is the type of check that helps to complete a task: the one that the form requested on it runs.
func (p *Provider) checkedTask(t *task) string {
	configured, _ := p.account.Task(t.Alias)
	form, _ := p.account.Form(configured.RequestForm)
	return form.Check
}

// endCheck gives a check its result. What a register knows is added to the collected data, and forms that ask about it
// appear. The lock is held.
func (p *Provider) endCheck(id string) {
	pr := p.index.checks[id]
	c := pr.check(id)
	if c.State == checkComplete {
		return
	}
	c.State = checkComplete
	switch c.Type {
	case account.CompanyRegistry, account.CompanyOwnership:
		p.consultRegister(pr, c)
	case account.DocumentVerification:
		c.Result = documentResult(pr)
	default:
		c.Result = "2+2"
	}
	p.audit(pr, byPolicy, "updated-check", c.Type)
	p.notify(eventCheckCompleted, pr, byPolicy, map[string]any{
		"check": map[string]any{"id": c.ID, "check_type": c.Type, "result": c.Result, "state": c.State},
	})
	p.passTasks(pr, c)
	p.refresh(pr)
	if req := p.index.requests[pr.Request]; req != nil {
		p.unfold(req)
	}
}

// passTasks completes the tasks that a check was run for, if it passed and nobody has completed them.
func (p *Provider) passTasks(pr *profile, c *check) {
	if c.Result != "Pass" && c.Result != "2+2" {
		return
	}
	for _, id := range c.Tasks {
		if t := pr.task(id); t.State == taskIncomplete {
			p.setTaskState(pr, t, taskPassed, byPolicy)
		}
	}
}

// documentResult passes a person of whom there is at least one document.
func documentResult(pr *profile) string {
	if len(pr.Images) == 0 {
		return "Fail"
	}
	return "Pass"
}

// consultRegister looks a company up and adds what is known of it to the collected data.
func (p *Provider) consultRegister(pr *profile, c *check) {
	known, ok := p.account.Company(pr.Data.text("metadata", "country_of_incorporation"), pr.Data.text("metadata", "number"))
	if !ok {
		c.Result = "Fail"
		return
	}
	found := entityData(known.Data).clone()
	found["entity_type"] = company
	c.Output, c.Result = found, "Pass"
	data := pr.Data.clone()
	addUnknown(data, found)
	p.storeData(pr, data, byPolicy)
}

// addUnknown adds the members of found that data lacks, and entries to lists that are empty.
func addUnknown(data, found map[string]any) {
	for name, value := range found {
		have, known := data[name].(map[string]any)
		more, isObject := value.(map[string]any)
		list, isList := data[name].([]any)
		switch {
		case known && isObject:
			addUnknown(have, more)
		case data[name] == nil, isList && len(list) == 0:
			data[name] = cloneValue(value)
		}
	}
}

// listChecks answers GET /4.0/profiles/{profile_id}/checks.
func (p *Provider) listChecks(_ *http.Request, pr *profile) (answer, error) {
	return answer{body: checkViews(pr.Checks)}, nil
}

// showCheck answers GET /4.0/profiles/{profile_id}/checks/{check_id}.
func (p *Provider) showCheck(r *http.Request, pr *profile) (answer, error) {
	c := pr.check(r.PathValue("check_id"))
	if c == nil {
		return answer{}, notFound("check")
	}
	return answer{body: c.view()}, nil
}

// createCheck answers POST /4.0/profiles/{profile_id}/checks.
func (p *Provider) createCheck(r *http.Request, pr *profile) (answer, error) {
	var body struct {
		CheckType string `json:"check_type"`
	}
	if err := readJSON(r, &body); err != nil {
		return answer{}, err
	}
	if body.CheckType == "" {
		return answer{}, missing("check_type is required")
	}
	entityType, ok := account.CheckTypes[body.CheckType]
	if !ok {
		return answer{}, notSetUp("check_type must be one of %s", list(slices.Sorted(maps.Keys(account.CheckTypes))))
	}
	if entityType != pr.entityType() {
		return answer{}, invalid("%s is not for a %s", body.CheckType, pr.Role)
	}
	return answer{status: p.Options().CreateStatus, body: p.runCheck(pr, body.CheckType, byAPI).view()}, nil
}
