package passfort

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"portal/internal/sandbox/effects"
)

// timeLayout is how the API writes timestamps, without a zone.
const timeLayout = "2006-01-02 15:04:05"

// entityTypes says what kind of entity a role stands for.
var entityTypes = map[string]string{
	"INDIVIDUAL_CUSTOMER":   individual,
	"INDIVIDUAL_ASSOCIATED": individual,
	"COMPANY_CUSTOMER":      company,
	"COMPANY_ASSOCIATED":    company,
}

// profile is one customer. Its collected data is never changed in place, only replaced.
type profile struct {
	id           string
	role         string
	data         entityData
	version      string // of data, as an ETag
	created      time.Time
	modified     time.Time
	applications []application
	images       []image
	request      *request // the most recent customer request
}

func (pr *profile) customerRef() string { return pr.data.text("customer_ref") }

// displayName is the name of the person or the company; a stub has none.
func (pr *profile) displayName() string {
	if pr.data.entityType() == company {
		return pr.data.text("metadata", "name")
	}
	names := append(pr.data.texts("personal_details", "name", "given_names"), pr.data.text("personal_details", "name", "family_name"))
	return strings.TrimSpace(strings.Join(names, " "))
}

// profileSummary is a profile as the list shows it: with minimal information.
type profileSummary struct {
	ID                   string         `json:"id"`
	Role                 string         `json:"role"`
	Category             string         `json:"category"`
	Status               string         `json:"status"`
	DisplayName          string         `json:"display_name"`
	CreationDate         string         `json:"creation_date"`
	LastModifiedDate     string         `json:"last_modified_date"`
	Applications         []application  `json:"applications"`
	Tags                 []any          `json:"tags"`
	TaskProgress         map[string]int `json:"task_progress"`
	TaskTypes            []string       `json:"task_types"`
	Risk                 map[string]any `json:"risk"`
	LinkedTo             []any          `json:"linked_to"`
	HasAssociates        bool           `json:"has_associates"`
	HasCollectionSteps   bool           `json:"has_collection_steps"`
	UnresolvedEventTypes []string       `json:"unresolved_event_types"`
}

// profileResource is a profile as reads and creations show it.
type profileResource struct {
	profileSummary
	CollectedData   entityData       `json:"collected_data"`
	Tasks           []any            `json:"tasks"`
	Checks          []any            `json:"checks"`
	CollectionSteps []any            `json:"collection_steps"`
	DocumentImages  []map[string]any `json:"document_images"`
	Events          []any            `json:"events"`
}

func (pr *profile) summary() profileSummary {
	category := "INACTIVE_APPLICANT"
	if len(pr.applications) > 0 {
		category = "APPLICANT"
	}
	return profileSummary{
		ID:                   pr.id,
		Role:                 pr.role,
		Category:             category,
		Status:               "NORMAL",
		DisplayName:          pr.displayName(),
		CreationDate:         pr.created.Format(timeLayout),
		LastModifiedDate:     pr.modified.Format(timeLayout),
		Applications:         append([]application{}, pr.applications...),
		Tags:                 []any{},
		TaskProgress:         map[string]int{"completed_count": 0, "total_count": 0},
		TaskTypes:            []string{},
		Risk:                 map[string]any{},
		LinkedTo:             []any{},
		HasAssociates:        pr.data.hasAssociates(),
		UnresolvedEventTypes: []string{},
	}
}

func (pr *profile) resource() profileResource {
	return profileResource{
		profileSummary:  pr.summary(),
		CollectedData:   pr.data,
		Tasks:           []any{},
		Checks:          []any{},
		CollectionSteps: []any{},
		DocumentImages:  imageResources(pr.images),
		Events:          []any{},
	}
}

