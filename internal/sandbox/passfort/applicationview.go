package passfort

import "portal/internal/sandbox/passfort/account"

// applicationView is an application as the API shows it.
type applicationView struct {
	ID               string            `json:"id"`
	Product          productView       `json:"product"`
	AssociatedRole   string            `json:"associated_role,omitempty"`
	Status           string            `json:"status"`
	Flag             string            `json:"flag"`
	RequiredTasks    []taskVariantView `json:"required_tasks"`
	History          []statusChange    `json:"history"`
	FlagHistory      []flagChange      `json:"flag_history"`
	ApprovalBlockers []map[string]any  `json:"approval_blockers"`
	Assignments      []any             `json:"assignments"`
	Hidden           bool              `json:"hidden"`
}

type productView struct {
	ID                   string `json:"id"`
	Name                 string `json:"name"`
	Alias                string `json:"alias"`
	AutomaticallyApply   bool   `json:"automatically_apply"`
	AutomaticallyApprove bool   `json:"automatically_approve"`
}

// taskVariantView is a required task. Its id is that of the variant, by which associates are put on a task's list.
type taskVariantView struct {
	ID       string `json:"id"`
	Alias    string `json:"alias"`
	Name     string `json:"name"`
	TaskType string `json:"task_type"`
}

// productName is a product as webhooks name it.
func (p *Provider) productName(a *application) map[string]any {
	product, _ := p.account.Product(a.Product)
	return map[string]any{"id": account.ID("product", product.Alias), "name": product.Name, "alias": product.Alias}
}

func (p *Provider) productView(a *application) productView {
	product, _ := p.account.Product(a.Product)
	return productView{
		ID:                   product.ID(),
		Name:                 product.Name,
		Alias:                product.Alias,
		AutomaticallyApply:   product.AutomaticallyApply,
		AutomaticallyApprove: product.AutomaticallyApprove,
	}
}

func variantView(t account.Task) taskVariantView {
	return taskVariantView{ID: t.VariantID(), Alias: t.Alias, Name: t.Name, TaskType: t.Type}
}

// applicationViews shows the applications that have appeared.
func (p *Provider) applicationViews(pr *profile) []applicationView {
	views := []applicationView{}
	for _, a := range pr.Applications {
		if !a.Hidden {
			views = append(views, p.applicationView(pr, a))
		}
	}
	return views
}

func (p *Provider) applicationView(pr *profile, a *application) applicationView {
	required := []taskVariantView{}
	for _, alias := range a.Tasks {
		t, _ := p.account.Task(alias)
		required = append(required, variantView(t))
	}
	return applicationView{
		ID:               a.ID,
		Product:          p.productView(a),
		AssociatedRole:   a.Role,
		Status:           a.Status,
		Flag:             a.Flag,
		RequiredTasks:    required,
		History:          a.History,
		FlagHistory:      a.FlagHistory,
		ApprovalBlockers: p.blockerViews(pr, a),
		Assignments:      []any{},
		Hidden:           a.Hidden,
	}
}

// blocker is what keeps an application from being approved, of a kind of PassFort's schema of 2019.
type blocker struct {
	kind  string
	task  *task  // that is not passed
	event string // the id of the one nobody has resolved
}

// blockers are all that keeps an application from being approved. One that is decided needs no approval.
func (pr *profile) blockers(a *application) []blocker {
	var list []blocker
	if !a.isOpen() {
		return nil
	}
	for _, t := range pr.required(a, func(t *task) bool { return t.State != taskPassed }) {
		list = append(list, blocker{kind: "INCOMPLETE_TASK", task: t})
	}
	if !a.Automated {
		list = append(list, blocker{kind: "UNDETERMINED_RISK"})
	}
	for _, e := range pr.Events {
		if e.Resolution == unresolved {
			list = append(list, blocker{kind: "UNRESOLVED_EVENT", event: e.ID})
		}
	}
	if pr.Status == "SUSPENDED" {
		list = append(list, blocker{kind: "SUSPENDED_PROFILE"})
	}
	return list
}

func (p *Provider) blockerViews(pr *profile, a *application) []map[string]any {
	views := []map[string]any{}
	for _, b := range pr.blockers(a) {
		view := map[string]any{"blocker_type": b.kind}
		if b.task != nil {
			t, _ := p.account.Task(b.task.Alias)
			view["task_type"], view["task_variant"] = t.Type, variantView(t)
		}
		if b.event != "" {
			view["event_id"] = b.event
		}
		views = append(views, view)
	}
	return views
}
