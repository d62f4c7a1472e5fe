package passfort

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"portal/internal/sandbox/passfort/account"
)

// savedCheck looks at a saved state, which may come from anywhere: everything that it names must be there, in it or in
// the account.
type savedCheck struct {
	account  *account.Account
	ids      map[string]bool     // of everything seen so far
	profiles map[string]*profile // by id
	requests map[string]*request // by id
}

// checkSaved says the first thing that is wrong with a saved state.
func (p *Provider) checkSaved(s *state) error {
	c := savedCheck{p.account, map[string]bool{}, map[string]*profile{}, map[string]*request{}}
	for _, pr := range s.Profiles {
		if err := c.profile(pr); err != nil {
			return err
		}
	}
	for _, req := range s.Requests {
		if err := c.request(req); err != nil {
			return err
		}
	}
	for _, pr := range s.Profiles {
		if err := c.links(pr); err != nil {
			return err
		}
	}
	for _, d := range s.Agenda {
		if err := c.due(d); err != nil {
			return err
		}
	}
	return nil
}

var errEmptyEntry = errors.New("a list has an empty entry")

// id takes note of an identifier, which must be the only one of its kind.
func (c *savedCheck) id(kind, id string) error {
	name := kind + " " + id
	if id == "" || c.ids[name] {
		return fmt.Errorf("%s %q has no identifier of its own", kind, id)
	}
	c.ids[name] = true
	return nil
}

func (c *savedCheck) profile(pr *profile) error {
	if pr == nil {
		return errEmptyEntry
	}
	if err := c.id("profile", pr.ID); err != nil {
		return err
	}
	c.profiles[pr.ID] = pr
	if pr.entityType() == "" || pr.Data.entityType() != pr.entityType() {
		return fmt.Errorf("profile %s: role %q does not fit data of type %q", pr.ID, pr.Role, pr.Data.entityType())
	}
	for _, look := range []func(*profile) error{c.applications, c.tasks, c.checks} {
		if err := look(pr); err != nil {
			return fmt.Errorf("profile %s: %w", pr.ID, err)
		}
	}
	return nil
}

func (c *savedCheck) applications(pr *profile) error {
	for _, a := range pr.Applications {
		if a == nil {
			return errEmptyEntry
		}
		if _, ok := c.account.Product(a.Product); !ok {
			return fmt.Errorf("product %q is not in the account", a.Product)
		}
		if !a.hasHistory() {
			return fmt.Errorf("application %s: its history does not lead to %q", a.ID, a.Status)
		}
		for _, alias := range a.Tasks {
			if _, ok := c.account.Task(alias); !ok {
				return fmt.Errorf("task %q is not in the account", alias)
			}
		}
		if err := c.id("application", a.ID); err != nil {
			return err
		}
	}
	return nil
}

// hasHistory says whether the application came to its status by decisions, the first status being the only one that
// nothing led to.
func (a *application) hasHistory() bool {
	if len(a.History) == 0 || a.History[0].Status != applied || a.History[len(a.History)-1].Status != a.Status {
		return false
	}
	for i, change := range a.History[1:] {
		if !slices.Contains(decisions[a.History[i].Status], change.Status) {
			return false
		}
	}
	return true
}

func (c *savedCheck) tasks(pr *profile) error {
	for _, t := range pr.Tasks {
		if t == nil {
			return errEmptyEntry
		}
		if _, ok := c.account.Task(t.Alias); !ok {
			return fmt.Errorf("task %q is not in the account", t.Alias)
		}
		if err := checkTaskState(t.State); err != nil {
			return fmt.Errorf("task %s: %w", t.ID, err)
		}
		if err := c.id("task", t.ID); err != nil {
			return err
		}
	}
	return nil
}

func (c *savedCheck) checks(pr *profile) error {
	for _, one := range pr.Checks {
		if one == nil {
			return errEmptyEntry
		}
		if one.State != checkRunning && one.State != checkComplete {
			return fmt.Errorf("check %s: state %q is not known", one.ID, one.State)
		}
		for _, id := range one.Tasks {
			if pr.task(id) == nil {
				return fmt.Errorf("check %s: there is no task %q", one.ID, id)
			}
		}
		if err := c.id("check", one.ID); err != nil {
			return err
		}
	}
	return nil
}

