package passfort

import (
	"slices"

	"portal/internal/sandbox/effects"
	"portal/internal/sandbox/passfort/account"
)

// The statuses of an application, by PassFort's schema of 2019.
const (
	applied   = "APPLIED"
	approved  = "APPROVED"
	rejected  = "REJECTED"
	inReview  = "IN_REVIEW"
	cancelled = "CANCELLED"
)

// The flags of PassFort's schema of 2019 that occur here.
const (
	flagAutomating   = "AUTOMATING"
	flagDecided      = "DECIDED"
	flagWaitsOnCheck = "WAITING_ON_CHECKS"
	flagManualTask   = "REQUIRES_MANUAL_TASK_COMPLETION"
	flagReady        = "READY_FOR_DECISION"
)

// application is a profile's application for a product.
type application struct {
	ID          string         `json:"id"`
	Product     string         `json:"product"`        // alias
	Role        string         `json:"role,omitempty"` // of an associate
	Status      string         `json:"status"`
	Flag        string         `json:"flag"`
	Hidden      bool           `json:"hidden"`             // not to be seen before its tasks are, or no more
	Replaced    bool           `json:"replaced,omitempty"` // by a new one, since the last decision was reverted
	Automated   bool           `json:"automated"`
	Tasks       []string       `json:"tasks"` // the aliases of its required tasks, once automated
	History     []statusChange `json:"history"`
	FlagHistory []flagChange   `json:"flag_history"`
}

type statusChange struct {
	Status     string `json:"status"`
	Date       string `json:"date"`
	Decisioner any    `json:"decisioner,omitempty"`
	Comment    string `json:"comment,omitempty"`
}

type flagChange struct {
	Status string `json:"status"`
	Flag   string `json:"flag"`
	Date   string `json:"date"`
}

// applyAtFirst gives a new profile its applications: those asked for, or those for the products that every profile
// applies for; the latter appear after a while. The lock is held.
func (p *Provider) applyAtFirst(pr *profile, asked []wanted) {
	for _, w := range asked {
		p.apply(pr, w.product, w.role, false)
	}
	if len(asked) > 0 || pr.isAssociate() {
		return
	}
	for _, product := range p.account.Products {
		if product.AutomaticallyApply && product.IsFor(pr.entityType()) {
			p.apply(pr, product, "", true)
		}
	}
}

// apply adds an application. Its tasks appear after a while, and it with them if it is hidden. The lock is held.
func (p *Provider) apply(pr *profile, product account.Product, role string, hidden bool) *application {
	date := p.now().Format(timeLayout)
	a := &application{
		ID:          p.newID(),
		Product:     product.Alias,
		Role:        role,
		Status:      applied,
		Flag:        flagAutomating,
		Hidden:      hidden,
		History:     []statusChange{{Status: applied, Date: date}},
		FlagHistory: []flagChange{{Status: applied, Flag: flagAutomating, Date: date}},
	}
	p.record(effects.ApplicationCreate, a.ID, pr)
	p.audit(pr, byPolicy, "added-product", product.Name)
	p.addToProfile(pr, a)
	return a
}

// addToProfile adds an application that is made. What its smart policy does comes later. The lock is held.
func (p *Provider) addToProfile(pr *profile, a *application) {
	pr.Applications = append(pr.Applications, a)
	p.index.applications[a.ID] = pr
	if !a.Automated {
		p.schedule(delay(p.Options().AppearDelayMS), dueApplication, a.ID)
	}
}

// automate lets a new application appear with the tasks that its product's smart policy wants. The lock is held.
func (p *Provider) automate(applicationID string) {
	pr := p.index.applications[applicationID]
	a := pr.application(applicationID)
	product, _ := p.account.Product(a.Product)
	a.Hidden, a.Automated, a.Tasks = a.Replaced, true, product.TasksFor(pr.entityType())
	for _, alias := range a.Tasks {
		p.addTask(pr, alias)
	}
	p.refresh(pr)
	p.verifyAssociates(pr)
}

func (pr *profile) application(id string) *application {
	if i := slices.IndexFunc(pr.Applications, func(a *application) bool { return a.ID == id }); i >= 0 {
		return pr.Applications[i]
	}
	return nil
}

// refresh brings the flags of a profile's applications up to date and lets the smart policy approve those of products
// that are approved automatically. The lock is held.
func (p *Provider) refresh(pr *profile) {
	for _, a := range pr.Applications {
		p.setFlag(pr, a, pr.flagOf(a))
		product, _ := p.account.Product(a.Product)
		if product.AutomaticallyApprove && a.Status == applied && a.Flag == flagReady && len(pr.blockers(a)) == 0 {
			p.decide(pr, a, approved, "The product is approved automatically.", byPolicy)
		}
	}
}

// isOpen says whether an application waits for a decision.
func (a *application) isOpen() bool { return a.Status == applied || a.Status == inReview }

// flagOf is the first flag that applies, in the order of PassFort's schema of 2019.
func (pr *profile) flagOf(a *application) string {
	switch {
	case !a.isOpen():
		return flagDecided
	case !a.Automated:
		return flagAutomating
	case slices.ContainsFunc(pr.Checks, func(c *check) bool { return c.State != checkComplete }):
		return flagWaitsOnCheck
	case len(pr.incomplete(a)) > 0:
		return flagManualTask
	default:
		return flagReady
	}
}

func (p *Provider) setFlag(pr *profile, a *application, flag string) {
	if a.Flag == flag {
		return
	}
	a.Flag = flag
	a.FlagHistory = append(slices.Clone(a.FlagHistory), flagChange{a.Status, flag, p.now().Format(timeLayout)})
	p.notify(eventProductBadgeChanged, pr, byPolicy, map[string]any{
		"application_id": a.ID, "product": p.productName(a), "new_flag": flag,
	})
	if flag == flagManualTask {
		p.notifyManualAction(pr, a)
	}
}

// incomplete are the required tasks that are still to be done.
func (pr *profile) incomplete(a *application) []*task {
	return pr.required(a, func(t *task) bool { return t.State == taskIncomplete })
}

// required are those required tasks of an application that are as wanted.
func (pr *profile) required(a *application, fits func(*task) bool) []*task {
	var list []*task
	for _, t := range pr.Tasks {
		if slices.Contains(a.Tasks, t.Alias) && fits(t) {
			list = append(list, t)
		}
	}
	return list
}
