package passfort

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"portal/internal/sandbox/effects"
)

// timeLayout is how the API writes timestamps, which are in UTC and do not say so.
const timeLayout = "2006-01-02 15:04:05"

// entityTypes says what kind of entity a role stands for.
var entityTypes = map[string]string{
	"INDIVIDUAL_CUSTOMER":   individual,
	"INDIVIDUAL_ASSOCIATED": individual,
	"COMPANY_CUSTOMER":      company,
	"COMPANY_ASSOCIATED":    company,
}

// profile is one customer or associate. Its collected data is never changed in place, only replaced.
type profile struct {
	ID           string         `json:"id"`
	Role         string         `json:"role"`
	Status       string         `json:"status"`
	Data         entityData     `json:"data"`
	Version      string         `json:"version"` // of Data, as an ETag
	Created      time.Time      `json:"created"`
	Modified     time.Time      `json:"modified"`
	Applications []*application `json:"applications"`
	Tasks        []*task        `json:"tasks"`
	Checks       []*check       `json:"checks"`
	Tags         []tag          `json:"tags"`
	Images       []image        `json:"images"`
	Events       []event        `json:"events"`
	Risk         *Risk          `json:"risk,omitempty"`
	Audit        []auditItem    `json:"audit"`
	Request      string         `json:"request"` // the most recent customer request
	Company      string         `json:"company"` // of an associate: the company it belongs to, for ever
}

func (pr *profile) customerRef() string { return pr.Data.text("customer_ref") }

func (pr *profile) entityType() string { return entityTypes[pr.Role] }

func (pr *profile) isAssociate() bool { return isAssociated(pr.Role) }

func isAssociated(role string) bool { return strings.HasSuffix(role, "_ASSOCIATED") }

// displayName is the name of the person or the company; a stub has none.
func (pr *profile) displayName() string { return pr.Data.displayName() }

// category says what the profile is to the company, by the applications that are to be seen.
func (pr *profile) category() string {
	has := func(statuses ...string) bool {
		return slices.ContainsFunc(pr.Applications, func(a *application) bool {
			return !a.Hidden && slices.Contains(statuses, a.Status)
		})
	}
	switch {
	case has(approved, inReview):
		return categoryCustomer
	case has(cancelled):
		return categoryPrevious
	case has(applied):
		return categoryApplicant
	default:
		return categoryInactive
	}
}

// newProfile is the body of POST /4.0/profiles.
type newProfile struct {
	Role          string               `json:"role"`
	CollectedData json.RawMessage      `json:"collected_data"`
	Applications  []applicationRequest `json:"applications"`
}

// createProfile answers POST /4.0/profiles.
func (p *Provider) createProfile(r *http.Request) (answer, error) {
	var body newProfile
	if err := readJSON(r, &body); err != nil {
		return answer{}, err
	}
	data, err := profileData(body.Role, body.CollectedData)
	if err != nil {
		return answer{}, err
	}
	p.enter()
	defer p.leave()
	asked, err := p.wantedApplications(body.Applications, body.Role)
	if err != nil {
		return answer{}, err
	}
	if err := p.checkAssociate(body.Role); len(asked) == 0 && err != nil {
		return answer{}, err
	}
	if err := p.admit(nil, data); err != nil {
		return answer{}, err
	}
	pr := p.addProfile(body.Role, data, byAPI)
	p.applyAtFirst(pr, asked)
	return answer{status: p.Options().CreateStatus, body: p.resource(pr)}, nil
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
func (p *Provider) addProfile(role string, data entityData, by actor) *profile {
	now := p.now()
	p.identify(data)
	pr := &profile{
		ID:       p.newID(),
		Role:     role,
		Status:   "NORMAL",
		Data:     data,
		Version:  p.nextVersion(now),
		Created:  now,
		Modified: now,
	}
	p.state.Profiles = append(p.state.Profiles, pr)
	p.index.profiles[pr.ID] = pr
	p.record(effects.ProfileCreate, pr.ID, pr)
	p.audit(pr, by, "created-profile", "")
	p.link(pr)
	return pr
}

// profileOf finds the profile a call is about. The lock is held.
func (p *Provider) profileOf(r *http.Request) (*profile, error) {
	pr, ok := p.index.profiles[r.PathValue("profile_id")]
	if !ok {
		return nil, notFound("profile")
	}
	return pr, nil
}

// ofProfile is a call about one profile. It is made with the lock held.
type ofProfile func(r *http.Request, pr *profile) (answer, error)

// profileCall turns a call about a profile into one that finds the profile first.
func (p *Provider) profileCall(c ofProfile) http.HandlerFunc {
	return p.api(func(r *http.Request) (answer, error) {
		p.enter()
		defer p.leave()
		pr, err := p.profileOf(r)
		if err != nil {
			return answer{}, err
		}
		return c(r, pr)
	})
}

// showProfile answers GET /4.0/profiles/{profile_id}.
func (p *Provider) showProfile(_ *http.Request, pr *profile) (answer, error) {
	return answer{body: p.resource(pr)}, nil
}

// listCollectionSteps answers GET /4.0/profiles/{profile_id}/collection_steps: here, nothing is ever missing for a check.
func (p *Provider) listCollectionSteps(*http.Request, *profile) (answer, error) {
	return answer{body: []any{}}, nil
}

// showStatus answers GET /4.0/profiles/{profile_id}/status.
func (p *Provider) showStatus(_ *http.Request, pr *profile) (answer, error) {
	return answer{body: pr.Status}, nil
}

// changeStatus answers POST /4.0/profiles/{profile_id}/status.
func (p *Provider) changeStatus(r *http.Request, pr *profile) (answer, error) {
	var status string
	if err := readJSON(r, &status); err != nil {
		return answer{}, err
	}
	if !slices.Contains([]string{"NORMAL", "SUSPENDED", "BANNED"}, status) {
		return answer{}, invalid("status must be NORMAL, SUSPENDED or BANNED")
	}
	if pr.Status != status {
		pr.Status = status
		p.audit(pr, byAPI, "profile-status-changed", status)
		p.notify(eventProfileStatusChanged, pr, byAPI, map[string]any{"new_status": status})
		p.refresh(pr)
	}
	return answer{body: pr.Status}, nil
}
