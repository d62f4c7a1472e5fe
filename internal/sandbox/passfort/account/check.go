package account

import (
	"errors"
	"fmt"
	"maps"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// maxReminders is PassFort's limit.
const maxReminders = 3

// questionName is what the name of a question looks like. Repeated questions add what they are about behind a hyphen.
var questionName = regexp.MustCompile(`^[a-z0-9_]+$`)

// check says everything that is wrong with the account.
func (a *Account) check() error {
	var p problems
	unique(&p, "product", a.Products, func(v Product) string { return v.Alias })
	unique(&p, "task", a.Tasks, func(v Task) string { return v.Alias })
	unique(&p, "form", a.Forms, func(v Form) string { return v.Alias })
	unique(&p, "flow template", a.FlowTemplates, func(v FlowTemplate) string { return v.Alias })
	unique(&p, "theme", a.Themes, func(v string) string { return v })
	unique(&p, "company", a.Companies, Company.key)
	if len(a.Themes) == 0 {
		p.add("themes: there must be at least one")
	}
	for _, product := range a.Products {
		a.checkProduct(&p, product)
	}
	for _, task := range a.Tasks {
		a.checkTask(&p, task)
	}
	for _, form := range a.Forms {
		a.checkForm(&p, form)
	}
	for _, flow := range a.FlowTemplates {
		a.checkFlow(&p, flow)
	}
	a.Email.check(&p)
	return errors.Join(p...)
}

func (a *Account) checkProduct(p *problems, product Product) {
	where := "product " + product.Alias
	if !product.IsFor("INDIVIDUAL") && !product.IsFor("COMPANY") {
		p.add("%s: individual_tasks and company_tasks are missing, so nobody can apply for it", where)
	}
	a.checkTasks(p, where+": individual_tasks", "INDIVIDUAL", product.IndividualTasks)
	a.checkTasks(p, where+": company_tasks", "COMPANY", product.CompanyTasks)
}

// checkTasks makes sure that the tasks of a product are of types for the kind of entity that they are listed for.
func (a *Account) checkTasks(p *problems, where, entityType string, aliases []string) {
	for _, alias := range aliases {
		known(p, where, "task", alias, a.Task)
		if t, ok := a.Task(alias); ok && !t.IsFor(entityType) {
			p.add("%s: task %q is a %s", where, alias, t.Type)
		}
	}
}

func (a *Account) checkTask(p *problems, task Task) {
	where := "task " + task.Alias
	if !task.IsFor("INDIVIDUAL") && !task.IsFor("COMPANY") {
		p.add("%s: task_type %q is not one of PassFort's, which begin with INDIVIDUAL_ or COMPANY_", where, task.Type)
	}
	if task.AssociateProduct != "" {
		known(p, where, "product", task.AssociateProduct, a.Product)
	}
	if task.RequestForm != "" {
		known(p, where, "form", task.RequestForm, a.Form)
	}
}

func (a *Account) checkForm(p *problems, form Form) {
	where := "form " + form.Alias
	if !slices.Contains([]FormType{UpdateData, ManualDecision, DocumentCheck}, form.Type) {
		p.add("%s: type must be %s, %s or %s", where, UpdateData, ManualDecision, DocumentCheck)
	}
	if form.Task != "" {
		known(p, where, "task", form.Task, a.Task)
	}
	if _, ok := CheckTypes[form.Check]; form.Check != "" && !ok {
		p.add("%s: check %q must be one of %s", where, form.Check, strings.Join(slices.Sorted(maps.Keys(CheckTypes)), ", "))
	}
	var questions []Question
	for _, s := range form.Sections {
		questions = append(questions, s.Questions...)
		if s.Entry != "" && s.Each != "" {
			p.add("%s: a section cannot have both entry and each", where)
		}
	}
	unique(p, where+": question", questions, func(q Question) string { return q.Name })
	if len(questions) == 0 {
		p.add("%s: asks nothing", where)
	}
	for _, q := range questions {
		q.check(p, where)
	}
}

var questionTypes = []QuestionType{
	Text, LongText, EmailAddress, Phone, Number, Date, Birthday, Country, Choice, YesNo, GivenNames, FullName, Document,
}

func (q Question) check(p *problems, where string) {
	where += ", question " + q.Name
	switch {
	case q.Name != "" && !questionName.MatchString(q.Name):
		p.add("%s: a name consists of a-z, 0-9 and _", where)
	case !slices.Contains(questionTypes, q.Type):
		p.add("%s: type %q is not known", where, q.Type)
	case q.Label == "":
		p.add("%s: label is missing", where)
	case q.Type == Choice && len(q.Options) == 0:
		p.add("%s: options are missing", where)
	case q.Type == Document && len(q.Documents) == 0:
		p.add("%s: documents are missing", where)
	}
	for _, d := range q.Documents {
		d.check(p, where)
	}
}

func (d DocumentType) check(p *problems, where string) {
	for _, e := range d.Elements {
		if !slices.Contains([]string{"FRONT", "BACK", "SELFIE"}, e) {
			p.add("%s: element %q must be FRONT, BACK or SELFIE", where, e)
		}
	}
	if len(d.Elements) == 0 {
		p.add("%s: document %s has no elements", where, d.Type)
	}
}

func (a *Account) checkFlow(p *problems, flow FlowTemplate) {
	where := "flow template " + flow.Alias
	if flow.EntityType != "INDIVIDUAL" && flow.EntityType != "COMPANY" {
		p.add("%s: entity_type must be INDIVIDUAL or COMPANY", where)
	}
	if len(flow.Forms) == 0 {
		p.add("%s: forms are missing", where)
	}
	for _, alias := range flow.Forms {
		known(p, where, "form", alias, a.Form)
		if form, _ := a.Form(alias); CheckTypes[form.Check] != "" && CheckTypes[form.Check] != flow.EntityType {
			p.add("%s: the form %q runs a check that is not for %s profiles", where, alias, flow.EntityType)
		}
	}
	if flow.Product != "" {
		known(p, where, "product", flow.Product, a.Product)
		if product, ok := a.Product(flow.Product); ok && !product.IsFor(flow.EntityType) {
			p.add("%s: product %q is not for %s profiles", where, flow.Product, flow.EntityType)
		}
	}
	if flow.Redirect != "" && !isAddress(flow.Redirect) {
		p.add("%s: redirect_url must be an http or https address", where)
	}
}

func isAddress(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

func (e Email) check(p *problems) {
	if _, err := mail.ParseAddress(e.SenderAddress); err != nil {
		p.add("email: sender_address must be an e-mail address")
	}
	if strings.ContainsAny(e.Text, "\r\n") {
		p.add("email: text must be a single paragraph")
	}
	if r := e.Reminders; r.Max < 0 || r.Max > maxReminders || r.Max > 0 && r.EveryDays < 1 {
		p.add("email: reminders must be at most %d, every_days at least 1", maxReminders)
	}
}

// key is what a register knows a company by; empty if something is missing.
func (c Company) key() string {
	if c.Name == "" || c.Number == "" || c.Country == "" {
		return ""
	}
	return c.Country + " " + strings.ToUpper(c.Number)
}

// problems are sentences about what is wrong.
type problems []error

func (p *problems) add(format string, args ...any) {
	*p = append(*p, fmt.Errorf(format, args...))
}

// unique complains about names that are missing or given twice.
func unique[T any](p *problems, what string, list []T, name func(T) string) {
	seen := map[string]bool{}
	for _, item := range list {
		n := name(item)
		if n == "" {
			p.add("%s: a name is missing", what)
		} else if seen[n] {
			p.add("%s %s: is there twice", what, n)
		}
		seen[n] = true
	}
}

// known complains about a name that nothing in the account has.
func known[T any](p *problems, where, what, name string, look func(string) (T, bool)) {
	if _, ok := look(name); !ok {
		p.add("%s: %s %q is not known", where, what, name)
	}
}
