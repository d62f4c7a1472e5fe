package passfort_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"portal/internal/sandbox/passfort"
	setup "portal/internal/sandbox/passfort/account"
)

// transitions are the documented ones.
var transitions = map[string][]string{
	"APPLIED":   {"APPROVED", "REJECTED"},
	"APPROVED":  {"IN_REVIEW", "CANCELLED"},
	"IN_REVIEW": {"APPROVED", "CANCELLED"},
}

// undecided is an account whose product wants nothing but a decision.
func undecided(c *passfort.Config) {
	c.Account = setup.Default()
	c.Account.Products[0].IndividualTasks = []string{}
	c.Options.AppearDelayMS = -1
	c.Options.RatePerHour = -1
}

func TestDecisionsKeepToTheDocumentedTransitions(t *testing.T) {
	t.Parallel()
	a := openWith(t, undecided)
	statuses := []string{"APPLIED", "APPROVED", "REJECTED", "IN_REVIEW", "CANCELLED"}

	rapid.Check(t, func(rt *rapid.T) {
		id := a.addApplicant(t, "personal-account")
		status, past := "APPLIED", []any{"APPLIED"}
		for _, next := range rapid.SliceOfN(rapid.SampledFrom(append(statuses, "revert")), 1, 8).Draw(rt, "decisions") {
			application, _ := a.profile(t, id).at("applications", 0, "id").(string)
			path, body := "/4.0/profiles/"+id+"/applications/"+application, `{"status":"`+next+`"}`
			allowed := slices.Contains(transitions[status], next)
			if next == "revert" {
				path, body, allowed = path+"/revert_decision", "", status == "REJECTED" || status == "CANCELLED"
			}
			r := a.api(t, "POST", path, body)
			switch {
			case allowed != (r.status == http.StatusOK):
				rt.Fatalf("%s to %s: status %d", status, next, r.status)
			case !allowed && (r.status != http.StatusConflict || r.code() == 0):
				rt.Fatalf("%s to %s: status %d code %d", status, next, r.status, r.code())
			case allowed && next == "revert":
				past = past[:len(past)-1]
				status, _ = past[len(past)-1].(string)
			case allowed:
				status, past = next, append(past, next)
			}
			got := a.profile(t, id)
			if diff := cmp.Diff(past, got.each("status", "applications", 0, "history")); diff != "" {
				rt.Fatal(diff)
			}
			if got.at("applications", 0, "status") != status || len(got.each("id", "applications")) != 1 {
				rt.Fatalf("after %s: %s", next, got.raw)
			}
		}
	})
}

func TestWrongDecisionsHaveCodesOfTheirOwn(t *testing.T) {
	t.Parallel()
	a := openWith(t, undecided)
	approved, rejected := a.addApplicant(t, "personal-account"), a.addApplicant(t, "personal-account")
	a.decide(t, approved, "APPROVED")
	a.decide(t, rejected, "REJECTED")

	for name, c := range map[string]struct {
		profile, status string
		httpStatus      int
		code            int
	}{
		"approved already":  {approved, "APPROVED", 409, 102},
		"rejected already":  {rejected, "REJECTED", 409, 103},
		"no such way":       {approved, "REJECTED", 409, 402},
		"unknown status":    {approved, "PENDING", 400, 201},
		"no status":         {approved, "", 400, 101},
		"status never used": {approved, "APPLIED", 409, 402},
	} {
		if r := a.decide(t, c.profile, c.status); r.status != c.httpStatus || r.code() != c.code {
			t.Errorf("%s: status %d code %d, want %d and %d", name, r.status, r.code(), c.httpStatus, c.code)
		}
	}
}

