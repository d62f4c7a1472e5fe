package passfort

import (
	"net/http"
	"slices"
	"time"
)

// The states of a task, as recorded and documented answers have them.
const (
	taskIncomplete = "INCOMPLETE"
	taskPassed     = "COMPLETED_PASS"
	taskFailed     = "COMPLETED_FAIL"
)

// task is a due diligence task of a profile. Applications that require the same variant share it.
type task struct {
	ID      string    `json:"id"`
	Alias   string    `json:"alias"`
	State   string    `json:"state"`
	Created time.Time `json:"created"`
	Checks  []string  `json:"checks"`
	Forms   []string  `json:"forms"`
}

// taskView is a task as the API shows it.
type taskView struct {
	ID              string          `json:"id"`
	Type            string          `json:"type"`
	State           string          `json:"state"`
	IsComplete      bool            `json:"is_complete"`
	IsExpired       bool            `json:"is_expired"`
	IsSkipped       bool            `json:"is_skipped"`
	CreationDate    string          `json:"creation_date"`
	CheckIDs        []string        `json:"check_ids"`
	FormInstanceIDs []string        `json:"form_instance_ids"`
	Variant         taskVariantView `json:"variant"`
}

func (p *Provider) taskView(t *task) taskView {
	configured, _ := p.account.Task(t.Alias)
	return taskView{
		ID:              t.ID,
		Type:            configured.Type,
		State:           t.State,
		IsComplete:      t.State == taskPassed,
		CreationDate:    t.Created.Format(timeLayout),
		CheckIDs:        append([]string{}, t.Checks...),
		FormInstanceIDs: append([]string{}, t.Forms...),
		Variant:         variantView(configured),
	}
}

func (p *Provider) taskViews(pr *profile) []taskView {
	views := []taskView{}
	for _, t := range pr.Tasks {
		views = append(views, p.taskView(t))
	}
	return views
}

func (p *Provider) taskTypes(pr *profile) []string {
	types := []string{}
	for _, t := range pr.Tasks {
		if configured, _ := p.account.Task(t.Alias); !slices.Contains(types, configured.Type) {
			types = append(types, configured.Type)
		}
	}
	return types
}

func (pr *profile) progress() taskProgress {
	done := taskProgress{TotalCount: len(pr.Tasks)}
	for _, t := range pr.Tasks {
		if t.State != taskIncomplete {
			done.CompletedCount++
		}
	}
	return done
}

// addTask gives a profile a task unless it has it. Forms answered before are shown on it. The lock is held.
func (p *Provider) addTask(pr *profile, alias string) *task {
	if t := pr.taskNamed(alias); t != nil {
		return t
	}
	t := &task{ID: p.newID(), Alias: alias, State: taskIncomplete, Created: p.now()}
	if req := p.index.requests[pr.Request]; req != nil {
		for _, f := range req.Forms {
			if form, _ := p.account.Form(f.Form); form.Task == alias && f.Task == "" {
				f.Task, t.Forms = t.ID, append(t.Forms, f.ID)
			}
		}
	}
	pr.Tasks = append(pr.Tasks, t)
	p.index.tasks[t.ID] = pr
	p.audit(pr, byPolicy, "added-a-task", alias)
	p.notify(eventTaskCreated, pr, byPolicy, map[string]any{"task": p.taskView(t)})
	return t
}

func (pr *profile) taskNamed(alias string) *task {
	return pr.findTask(func(t *task) bool { return t.Alias == alias })
}

func (pr *profile) task(id string) *task {
	return pr.findTask(func(t *task) bool { return t.ID == id })
}

func (pr *profile) findTask(fits func(*task) bool) *task {
	if i := slices.IndexFunc(pr.Tasks, fits); i >= 0 {
		return pr.Tasks[i]
	}
	return nil
}

