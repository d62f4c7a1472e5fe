package passfort_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox/passfort"
	setup "portal/internal/sandbox/passfort/account"
)

// automated creates a person whose application has its tasks.
func (a *account) automated(t *testing.T) string {
	t.Helper()
	id := a.addApplicant(t, "personal-account")
	a.advance(t, appears)
	return id
}

func TestTaskIsShownInFull(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	id := a.automated(t)

	r := a.profile(t, id)

	variant, _ := setup.Default().Task("verify-identity")
	want := map[string]any{
		"id": r.at("tasks", 0, "id"), "type": "INDIVIDUAL_VERIFY_IDENTITY", "state": "INCOMPLETE",
		"is_complete": false, "is_expired": false, "is_skipped": false, "creation_date": "2026-03-01 12:00:00",
		"check_ids": []any{}, "form_instance_ids": []any{},
		"variant": map[string]any{
			"id": variant.VariantID(), "alias": "verify-identity", "name": "Verify identity", "task_type": "INDIVIDUAL_VERIFY_IDENTITY",
		},
	}
	if diff := cmp.Diff(want, r.at("tasks", 0)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]any{"INDIVIDUAL_VERIFY_IDENTITY", "INDIVIDUAL_VERIFY_ADDRESS"}, r.at("task_types")); diff != "" {
		t.Error(diff)
	}
	path := "/4.0/profiles/" + id + "/tasks"
	if diff := cmp.Diff(r.at("tasks"), a.api(t, "GET", path, "").at()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(want, a.api(t, "GET", path+"/"+want["id"].(string), "").at()); diff != "" {
		t.Error(diff)
	}
}

func TestTaskIsCompletedAndOpenedAgain(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	id := a.automated(t)
	path := "/4.0/profiles/" + id + "/tasks/" + a.profile(t, id).at("tasks", 0, "id").(string)

	for _, c := range []struct {
		body      string
		state     string
		complete  bool
		completed float64 // tasks of the profile
	}{
		{`{"is_complete":true}`, "COMPLETED_PASS", true, 1},
		{`{"is_complete":true,"state":"INCOMPLETE"}`, "COMPLETED_PASS", true, 1}, // read and sent back
		{`{"is_complete":false,"state":"COMPLETED_PASS"}`, "INCOMPLETE", false, 0},
		{`{"state":"COMPLETED_FAIL"}`, "COMPLETED_FAIL", false, 1},
		{`{"is_complete":false}`, "INCOMPLETE", false, 0},
	} {
		r := a.api(t, "POST", path, c.body)
		if r.text("state") != c.state || r.at("is_complete") != c.complete {
			t.Errorf("%s: %s", c.body, r.raw)
		}
		want := map[string]any{"completed_count": c.completed, "total_count": 2.0}
		if diff := cmp.Diff(want, a.profile(t, id).at("task_progress")); diff != "" {
			t.Errorf("%s: %s", c.body, diff)
		}
	}
}

func TestChecksOfATaskAreReplaced(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	id := a.automated(t)
	path := "/4.0/profiles/" + id + "/tasks/" + a.profile(t, id).at("tasks", 0, "id").(string)
	check := a.runCheck(t, id, "IDENTITY_CHECK")

	r := a.api(t, "POST", path, `{"is_complete":true,"check_ids":["`+check+`"]}`)

	if diff := cmp.Diff([]any{check}, r.at("check_ids")); diff != "" {
		t.Error(diff)
	}
	if r := a.api(t, "POST", path, `{"is_complete":true,"check_ids":["x"]}`); r.status != http.StatusBadRequest {
		t.Errorf("unknown check: status %d", r.status)
	}
}

func TestTaskIsAddedByItsVariant(t *testing.T) {
	t.Parallel()
	variant, _ := setup.Default().Task("assess-exposure")
	for _, body := range []string{`{"variant":{"alias":"assess-exposure"}}`, `{"variant":{"id":"` + variant.VariantID() + `"}}`} {
		a := open(t, passfort.Options{})
		id := a.addStub(t)
		path := "/4.0/profiles/" + id + "/tasks"

		r := a.api(t, "POST", path, body)

		if r.status != http.StatusOK || r.text("type") != variant.Type {
			t.Errorf("%s: %d %s", body, r.status, r.raw)
		}
		if again := a.api(t, "POST", path, body); again.raw != r.raw || len(a.profile(t, id).each("id", "tasks")) != 1 {
			t.Errorf("a second time: %s", again.raw)
		}
	}
}

func TestTasksThatCannotBeAreRefused(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	id := a.automated(t)
	tasks := "/4.0/profiles/" + id + "/tasks"
	one := tasks + "/" + a.profile(t, id).at("tasks", 0, "id").(string)

	for name, c := range map[string]struct {
		path, body   string
		status, code int
	}{
		"no variant":         {tasks, `{}`, 400, 101},
		"unknown variant":    {tasks, `{"variant":{"id":"x"}}`, 400, 201},
		"unknown alias":      {tasks, `{"variant":{"alias":"x"}}`, 400, 201},
		"task of a company":  {tasks, `{"variant":{"alias":"verify-company"}}`, 400, 201},
		"variant as text":    {tasks, `{"variant":"assess-exposure"}`, 400, 201},
		"nothing to change":  {one, `{}`, 400, 101},
		"null":               {one, `null`, 400, 101},
		"unknown state":      {one, `{"state":"DONE"}`, 400, 201},
		"complete as a text": {one, `{"is_complete":"yes"}`, 400, 201},
		"unknown task":       {tasks + "/x", `{"is_complete":true}`, 404, 201},
	} {
		if r := a.api(t, "POST", c.path, c.body); r.status != c.status || r.code() != c.code {
			t.Errorf("%s: status %d code %d, want %d and %d", name, r.status, r.code(), c.status, c.code)
		}
	}
	if r := a.api(t, "GET", tasks+"/x", ""); r.status != http.StatusNotFound {
		t.Errorf("unknown task: status %d, want 404", r.status)
	}
}