// createProfile answers POST /4.0/profiles.
func (p *Provider) createProfile(r *http.Request) (answer, error) {
	var body struct {
		Role          string               `json:"role"`
		CollectedData json.RawMessage      `json:"collected_data"`
		Applications  []applicationRequest `json:"applications"`
	}
	if err := readJSON(r, &body); err != nil {
		return answer{}, err
	}
	data, err := profileData(body.Role, body.CollectedData)
	if err != nil {
		return answer{}, err
	}
	applications, err := newApplications(body.Applications, p.config.Now())
	if err != nil {
		return answer{}, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	pr := p.addProfile(body.Role, data, applications)
	return answer{status: p.options.withDefaults().CreateStatus, body: pr.resource()}, nil
}

// profileData checks the two required members of a new profile and that they fit each other.
func profileData(role string, raw json.RawMessage) (entityData, error) {
	if role == "" {
		return nil, missing("role is required")
	}
	entityType, ok := entityTypes[role]
	if !ok {
		return nil, invalid("role %q is not known", role)
	}
	if len(raw) == 0 || string(raw) == "null" {
		return nil, missing("collected_data is required")
	}
	return parseEntityData(raw, entityType)
}

// addProfile makes the profile. The lock is held.
func (p *Provider) addProfile(role string, data entityData, applications []application) *profile {
	now := p.config.Now()
	pr := &profile{
		id:           uuid.NewString(),
		role:         role,
		data:         data,
		version:      p.nextVersion(now),
		created:      now,
		modified:     now,
		applications: applications,
	}
	p.profiles[pr.id] = pr
	p.oldestFirst = append(p.oldestFirst, pr)
	p.record(effects.ProfileCreate, pr.id, pr)
	return pr
}

// profileOf finds the profile a call is about. The lock is held.
func (p *Provider) profileOf(r *http.Request) (*profile, error) {
	pr, ok := p.profiles[r.PathValue("profile_id")]
	if !ok {
		return nil, notFound("profile")
	}
	return pr, nil
}

// showProfile answers GET /4.0/profiles/{profile_id}.
func (p *Provider) showProfile(r *http.Request) (answer, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	pr, err := p.profileOf(r)
	if err != nil {
		return answer{}, err
	}
	return answer{body: pr.resource()}, nil
}

// profileList is a page of profiles.
type profileList struct {
	Count        int              `json:"count"`
	Limit        int              `json:"limit"`
	Offset       int              `json:"offset"`
	Hidden       int              `json:"hidden"`
	Capabilities map[string]any   `json:"capabilities"`
	Results      []profileSummary `json:"results"`
}

// listProfiles answers GET /4.0/profiles: newest first, and without collected data.
func (p *Provider) listProfiles(r *http.Request) (answer, error) {
	limit, err := numberParam(r, "limit", 50, 1, 200)
	if err != nil {
		return answer{}, err
	}
	offset, err := numberParam(r, "offset", 0, 0, 1<<31-1)
	if err != nil {
		return answer{}, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	found := p.search(r.URL.Query().Get("q"))
	list := profileList{Count: len(found), Limit: limit, Offset: offset, Capabilities: map[string]any{}, Results: []profileSummary{}}
	for _, pr := range found[min(offset, len(found)):min(offset+limit, len(found))] {
		list.Results = append(list.Results, pr.summary())
	}
	return answer{body: list}, nil
}

// search finds the profiles whose name holds q, newest first. The lock is held.
func (p *Provider) search(q string) []*profile {
	var found []*profile
	for _, pr := range slices.Backward(p.oldestFirst) {
		if q == "" || contains(pr.displayName(), q) || p.options.SearchByCustomerRef && contains(pr.customerRef(), q) {
			found = append(found, pr)
		}
	}
	return found
}

func contains(text, q string) bool {
	return strings.Contains(strings.ToLower(text), strings.ToLower(q))
}

// numberParam reads a number from the query.
func numberParam(r *http.Request, name string, otherwise, least, most int) (int, error) {
	text := r.URL.Query().Get(name)
	if text == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		return 0, invalid("%s must be a number from %d to %d", name, least, most)
	}
	return n, nil
}
