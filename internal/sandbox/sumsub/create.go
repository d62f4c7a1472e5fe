package sumsub

import (
	"encoding/json"
	"net/http"
	"slices"

	"portal/internal/sandbox/effects"
)

// newApplicant is the body of the call that creates an applicant.
type newApplicant struct {
	ExternalUserID string          `json:"externalUserId"`
	Type           string          `json:"type"`
	Email          string          `json:"email"`
	Phone          string          `json:"phone"`
	Lang           string          `json:"lang"`
	SourceKey      string          `json:"sourceKey"`
	Metadata       json.RawMessage `json:"metadata"`
	FixedInfo      map[string]any  `json:"fixedInfo"`
}

// createApplicant answers POST /resources/applicants.
func (p *Provider) createApplicant(r *http.Request) (answer, error) {
	var n newApplicant
	if err := readJSON(r, &n); err != nil {
		return answer{}, err
	}
	level := r.URL.Query().Get("levelName")
	if _, ok := p.findLevel(level); !ok {
		return answer{}, plain(http.StatusNotFound, "Applicant level '%s' not found", level)
	}
	if err := n.check(); err != nil {
		return answer{}, err
	}
	if there := p.index.externals[n.ExternalUserID]; there != nil {
		return answer{}, plain(http.StatusConflict, "Applicant with external user id '%s' already exists: %s", n.ExternalUserID, there.ID)
	}
	a := p.add(n, level, "API")
	return answer{status: p.Options().CreateStatus, body: p.view(a)}, nil
}

func (n *newApplicant) check() error {
	if n.ExternalUserID == "" {
		return invalid("externalUserId must not be empty")
	}
	if !slices.Contains([]string{"", "individual", "company"}, n.Type) {
		return invalid("type must be individual or company")
	}
	return checkInfo(n.FixedInfo)
}

// add makes an applicant. The lock is held.
func (p *Provider) add(n newApplicant, level, platform string) *applicant {
	id, inspection := p.newPair()
	now := p.now()
	a := &applicant{
		ID: id, InspectionID: inspection, Key: p.newWord() + p.newWord(), ExternalUserID: n.ExternalUserID, Type: n.Type,
		Email: n.Email, Phone: n.Phone, Lang: n.Lang, SourceKey: n.SourceKey, Metadata: n.Metadata, FixedInfo: n.FixedInfo,
		Info: map[string]any{}, Platform: platform, Level: level, Created: now, Steps: map[string]*result{},
		Review: review{ID: p.newWord(), AttemptID: p.newWord(), Status: statusInit, Created: now},
	}
	if a.Type == "" {
		a.Type = "individual"
	}
	if a.FixedInfo == nil {
		a.FixedInfo = map[string]any{}
	}
	p.state.Applicants = append(p.state.Applicants, a)
	p.index.add(a)
	p.record(effects.ApplicantCreate, a.ID, a)
	p.notify("applicantCreated", a)
	return a
}
