package passfort

import "portal/internal/sandbox/passfort/account"

// profileSummary is a profile as the list shows it: with minimal information.
type profileSummary struct {
	ID                   string            `json:"id"`
	RootID               string            `json:"root_id"`
	Role                 string            `json:"role"`
	Category             string            `json:"category"`
	Status               string            `json:"status"`
	DisplayName          string            `json:"display_name"`
	CreationDate         string            `json:"creation_date"`
	LastModifiedDate     string            `json:"last_modified_date"`
	CollectedData        entityData        `json:"collected_data,omitempty"`
	Applications         []applicationView `json:"applications"`
	Tags                 []tag             `json:"tags"`
	TaskProgress         taskProgress      `json:"task_progress"`
	TaskTypes            []string          `json:"task_types"`
	Risk                 any               `json:"risk"`
	LinkedTo             []link            `json:"linked_to"`
	HasAssociates        bool              `json:"has_associates"`
	HasCollectionSteps   bool              `json:"has_collection_steps"`
	UnresolvedEventTypes []string          `json:"unresolved_event_types"`
}

// profileResource is a profile as reads and creations show it.
type profileResource struct {
	profileSummary
	Tasks           []taskView       `json:"tasks"`
	Checks          []checkView      `json:"checks"`
	CollectionSteps []any            `json:"collection_steps"`
	DocumentImages  []map[string]any `json:"document_images"`
	Events          []event          `json:"events"`
}

// link says which profile an associate belongs to, and as what.
type link struct {
	Profile map[string]any `json:"profile"`
	Roles   []string       `json:"roles"`
}

type taskProgress struct {
	CompletedCount int `json:"completed_count"`
	TotalCount     int `json:"total_count"`
}

// summary shows a profile in a list. The lock is held; what is returned shares nothing that changes.
func (p *Provider) summary(pr *profile) profileSummary {
	return profileSummary{
		ID:                   pr.ID,
		RootID:               account.ID("root", pr.ID),
		Role:                 pr.Role,
		Category:             pr.category(),
		Status:               pr.Status,
		DisplayName:          pr.displayName(),
		CreationDate:         pr.Created.Format(timeLayout),
		LastModifiedDate:     pr.Modified.Format(timeLayout),
		Applications:         p.applicationViews(pr),
		Tags:                 append([]tag{}, pr.Tags...),
		TaskProgress:         pr.progress(),
		TaskTypes:            p.taskTypes(pr),
		Risk:                 pr.riskView(),
		LinkedTo:             p.linkedTo(pr),
		HasAssociates:        len(p.associatesOf(pr)) > 0,
		UnresolvedEventTypes: pr.unresolvedEvents(),
	}
}

// resource shows a whole profile. The lock is held.
func (p *Provider) resource(pr *profile) profileResource {
	view := profileResource{
		profileSummary:  p.summary(pr),
		Tasks:           p.taskViews(pr),
		Checks:          checkViews(pr.Checks),
		CollectionSteps: []any{},
		DocumentImages:  imageResources(pr.Images),
		Events:          append([]event{}, pr.Events...),
	}
	view.CollectedData = p.expanded(pr)
	return view
}

// linkedTo lists the company an associate belongs to. The lock is held.
func (p *Provider) linkedTo(pr *profile) []link {
	parent := p.index.profiles[pr.Company]
	if parent == nil {
		return []link{}
	}
	roles := []string{}
	for _, a := range p.associatesOf(parent) {
		if a.profileID == pr.ID {
			roles = append(roles, a.role)
		}
	}
	if len(roles) == 0 { // it belongs there for ever, but is not listed any more
		return []link{}
	}
	return []link{{
		Profile: map[string]any{"id": parent.ID, "role": parent.Role, "display_name": parent.displayName()},
		Roles:   roles,
	}}
}
