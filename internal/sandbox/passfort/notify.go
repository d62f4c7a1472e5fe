package passfort

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/template"
)

// The events of webhooks. Two names are documented with samples; the others follow their pattern.
const (
	eventProductStatusChanged    = "PRODUCT_STATUS_CHANGED"
	eventCollectedDataUpdated    = "COLLECTED_DATA_UPDATED" // deprecated
	eventCustomerRequestChanged  = "CUSTOMER_REQUEST_CHANGED"
	eventCollectedDataChanged    = "COLLECTED_DATA_CHANGED"
	eventFormStateChanged        = "FORM_STATE_CHANGED"
	eventCheckCompleted          = "CHECK_COMPLETED"
	eventManualActionRequired    = "MANUAL_ACTION_REQUIRED"
	eventProductBadgeChanged     = "PRODUCT_BADGE_CHANGED"
	eventTaskCreated             = "TASK_CREATED"
	eventTaskStateChanged        = "TASK_STATE_CHANGED"
	eventRiskLevelChanged        = "RISK_LEVEL_CHANGED"
	eventRiskScoreChanged        = "RISK_SCORE_CHANGED"
	eventEventsCreated           = "EVENTS_CREATED"
	eventEventsUpdated           = "EVENTS_UPDATED"
	eventProfileStatusChanged    = "PROFILE_STATUS_CHANGED"     // deprecated
	eventTaskIsCompleteChanged   = "TASK_IS_COMPLETE_CHANGED"   // deprecated
	eventCollectionStepsComplete = "COLLECTION_STEPS_COMPLETED" // deprecated
)

// Events are the names of all events that a webhook can be enabled for.
func Events() []string {
	return []string{
		eventCustomerRequestChanged, eventFormStateChanged, eventCollectedDataChanged, eventCollectedDataUpdated,
		eventProductStatusChanged, eventProductBadgeChanged, eventCheckCompleted, eventManualActionRequired,
		eventTaskCreated, eventTaskStateChanged, eventRiskLevelChanged, eventRiskScoreChanged,
		eventEventsCreated, eventEventsUpdated,
		eventProfileStatusChanged, eventTaskIsCompleteChanged, eventCollectionStepsComplete,
	}
}

// CheckEvents says which names are of no event, in whatever case they are written.
func CheckEvents(names []string) error {
	var errs []error
	for _, name := range names {
		if !slices.Contains(Events(), strings.ToUpper(name)) {
			errs = append(errs, fmt.Errorf("%w: %q is not an event; those are %s", ErrInvalid, name, list(Events())))
		}
	}
	return errors.Join(errs...)
}

// notify queues a webhook about a profile. Besides what the event adds, its data names the profile and who did it. The
// lock is held, so that webhooks have the order of what they tell.
func (p *Provider) notify(event string, pr *profile, by actor, more map[string]any) {
	data := map[string]any{
		"profile_id":   pr.ID,
		"customer_ref": nil,
		"apikey":       by.apikey(),
		"user":         by.user(),
	}
	if ref := pr.customerRef(); ref != "" {
		data["customer_ref"] = ref
	}
	maps.Copy(data, more)
	if text, ok := p.options.Load().EventTemplates[event]; ok {
		data = fillEvent(text, data)
	}
	p.config.Notify(event, data)
}

// notifyManualAction tells that staff must complete tasks.
func (p *Provider) notifyManualAction(pr *profile, a *application) {
	actions := []map[string]any{}
	for _, t := range pr.incomplete(a) {
		actions = append(actions, map[string]any{
			"action_type": "COMPLETE_TASK",
			"due":         nil,
			"task":        p.taskView(t),
			"applications": []map[string]any{{
				"id": a.ID, "status": a.Status, "product": p.productName(a),
			}},
		})
	}
	p.notify(eventManualActionRequired, pr, byPolicy, map[string]any{"actions": actions})
}

// fillEvent makes the data of a webhook by a template of the options. A value is written as JSON by {{json .name}}.
func fillEvent(text string, data map[string]any) map[string]any {
	var buf bytes.Buffer
	filled := map[string]any{}
	if err := eventTemplate(text).Execute(&buf, data); err != nil {
		return map[string]any{"error": err.Error()}
	}
	if err := json.Unmarshal(buf.Bytes(), &filled); err != nil {
		return map[string]any{"error": "the event template did not make a JSON object: " + err.Error()}
	}
	return filled
}

func parseEventTemplate(text string) (*template.Template, error) {
	return template.New("event").Funcs(template.FuncMap{"json": toJSON}).Parse(text)
}

func toJSON(v any) (string, error) {
	raw, err := json.Marshal(v)
	return string(raw), err
}

// eventTemplate parses a template that was checked when the options were set.
func eventTemplate(text string) *template.Template {
	return template.Must(parseEventTemplate(text))
}

// checkEventTemplates says which templates are for no event or cannot be read.
func checkEventTemplates(templates map[string]string) error {
	var errs []error
	for event, text := range templates {
		if !slices.Contains(Events(), event) {
			errs = append(errs, fmt.Errorf("event_templates: %q is not an event; those are %s", event, list(Events())))
		}
		if _, err := parseEventTemplate(text); err != nil {
			errs = append(errs, fmt.Errorf("event_templates: %s: %w", event, err))
		}
	}
	return errors.Join(errs...)
}

// list joins names for a sentence.
func list(names []string) string { return strings.Join(names, ", ") }
