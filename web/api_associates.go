package web

import (
	"errors"
	"net/http"
	"time"

	"portal/internal/onboarding"
)

// associatesAnswer is who is behind the company of a registration, without anything personal.
type associatesAnswer struct {
	Registration  shortRegistration   `json:"registration"`
	Ending        *onboarding.Ending  `json:"ending"` // nil while the company's application goes on
	Associates    []reportedAssociate `json:"associates"`
	ProviderError string              `json:"provider_error"` // why the provider's view is missing
}

type shortRegistration struct {
	ID     string            `json:"id"`
	Flow   string            `json:"flow"`
	Case   string            `json:"case"`
	Status onboarding.Status `json:"status"`
}

// associateAnswer is one associate as the portal has it.
type associateAnswer struct {
	ID          string                      `json:"id"`
	Parent      *string                     `json:"parent"` // nil where it is behind the registration's company
	EntityType  onboarding.EntityType       `json:"entity_type"`
	Roles       []onboarding.AssociatedRole `json:"roles"`
	Status      onboarding.AssociateStatus  `json:"status"`
	Source      string                      `json:"source"`
	CustomerRef string                      `json:"customer_ref"`
	ProfileID   string                      `json:"profile_id,omitempty"`
	CreatedAt   time.Time                   `json:"created_at"`
	SubmittedAt *time.Time                  `json:"submitted_at"` // nil for a draft
}

// reportedAssociate is an associate with what the provider says of it.
type reportedAssociate struct {
	associateAnswer
	Cause        string                 `json:"cause,omitempty"` // of what needs attention, or was taken out
	Applications []associateApplication `json:"applications"`
	Seen         bool                   `json:"seen"` // in the company's data at the provider
}

type associateApplication struct {
	ID            string                    `json:"id"`
	ProductAlias  string                    `json:"product_alias"`
	ProductName   string                    `json:"product_name"`
	Role          onboarding.AssociatedRole `json:"associated_role"`
	Status        string                    `json:"status"`
	Flag          string                    `json:"flag"`
	RequiredTasks []requiredTask            `json:"required_tasks"`
}

type requiredTask struct {
	ID   string `json:"id"`
	Type string `json:"type"`
	Name string `json:"name"`
}

// tellAssociates tells who is behind the company of a subject's registration, and how they stand.
func (s *Server) tellAssociates(r *http.Request, _ caller) (answer, error) {
	of, err := sought(r.URL.Query(), r.URL.Query().Get("issuer"))
	if err != nil {
		return answer{}, err
	}
	reg, err := s.soughtCompany(r, of)
	if m, ok := errors.AsType[misfit](err); ok {
		return answer{}, apiProblem{status: http.StatusUnprocessableEntity, detail: "flow: " + string(m)}
	}
	if err != nil {
		return answer{}, err
	}
	report, err := s.Applicants.Associates.Report(r.Context(), reg)
	if err != nil {
		return answer{}, err
	}
	told := associatesAnswer{
		Registration:  shortRegistration{ID: reg.ID.String(), Flow: reg.Flow, Case: reg.Case, Status: reg.Status},
		Associates:    make([]reportedAssociate, 0, len(report.Structure.Associates)),
		ProviderError: s.profileError(r, onboarding.Reported{Registration: reg, Err: report.Err}),
	}
	if report.Structure.Ending != "" {
		told.Ending = &report.Structure.Ending
	}
	for _, a := range report.Structure.Associates {
		view, seen := report.View(a)
		told.Associates = append(told.Associates, s.reported(a, view, seen && a.Profile != ""))
	}
	return answer{json: told}, nil
}

// toldAssociate is an associate as callers are told of it.
func (s *Server) toldAssociate(a onboarding.Associate) associateAnswer {
	told := associateAnswer{
		ID: a.ID.String(), EntityType: a.Details.EntityType, Roles: a.Details.Roles, Status: a.Status, Source: a.Source,
		CustomerRef: a.CustomerRef(s.Applicants.Engine.RefPrefix), ProfileID: string(a.Profile), CreatedAt: stored(a.CreatedAt),
	}
	if !a.Parent.IsZero() {
		told.Parent = new(a.Parent.String())
	}
	if !a.SubmittedAt.IsZero() {
		told.SubmittedAt = new(stored(a.SubmittedAt))
	}
	return told
}

// stored is a time as it will be read from the store again.
func stored(at time.Time) time.Time { return at.UTC().Truncate(time.Microsecond) }

func (s *Server) reported(a onboarding.Associate, view onboarding.AssociateView, seen bool) reportedAssociate {
	told := reportedAssociate{associateAnswer: s.toldAssociate(a), Applications: []associateApplication{}, Seen: seen}
	if a.Status == onboarding.AssociateAttention || a.Status == onboarding.AssociateRemoved {
		told.Cause = a.Cause
	}
	for _, app := range view.Applications {
		one := associateApplication{
			ID: app.ID, ProductAlias: app.ProductAlias, ProductName: app.ProductName, Role: onboarding.AssociatedRole(app.Role),
			Status: app.Status, Flag: app.Flag, RequiredTasks: []requiredTask{},
		}
		for _, t := range app.RequiredTasks {
			one.RequiredTasks = append(one.RequiredTasks, requiredTask(t))
		}
		told.Applications = append(told.Applications, one)
	}
	return told
}
