package passfort

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Overview is a profile as staff see it in a list.
type Overview struct {
	ID           string                `json:"id"`
	Role         string                `json:"role"`
	DisplayName  string                `json:"display_name"`
	CustomerRef  string                `json:"customer_ref"`
	Created      time.Time             `json:"created"`
	Category     string                `json:"category"`
	Company      string                `json:"company,omitempty"` // the id of the company an associate belongs to
	TasksDone    int                   `json:"tasks_done"`
	TasksTotal   int                   `json:"tasks_total"`
	Applications []ApplicationOverview `json:"applications"`
	Request      *RequestOverview      `json:"request"` // the most recent customer request, if there is one
}

// ApplicationOverview is an application as staff see it.
type ApplicationOverview struct {
	ID      string   `json:"id"`
	Product string   `json:"product"`
	Role    string   `json:"role,omitempty"`
	Status  string   `json:"status"`
	Flag    string   `json:"flag"`
	Next    []string `json:"next"` // the statuses that can be decided
}

// RequestOverview is a customer request as staff see it.
type RequestOverview struct {
	ID        string    `json:"id"`
	ProfileID string    `json:"profile_id"`
	Profile   string    `json:"profile"` // its display name
	From      string    `json:"from"`    // the flow template, or the task
	State     State     `json:"state"`
	Created   time.Time `json:"created"`
	Expires   time.Time `json:"expires"`
	Link      string    `json:"link"` // the customer's page with the pair
	SentTo    string    `json:"sent_to,omitempty"`
	Reminders int       `json:"reminders"`
	// EmailError is why the latest e-mail did not go out.
	EmailError string         `json:"email_error,omitempty"`
	Waiting    bool           `json:"waiting"`   // for a check that may add forms
	Emailable  bool           `json:"emailable"` // whether the link can be e-mailed
	Forms      []FormOverview `json:"forms"`
}

// FormOverview is a form of a customer request as staff see it.
type FormOverview struct {
	ID        string `json:"id"`
	Alias     string `json:"alias"`
	Title     string `json:"title"`
	State     State  `json:"state"`
	Submitted bool   `json:"submitted"`
	Undecided bool   `json:"undecided"` // whether staff have to pass or fail it
	Decision  string `json:"decision,omitempty"`
}

// TaskOverview is a task as staff see it.
type TaskOverview struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Type        string `json:"type"`
	State       string `json:"state"`
	Requestable bool   `json:"requestable"` // whether a form can be requested from the customer on it
}

// Detail is a profile as staff see it when they open it.
type Detail struct {
	Overview
	Version    string              `json:"version"` // the ETag of its collected data
	Risk       Risk                `json:"risk"`
	Associates []AssociateOverview `json:"associates"`
	Tasks      []TaskOverview      `json:"tasks"`
	Requests   []RequestOverview   `json:"requests"` // newest first
	Checks     []checkView         `json:"checks"`
	Events     []event             `json:"events"`
	Audit      []auditItem         `json:"audit"`    // newest first
	Resource   json.RawMessage     `json:"resource"` // as the API shows it
	Collected  json.RawMessage     `json:"-"`        // the collected data within the resource
}

