package passfort_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox/passfort"
)

func TestAuditLogTellsWhatHappenedOldestFirst(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	id := a.addApplicant(t, "newsletter")
	one := "/4.0/profiles/" + id
	a.advance(t, appears)
	tag := a.api(t, "POST", one+"/tags", `{"name":"VIP"}`)
	a.api(t, "DELETE", one+"/tags/"+tag.text("id"), "")
	a.mustReplace(t, id, `{"entity_type":"INDIVIDUAL"}`)
	a.runCheck(t, id, "IDENTITY_CHECK")
	a.advance(t, checkTakes)
	a.completeTasks(t, id)
	a.api(t, "POST", one+"/status", `"SUSPENDED"`)
	raise(t, a, id)
	must(t, a.ResolveEvents(id))

	r := a.api(t, "GET", one+"/audit-items", "")

	want := []any{
		"created-profile", "added-product", "added-a-task", "added-a-tag", "removed-a-tag", "replace-collected-data", "instructed-check",
		"updated-check", "completed-a-task", "profile-application-status-changed", "profile-status-changed", "added-event", "event-bulk-resolution",
	}
	if diff := cmp.Diff(want, r.each("action")); diff != "" {
		t.Error(diff)
	}
	if r.at(0, "apikey", "name") == nil || r.at(0, "user") != nil || r.at(0, "profileID") != id || r.at(0, "timestamp") != 1772366400.0 {
		t.Errorf("by a program: %v", r.at(0))
	}
	if r.at(1, "apikey") != nil || r.at(1, "user") != nil || r.at(1, "message") != "Newsletter" {
		t.Errorf("by the smart policy: %v", r.at(1))
	}
	if r.at(12, "apikey") != nil || r.at(12, "user", "email") == nil {
		t.Errorf("by staff: %v", r.at(12))
	}
}

func TestAssociateIsToldOfItsCompany(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	person := a.addAssociate(t, "INDIVIDUAL")
	company := a.addProfile(t, "COMPANY_CUSTOMER", companyWith("officers.directors", linked("INDIVIDUAL", person, "")))

	r := a.api(t, "GET", "/4.0/profiles/"+person+"/audit-items", "")

	if r.at(1, "action") != "linked-profile" || r.at(1, "message") != company {
		t.Errorf("audit log: %s", r.raw)
	}
	a.mustReplace(t, company, companyWith("officers.partners", linked("INDIVIDUAL", person, "")))
	if again := a.api(t, "GET", "/4.0/profiles/"+person+"/audit-items", ""); again.raw != r.raw {
		t.Errorf("after another write: %s", again.raw)
	}
}