// links looks at what a profile belongs to: its latest request, and the companies above it.
func (c *savedCheck) links(pr *profile) error {
	if req := c.requests[pr.Request]; pr.Request != "" && (req == nil || req.ProfileID != pr.ID) {
		return fmt.Errorf("profile %s: its customer request %q is missing", pr.ID, pr.Request)
	}
	for at, level := pr, 0; at.Company != ""; level++ {
		if at = c.profiles[at.Company]; at == nil || level == len(c.profiles) {
			return fmt.Errorf("profile %s: the companies above it are missing or go round in a circle", pr.ID)
		}
	}
	return nil
}

func (c *savedCheck) request(req *request) error {
	if req == nil {
		return errEmptyEntry
	}
	pr := c.profiles[req.ProfileID]
	_, hasFlow := c.account.FlowTemplate(req.Flow)
	states := []State{Sent, Completed, Expired}
	switch {
	case pr == nil:
		return fmt.Errorf("customer request %s: its profile is missing", req.ID)
	case req.Task == "" && !hasFlow:
		return fmt.Errorf("customer request %s: flow template %q is not in the account", req.ID, req.Flow)
	case req.Task != "" && pr.task(req.Task) == nil:
		return fmt.Errorf("customer request %s: its task is missing", req.ID)
	case !slices.Contains(c.account.Themes, req.Theme):
		return fmt.Errorf("customer request %s: theme %q is not in the account", req.ID, req.Theme)
	case !slices.Contains(states, req.State) || req.State == Sent && pr.Request != req.ID:
		return fmt.Errorf("customer request %s cannot be %q", req.ID, req.State)
	}
	c.requests[req.ID] = req
	for _, f := range req.Forms {
		if f == nil {
			return errEmptyEntry
		}
		if err := c.form(req, f, pr); err != nil {
			return fmt.Errorf("customer request %s: %w", req.ID, err)
		}
	}
	return errors.Join(c.id("customer request", req.ID), c.id("API key", req.APIKey))
}

func (c *savedCheck) form(req *request, f *formRequest, pr *profile) error {
	form, ok := c.account.Form(f.Form)
	switch {
	case !ok:
		return fmt.Errorf("form %q is not in the account", f.Form)
	case !slices.Contains([]State{Sent, Completed, Expired, Canceled}, f.State) || f.State == Sent && req.State != Sent:
		return fmt.Errorf("form %s cannot be %q", f.ID, f.State)
	case f.State != Sent && !slices.Contains([]State{Completed, Expired, Canceled}, req.Last):
		return fmt.Errorf("it does not say which of its forms ended last")
	case f.Task != "" && pr.task(f.Task) == nil:
		return fmt.Errorf("form %s: its task is missing", f.ID)
	case f.Check != "" && pr.check(f.Check) == nil:
		return fmt.Errorf("form %s: its check is missing", f.ID)
	}
	for name, d := range f.Documents {
		if d == nil || d.Images == nil {
			return errEmptyEntry
		}
		if !accepts(form, name, d) {
			return fmt.Errorf("form %s: document type %q is not in the account", f.ID, d.Type)
		}
	}
	return c.id("form", f.ID)
}

// accepts says whether a form asks for such a document by a question of this name.
func accepts(form account.Form, name string, d *documentReceived) bool {
	for _, s := range form.Sections {
		for _, q := range s.Questions {
			about := s.Each != "" && strings.HasPrefix(name, entryQuestion(q.Name, ""))
			known := slices.ContainsFunc(q.Documents, func(t account.DocumentType) bool { return t.Type == d.Type })
			if known && (name == q.Name || about) {
				return true
			}
		}
	}
	return false
}

// due looks at an entry of the agenda: what it is about must be there.
func (c *savedCheck) due(d due) error {
	known := map[string]bool{
		dueApplication: c.ids["application "+d.ID],
		dueCheck:       c.ids["check "+d.ID],
		dueExpiry:      c.requests[d.ID] != nil,
		dueReminder:    c.requests[d.ID] != nil && c.requests[d.ID].Email != nil,
	}
	if !known[d.What] {
		return fmt.Errorf("the agenda names a %q of %q, but there is none; it can be one of %s", d.What, d.ID, list(slices.Sorted(maps.Keys(known))))
	}
	return nil
}
