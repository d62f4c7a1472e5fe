package passfort_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox/passfort"
)

// last is the data of the last webhook of an event.
func (a *account) last(t *testing.T, event string) map[string]any {
	t.Helper()
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, w := range slices.Backward(a.webhooks) {
		if w.event == event {
			return w.data
		}
	}
	t.Fatalf("no webhook %s was queued", event)
	return nil
}

// since are the names of the webhooks queued while something is done, in order.
func (a *account) since(do func()) []string {
	before := len(a.events())
	do()
	return a.events()[before:]
}

// inside walks down the data of a webhook.
func inside(data map[string]any, path ...string) any {
	var here any = data
	for _, name := range path {
		object, _ := here.(map[string]any)
		here = object[name]
	}
	return here
}

func TestWebhookNamesTheProfileTheReferenceAndTheKey(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	for _, ref := range []any{"ref-1", nil} {
		data := `{"entity_type":"COMPANY"}`
		if ref != nil {
			data = `{"entity_type":"COMPANY","customer_ref":"ref-1"}`
		}
		id := a.addProfile(t, "COMPANY_CUSTOMER", data)
		a.mustReplace(t, id, data)

		got := a.last(t, "COLLECTED_DATA_CHANGED")

		customerRef, there := got["customer_ref"]
		if got["profile_id"] != id || !there || customerRef != ref || inside(got, "apikey", "name") == nil || got["user"] != nil {
			t.Errorf("data: %v", got)
		}
	}
}

func TestProductStatusChangedTellsTheDocumentedMembers(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	byAPI, byPolicy, byStaff := a.addApplicant(t, "personal-account"), a.addApplicant(t, "newsletter"), a.addApplicant(t, "personal-account")
	a.advance(t, appears)

	a.decide(t, byAPI, "REJECTED")
	got := a.last(t, "PRODUCT_STATUS_CHANGED")
	application := a.profile(t, byAPI)
	if got["application_id"] != application.at("applications", 0, "id") || got["new_status"] != "REJECTED" ||
		inside(got, "product", "alias") != "personal-account" || inside(got, "product", "id") == nil ||
		inside(got, "product", "name") != "Personal account" || inside(got, "apikey", "name") == nil || got["user"] != nil {
		t.Errorf("by a program: %v", got)
	}
	a.completeTasks(t, byPolicy)
	if got := a.last(t, "PRODUCT_STATUS_CHANGED"); got["new_status"] != "APPROVED" || got["user"] != nil || got["apikey"] != nil {
		t.Errorf("by the smart policy: %v", got)
	}
	id, _ := a.profile(t, byStaff).at("applications", 0, "id").(string)
	if err := a.DecideApplication(id, "REJECTED"); err != nil {
		t.Fatal(err)
	}
	if got := a.last(t, "PRODUCT_STATUS_CHANGED"); inside(got, "user", "email") == nil || inside(got, "user", "name") == nil || got["apikey"] != nil {
		t.Errorf("by staff: %v", got)
	}
}

func TestCollectedDataChangesTellOldAndNewData(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	id := a.addProfile(t, "COMPANY_CUSTOMER", `{"entity_type":"COMPANY"}`)

	got := a.since(func() { a.mustReplace(t, id, `{"entity_type":"COMPANY","metadata":{"name":"Acme"}}`) })

	if diff := cmp.Diff([]string{"COLLECTED_DATA_UPDATED", "COLLECTED_DATA_CHANGED"}, got); diff != "" {
		t.Error(diff)
	}
	for _, event := range got {
		data := a.last(t, event)
		if inside(data, "new_data", "metadata", "name") != "Acme" || inside(data, "old_data", "metadata") != nil || inside(data, "old_data", "entity_type") != "COMPANY" {
			t.Errorf("%s: %v", event, data)
		}
	}
}