// AssociateOverview is an entry of a company's collected data that is linked to a profile.
type AssociateOverview struct {
	List string `json:"list"` // where the entry is, such as officers.directors
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Overviews lists the newest profiles, at most limit, newest first.
func (p *Provider) Overviews(limit int) []Overview {
	p.enter()
	defer p.leave()
	views := []Overview{}
	for _, pr := range slices.Backward(p.state.Profiles) {
		if len(views) == limit {
			break
		}
		views = append(views, p.overview(pr))
	}
	return views
}

// Requests lists the newest customer requests, at most limit, newest first.
func (p *Provider) Requests(limit int) []RequestOverview {
	p.enter()
	defer p.leave()
	views := []RequestOverview{}
	for _, req := range slices.Backward(p.state.Requests) {
		if len(views) == limit {
			break
		}
		views = append(views, p.requestOverview(req))
	}
	return views
}

// Detail shows one profile.
func (p *Provider) Detail(profileID string) (Detail, error) {
	p.enter()
	defer p.leave()
	pr, err := p.profileByID(profileID)
	if err != nil {
		return Detail{}, err
	}
	shown := p.resource(pr)
	resource, err := json.Marshal(shown)
	if err != nil {
		return Detail{}, fmt.Errorf("writing profile %s: %w", profileID, err)
	}
	collected, err := json.Marshal(shown.CollectedData)
	if err != nil {
		return Detail{}, fmt.Errorf("writing the data of profile %s: %w", profileID, err)
	}
	d := Detail{
		Overview: p.overview(pr), Version: pr.Version, Associates: p.associateOverviews(pr), Tasks: []TaskOverview{},
		Requests: []RequestOverview{}, Checks: shown.Checks, Events: shown.Events, Audit: append([]auditItem{}, pr.Audit...),
		Resource: resource, Collected: collected,
	}
	if pr.Risk != nil {
		d.Risk = *pr.Risk
	}
	slices.Reverse(d.Audit)
	for _, t := range pr.Tasks {
		configured, _ := p.account.Task(t.Alias)
		d.Tasks = append(d.Tasks, TaskOverview{t.ID, configured.Name, configured.Type, t.State, configured.RequestForm != ""})
	}
	for _, req := range slices.Backward(p.state.Requests) {
		if req.ProfileID == pr.ID {
			d.Requests = append(d.Requests, p.requestOverview(req))
		}
	}
	return d, nil
}

// associateOverviews lists the associates of a company that have profiles.
func (p *Provider) associateOverviews(pr *profile) []AssociateOverview {
	views := []AssociateOverview{}
	for _, a := range p.associatesOf(pr) {
		if linked := p.index.profiles[a.profileID]; linked != nil {
			views = append(views, AssociateOverview{strings.Join(a.path, "."), linked.ID, linked.displayName()})
		}
	}
	return views
}

func (p *Provider) overview(pr *profile) Overview {
	progress := pr.progress()
	view := Overview{
		ID: pr.ID, Role: pr.Role, DisplayName: pr.displayName(), CustomerRef: pr.customerRef(), Created: pr.Created,
		Category: pr.category(), Company: pr.Company, TasksDone: progress.CompletedCount, TasksTotal: progress.TotalCount,
		Applications: []ApplicationOverview{},
	}
	for _, a := range pr.Applications {
		if !a.Hidden {
			view.Applications = append(view.Applications, ApplicationOverview{a.ID, a.Product, a.Role, a.Status, a.Flag, append([]string{}, decisions[a.Status]...)})
		}
	}
	if req := p.index.requests[pr.Request]; req != nil {
		latest := p.requestOverview(req)
		view.Request = &latest
	}
	return view
}

func (p *Provider) requestOverview(req *request) RequestOverview {
	pr := p.index.profiles[req.ProfileID]
	view := RequestOverview{
		ID: req.ID, ProfileID: pr.ID, Profile: pr.displayName(), From: req.Flow, State: req.State, Created: req.Created,
		Expires: req.Expires, Link: p.requestLink(req), Waiting: p.waiting(req), EmailError: req.EmailError,
		Emailable: req.State == Sent && !req.isMailed(), Forms: []FormOverview{},
	}
	if t := pr.task(req.Task); t != nil {
		view.From = t.Alias
	}
	if req.Email != nil {
		view.SentTo, view.Reminders = req.Email.To, req.Email.Reminders
	}
	for _, f := range req.Forms {
		form, _ := p.account.Form(f.Form)
		view.Forms = append(view.Forms, FormOverview{
			ID: f.ID, Alias: f.Form, Title: form.Title, State: f.State, Submitted: f.Submitted,
			Undecided: p.undecided(f), Decision: f.Decision,
		})
	}
	return view
}

// FlowTemplates are the aliases of the flow templates set up for this account.
func (p *Provider) FlowTemplates() []string {
	aliases := []string{}
	for _, f := range p.account.FlowTemplates {
		aliases = append(aliases, f.Alias)
	}
	return aliases
}