func TestFlagsFollowTheApplicationInOrder(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	id := a.addApplicant(t, "personal-account")
	a.advance(t, appears)
	a.api(t, "POST", "/4.0/profiles/"+id+"/checks", `{"check_type":"IDENTITY_CHECK"}`)
	a.advance(t, checkTakes)
	a.completeTasks(t, id)
	a.decide(t, id, "APPROVED")

	r := a.profile(t, id)

	want := []any{"AUTOMATING", "REQUIRES_MANUAL_TASK_COMPLETION", "WAITING_ON_CHECKS", "REQUIRES_MANUAL_TASK_COMPLETION", "READY_FOR_DECISION", "DECIDED"}
	if diff := cmp.Diff(want, r.each("flag", "applications", 0, "flag_history")); diff != "" {
		t.Error(diff)
	}
	if r.at("category") != "CUSTOMER" || len(r.each("id", "applications", 0, "approval_blockers")) != 0 {
		t.Errorf("answer: %s", r.raw)
	}
	if diff := cmp.Diff([]any{"APPLIED", "APPROVED"}, r.each("status", "applications", 0, "history")); diff != "" {
		t.Error(diff)
	}
}

func TestBlockersKeepAnApplicationFromBeingApproved(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	id := a.addApplicant(t, "personal-account")
	blockers := func() []any { return a.profile(t, id).each("blocker_type", "applications", 0, "approval_blockers") }
	refused := func(when string) {
		t.Helper()
		if r := a.decide(t, id, "APPROVED"); r.status != http.StatusConflict || r.code() != 105 {
			t.Errorf("%s: status %d code %d, want 409 and 105", when, r.status, r.code())
		}
	}

	if diff := cmp.Diff([]any{"UNDETERMINED_RISK"}, blockers()); diff != "" {
		t.Error(diff)
	}
	refused("while automating")
	a.advance(t, appears)
	event := raise(t, a, id)
	a.api(t, "POST", "/4.0/profiles/"+id+"/status", `"SUSPENDED"`)
	want := []any{"INCOMPLETE_TASK", "INCOMPLETE_TASK", "UNRESOLVED_EVENT", "SUSPENDED_PROFILE"}
	if diff := cmp.Diff(want, blockers()); diff != "" {
		t.Error(diff)
	}
	all := a.profile(t, id)
	if all.at("applications", 0, "approval_blockers", 0, "task_type") != "INDIVIDUAL_VERIFY_IDENTITY" ||
		all.at("applications", 0, "approval_blockers", 0, "task_variant", "alias") != "verify-identity" ||
		all.at("applications", 0, "approval_blockers", 2, "event_id") != event {
		t.Errorf("blockers: %v", all.at("applications", 0, "approval_blockers"))
	}
	refused("with everything in the way")
	a.completeTasks(t, id)
	a.api(t, "POST", "/4.0/profiles/"+id+"/status", `"NORMAL"`)
	refused("with an event")
	if err := a.ResolveEvents(id); err != nil {
		t.Fatal(err)
	}
	if r := a.decide(t, id, "APPROVED"); r.status != http.StatusOK {
		t.Errorf("with nothing in the way: status %d", r.status)
	}
}

func TestTaskThatIsNotRequiredBlocksNothing(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	id := a.addApplicant(t, "newsletter")
	a.advance(t, appears)
	required, _ := a.profile(t, id).at("tasks", 0, "id").(string)
	a.api(t, "POST", "/4.0/profiles/"+id+"/tasks", `{"variant":{"alias":"verify-identity"}}`)
	a.api(t, "POST", "/4.0/profiles/"+id+"/tasks/"+required, `{"is_complete":true}`)

	if r := a.profile(t, id); r.at("applications", 0, "status") != "APPROVED" || r.at("tasks", 1, "state") != "INCOMPLETE" {
		t.Errorf("answer: %s", r.raw)
	}
}

