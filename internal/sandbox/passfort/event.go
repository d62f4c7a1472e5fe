package passfort

import (
	"fmt"
	"net/http"
	"slices"
)

// event is something that staff must look at, such as a politically exposed person.
type event struct {
	ID           string         `json:"id"`
	CreationDate string         `json:"creation_date"`
	Resolution   string         `json:"resolution"`
	Data         map[string]any `json:"data"`
}

// The resolutions of events that occur here, by PassFort's schema of 2019.
const (
	unresolved      = "UNRESOLVED"
	resolvedIgnored = "IGNORE"
)

// Risk is how risky a profile was found to be; without a category nobody has found out yet.
type Risk struct {
	Category string  `json:"category"`
	Score    float64 `json:"score"`
}

// riskView is the overview of the risk; a profile whose risk was not determined has an empty one.
func (pr *profile) riskView() any {
	if pr.Risk == nil {
		return map[string]any{}
	}
	return map[string]any{
		"components": []any{}, "missing_required_components": []any{}, "is_pending": false, "overall_risk": *pr.Risk,
	}
}

// unresolvedEvents are the types of the events that nobody has resolved.
func (pr *profile) unresolvedEvents() []string {
	types := []string{}
	for _, e := range pr.Events {
		if t, _ := e.Data["event_type"].(string); e.Resolution == unresolved && !slices.Contains(types, t) {
			types = append(types, t)
		}
	}
	return types
}

// listEvents answers GET /4.0/profiles/{profile_id}/events.
func (p *Provider) listEvents(_ *http.Request, pr *profile) (answer, error) {
	return answer{body: append([]event{}, pr.Events...)}, nil
}

// EventTypes are the kinds of events that can be raised.
func EventTypes() []string {
	return []string{"PEP_FLAG", "SANCTION_FLAG", "REFER_FLAG", "ADVERSE_MEDIA_FLAG"}
}

// RiskCategories are the levels of risk that can be set.
func RiskCategories() []string {
	return []string{"LOW", "MEDIUM", "HIGH", "UNACCEPTABLE"}
}

// RaiseEvent adds an event of this type to a profile, as a screening would.
func (p *Provider) RaiseEvent(profileID, eventType string) (string, error) {
	if !slices.Contains(EventTypes(), eventType) {
		return "", fmt.Errorf("%w: event_type is %q, but must be one of %s", ErrInvalid, eventType, list(EventTypes()))
	}
	p.enter()
	defer p.leave()
	pr, err := p.profileByID(profileID)
	if err != nil {
		return "", err
	}
	e := event{
		ID: p.newID(), CreationDate: p.now().Format(timeLayout), Resolution: unresolved,
		Data: map[string]any{"event_type": eventType},
	}
	pr.Events = append(slices.Clone(pr.Events), e)
	p.audit(pr, byPolicy, "added-event", eventType)
	p.notify(eventEventsCreated, pr, byPolicy, map[string]any{"events": []event{e}})
	p.refresh(pr)
	return e.ID, nil
}

// ResolveEvents resolves every event of a profile.
func (p *Provider) ResolveEvents(profileID string) error {
	p.enter()
	defer p.leave()
	pr, err := p.profileByID(profileID)
	if err != nil {
		return err
	}
	events := slices.Clone(pr.Events)
	for i := range events { // their data is never changed
		events[i].Resolution = resolvedIgnored
	}
	pr.Events = events
	p.audit(pr, byStaff, "event-bulk-resolution", "")
	p.notify(eventEventsUpdated, pr, byStaff, map[string]any{"events": events})
	p.refresh(pr)
	return nil
}

// SetRisk determines the risk of a profile.
func (p *Provider) SetRisk(profileID, category string, score float64) error {
	if !slices.Contains(RiskCategories(), category) {
		return fmt.Errorf("%w: category is %q, but must be one of %s", ErrInvalid, category, list(RiskCategories()))
	}
	p.enter()
	defer p.leave()
	pr, err := p.profileByID(profileID)
	if err != nil {
		return err
	}
	before := pr.Risk
	pr.Risk = &Risk{Category: category, Score: score}
	if before == nil || before.Category != category {
		p.notify(eventRiskLevelChanged, pr, byPolicy, map[string]any{"new_risk_level": category})
	}
	if before == nil || before.Score != score {
		p.notify(eventRiskScoreChanged, pr, byPolicy, map[string]any{"new_risk_score": score})
	}
	return nil
}

// profileByID finds a profile for staff. The lock is held.
func (p *Provider) profileByID(id string) (*profile, error) {
	pr, ok := p.index.profiles[id]
	if !ok {
		return nil, fmt.Errorf("profile %q: %w", id, ErrNotFound)
	}
	return pr, nil
}