func TestApplicationIsToldStepByStep(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	id := a.addApplicant(t, "newsletter")

	for _, step := range []struct {
		name string
		do   func()
		want []string
	}{
		{"its tasks appear", func() { a.advance(t, appears) }, []string{"TASK_CREATED", "PRODUCT_BADGE_CHANGED", "MANUAL_ACTION_REQUIRED"}},
		{"its task is passed", func() { a.completeTasks(t, id) }, []string{
			"TASK_STATE_CHANGED", "TASK_IS_COMPLETE_CHANGED", "PRODUCT_BADGE_CHANGED", "PRODUCT_STATUS_CHANGED", "PRODUCT_BADGE_CHANGED",
		}},
		{"a check", func() { a.runCheck(t, id, "IDENTITY_CHECK"); a.advance(t, checkTakes) }, []string{"CHECK_COMPLETED"}},
		{"an event", func() { raise(t, a, id) }, []string{"EVENTS_CREATED"}},
		{"its resolution", func() { must(t, a.ResolveEvents(id)) }, []string{"EVENTS_UPDATED"}},
		{"the risk", func() { must(t, a.SetRisk(id, "LOW", 1)) }, []string{"RISK_LEVEL_CHANGED", "RISK_SCORE_CHANGED"}},
		{"the same risk", func() { must(t, a.SetRisk(id, "LOW", 1)) }, []string{}},
		{"another score", func() { must(t, a.SetRisk(id, "LOW", 2)) }, []string{"RISK_SCORE_CHANGED"}},
		{"a status", func() { a.api(t, "POST", "/4.0/profiles/"+id+"/status", `"BANNED"`) }, []string{"PROFILE_STATUS_CHANGED"}},
		{"the same status", func() { a.api(t, "POST", "/4.0/profiles/"+id+"/status", `"BANNED"`) }, []string{}},
	} {
		if diff := cmp.Diff(step.want, a.since(step.do)); diff != "" {
			t.Errorf("%s: %s", step.name, diff)
		}
	}
	for event, path := range map[string][]string{
		"TASK_CREATED":           {"task", "variant", "alias"},
		"TASK_STATE_CHANGED":     {"task", "state"},
		"PRODUCT_BADGE_CHANGED":  {"new_flag"},
		"CHECK_COMPLETED":        {"check", "check_type"},
		"MANUAL_ACTION_REQUIRED": {"actions"},
		"EVENTS_CREATED":         {"events"},
		"RISK_LEVEL_CHANGED":     {"new_risk_level"},
		"RISK_SCORE_CHANGED":     {"new_risk_score"},
		"PROFILE_STATUS_CHANGED": {"new_status"},
	} {
		if data := a.last(t, event); inside(data, path...) == nil {
			t.Errorf("%s has no %v: %v", event, path, data)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestManualActionNamesTasksAndApplications(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	a.automated(t)

	actions, _ := a.last(t, "MANUAL_ACTION_REQUIRED")["actions"].([]any)

	if len(actions) != 2 {
		t.Fatalf("actions: %v", actions)
	}
	action := actions[0].(map[string]any)
	application, _ := action["applications"].([]any)[0].(map[string]any)
	if action["action_type"] == nil || inside(action, "task", "state") != "INCOMPLETE" ||
		inside(action, "task", "variant", "alias") != "verify-identity" || inside(application, "product", "alias") != "personal-account" ||
		application["status"] != "APPLIED" {
		t.Errorf("action: %v", action)
	}
}

func TestFailedTaskWasNeverComplete(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	id := a.automated(t)
	task, _ := a.profile(t, id).at("tasks", 0, "id").(string)

	got := a.since(func() { must(t, a.SetTaskState(task, "COMPLETED_FAIL")) })

	if diff := cmp.Diff([]string{"TASK_STATE_CHANGED"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestRefusedCallsQueueNothing(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	id := a.automated(t)

	got := a.since(func() {
		a.replace(t, id, `{}`)
		a.decide(t, id, "CANCELLED")
		a.api(t, "POST", "/4.0/profiles/"+id+"/tasks", `{}`)
	})

	if len(got) != 0 {
		t.Errorf("queued: %v", got)
	}
}

func TestDataOfAnEventIsAnUnknown(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{EventTemplates: map[string]string{
		"PROFILE_STATUS_CHANGED": `{"status":{{json .new_status}},"of":{{json .profile_id}}}`,
		"EVENTS_CREATED":         `no JSON`,
		"RISK_SCORE_CHANGED":     `{{.new_risk_score.missing}}`,
	}})
	id := a.addStub(t)
	a.api(t, "POST", "/4.0/profiles/"+id+"/status", `"BANNED"`)
	raise(t, a, id)
	must(t, a.SetRisk(id, "LOW", 1))

	if diff := cmp.Diff(map[string]any{"status": "BANNED", "of": id}, a.last(t, "PROFILE_STATUS_CHANGED")); diff != "" {
		t.Error(diff)
	}
	for _, event := range []string{"EVENTS_CREATED", "RISK_SCORE_CHANGED"} {
		if data := a.last(t, event); data["error"] == nil {
			t.Errorf("%s: %v", event, data)
		}
	}
}