func TestFailedTaskBlocksApproval(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	id := a.addApplicant(t, "newsletter") // which is approved automatically
	a.advance(t, appears)
	task, _ := a.profile(t, id).at("tasks", 0, "id").(string)
	if err := a.SetTaskState(task, "COMPLETED_FAIL"); err != nil {
		t.Fatal(err)
	}

	r := a.profile(t, id)

	if r.at("applications", 0, "status") != "APPLIED" || r.at("applications", 0, "flag") != "READY_FOR_DECISION" {
		t.Errorf("answer: %s", r.raw)
	}
	if r := a.decide(t, id, "APPROVED"); r.code() != 105 {
		t.Errorf("code %d, want 105", r.code())
	}
	if r := a.decide(t, id, "REJECTED"); r.status != http.StatusOK {
		t.Errorf("rejecting: status %d", r.status)
	}
}

func TestAutomaticallyApprovedProductIsApprovedWhenItsTasksAre(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	id := a.addApplicant(t, "newsletter")
	a.advance(t, appears)
	a.api(t, "POST", "/4.0/profiles/"+id+"/status", `"SUSPENDED"`)
	a.completeTasks(t, id)

	if r := a.profile(t, id); r.at("applications", 0, "status") != "APPLIED" {
		t.Errorf("approved in spite of a blocker: %s", r.raw)
	}
	a.api(t, "POST", "/4.0/profiles/"+id+"/status", `"NORMAL"`)
	r := a.profile(t, id)
	if r.at("applications", 0, "status") != "APPROVED" || r.at("applications", 0, "product", "automatically_approve") != true {
		t.Errorf("answer: %s", r.raw)
	}
}

func TestRevertedDecisionMakesTheApplicationAnew(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	id := a.addApplicant(t, "personal-account")
	a.advance(t, appears)
	rejected := a.decide(t, id, "REJECTED")
	path := "/4.0/profiles/" + id + "/applications/" + rejected.text("id")

	again := a.api(t, "POST", path+"/revert_decision", `{"comment":"by accident"}`)

	if again.text("status") != "APPLIED" || again.text("id") == rejected.text("id") || again.text("flag") != "REQUIRES_MANUAL_TASK_COMPLETION" {
		t.Errorf("answer: %s", again.raw)
	}
	old := a.api(t, "GET", path, "")
	if old.at("hidden") != true || old.text("status") != "REJECTED" || len(old.each("status", "history")) != 2 ||
		len(old.each("blocker_type", "approval_blockers")) != 0 {
		t.Errorf("the old one: %s", old.raw)
	}
	if diff := cmp.Diff([]any{again.text("id")}, a.profile(t, id).each("id", "applications")); diff != "" {
		t.Error(diff)
	}
	for _, which := range []string{path, "/4.0/profiles/" + id + "/applications/" + again.text("id")} {
		if r := a.api(t, "POST", which+"/revert_decision", ""); r.status != http.StatusConflict {
			t.Errorf("again: status %d, want 409", r.status)
		}
	}
}

func TestDecisionIsNotRevertedForWhoAppliedAgain(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	id := a.addApplicant(t, "personal-account")
	rejected := a.decide(t, id, "REJECTED")
	path := "/4.0/profiles/" + id + "/applications"
	a.api(t, "POST", path, `{"product":{"alias":"personal-account"}}`)

	r := a.api(t, "POST", path+"/"+rejected.text("id")+"/revert_decision", "")

	if r.status != http.StatusConflict || r.code() != 202 {
		t.Errorf("status %d code %d, want 409 and 202", r.status, r.code())
	}
	if diff := cmp.Diff([]any{"REJECTED", "APPLIED"}, a.profile(t, id).each("status", "applications")); diff != "" {
		t.Error(diff)
	}
}

func TestRevertedDecisionOfAnApplicationThatWasStillAutomating(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	id := a.addApplicant(t, "personal-account")
	rejected := a.decide(t, id, "REJECTED")
	a.api(t, "POST", "/4.0/profiles/"+id+"/applications/"+rejected.text("id")+"/revert_decision", "")
	a.advance(t, appears)

	r := a.profile(t, id)

	if len(r.each("id", "applications")) != 1 || r.at("applications", 0, "flag") != "REQUIRES_MANUAL_TASK_COMPLETION" || len(r.each("id", "tasks")) != 2 {
		t.Errorf("answer: %s", r.raw)
	}
}