// setTaskState completes a task, or opens it again. The lock is held.
func (p *Provider) setTaskState(pr *profile, t *task, state string, by actor) {
	before := t.State
	if before == state {
		return
	}
	t.State = state
	action := "completed-a-task"
	if state == taskIncomplete {
		action = "uncompleted-a-task"
	}
	p.audit(pr, by, action, t.Alias)
	p.notify(eventTaskStateChanged, pr, by, map[string]any{"task": p.taskView(t)})
	if (before == taskPassed) != (state == taskPassed) {
		p.notify(eventTaskIsCompleteChanged, pr, by, map[string]any{"task": p.taskView(t)})
	}
	p.refresh(pr)
}

// listTasks answers GET /4.0/profiles/{profile_id}/tasks.
func (p *Provider) listTasks(_ *http.Request, pr *profile) (answer, error) {
	return answer{body: p.taskViews(pr)}, nil
}

// createTask answers POST /4.0/profiles/{profile_id}/tasks with a variant of the account. A profile has a task of a
// variant once. Associates are put on the verification list of a task that verifies them.
func (p *Provider) createTask(r *http.Request, pr *profile) (answer, error) {
	var body struct {
		Variant struct {
			ID    string `json:"id"`
			Alias string `json:"alias"`
		} `json:"variant"`
	}
	if err := readJSON(r, &body); err != nil {
		return answer{}, err
	}
	configured, ok := p.account.Task(body.Variant.Alias)
	if body.Variant.Alias == "" {
		configured, ok = p.account.TaskByVariant(body.Variant.ID)
	}
	switch {
	case body.Variant.ID == "" && body.Variant.Alias == "":
		return answer{}, missing("variant.id or variant.alias is required")
	case !ok:
		return answer{}, invalid("variant.id or variant.alias must be a task variant of the account")
	case !configured.IsFor(pr.entityType()):
		return answer{}, invalid("a task of type %s is not for a %s", configured.Type, pr.Role)
	}
	t := p.addTask(pr, configured.Alias)
	p.verifyAssociates(pr)
	return answer{status: p.Options().CreateStatus, body: p.taskView(t)}, nil
}

// showTask answers GET /4.0/profiles/{profile_id}/tasks/{task_id}.
func (p *Provider) showTask(r *http.Request, pr *profile) (answer, error) {
	t := pr.task(r.PathValue("task_id"))
	if t == nil {
		return answer{}, notFound("task")
	}
	return answer{body: p.taskView(t)}, nil
}

// changeTask answers POST /4.0/profiles/{profile_id}/tasks/{task_id}. By PassFort's schema of 2019 a task can be completed
// and opened again by is_complete, and all other members are ignored but check_ids. Its state, which came later, counts
// only when is_complete is not there: a task that was read and sent back has both.
func (p *Provider) changeTask(r *http.Request, pr *profile) (answer, error) {
	t := pr.task(r.PathValue("task_id"))
	if t == nil {
		return answer{}, notFound("task")
	}
	var body struct {
		IsComplete *bool    `json:"is_complete"`
		State      string   `json:"state"`
		CheckIDs   []string `json:"check_ids"`
	}
	if err := readJSON(r, &body); err != nil {
		return answer{}, err
	}
	state := body.State
	if body.IsComplete != nil {
		state = map[bool]string{true: taskPassed, false: taskIncomplete}[*body.IsComplete]
	}
	if err := checkTaskState(state); err != nil {
		return answer{}, err
	}
	for _, id := range body.CheckIDs {
		if !slices.ContainsFunc(pr.Checks, func(c *check) bool { return c.ID == id }) {
			return answer{}, invalid("check_ids: the profile has no check %q", id)
		}
	}
	if body.CheckIDs != nil {
		t.Checks = body.CheckIDs
	}
	p.setTaskState(pr, t, state, byAPI)
	return answer{body: p.taskView(t)}, nil
}

func checkTaskState(state string) error {
	switch state {
	case taskIncomplete, taskPassed, taskFailed:
		return nil
	case "":
		return missing("is_complete is required")
	default:
		return invalid("state must be %s, %s or %s", taskIncomplete, taskPassed, taskFailed)
	}
}
