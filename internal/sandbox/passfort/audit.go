package passfort

import (
	"net/http"
	"time"

	"portal/internal/sandbox/passfort/account"
)

// actor is who did something.
type actor string

const (
	byAPI      actor = "api"      // a program with the master key
	byStaff    actor = "staff"    // a person in PassFort's portal
	byCustomer actor = "customer" // the person who fills the forms in
	byPolicy   actor = "policy"   // PassFort's automation
)

// user is the person as the API and webhooks name them; nil if it was none.
func (by actor) user() any {
	if by != byStaff {
		return nil
	}
	return map[string]any{"id": account.ID("user", "staff"), "name": "Sandbox Staff", "email": "staff@northlight.example"}
}

// apikey is the key as webhooks and audit entries name it; nil if there was none.
func (by actor) apikey() any {
	if by != byAPI {
		return nil
	}
	return map[string]any{"name": keyName}
}

// auditItem is an entry of a profile's audit log. Its actions are those of the schema of 2019.
type auditItem struct {
	ID      string    `json:"id"`
	Action  string    `json:"action"`
	By      actor     `json:"by"`
	At      time.Time `json:"at"`
	Message string    `json:"message,omitempty"`
}

// audit adds an entry to the audit log. The lock is held.
func (p *Provider) audit(pr *profile, by actor, action, message string) {
	pr.Audit = append(pr.Audit, auditItem{ID: p.newID(), Action: action, By: by, At: p.now(), Message: message})
}

// listAudit answers GET /4.0/profiles/{profile_id}/audit-items, oldest first.
func (p *Provider) listAudit(_ *http.Request, pr *profile) (answer, error) {
	views := []map[string]any{}
	for _, a := range pr.Audit {
		view := map[string]any{
			"id": a.ID, "profileID": pr.ID, "action": a.Action, "user": a.By.user(), "timestamp": a.At.Unix(),
			"message": a.Message, "ref_data": nil, "filename": nil, "filehash": nil, "signature": nil,
		}
		if key := a.By.apikey(); key != nil {
			view["apikey"] = key
		}
		views = append(views, view)
	}
	return answer{body: views}, nil
}
