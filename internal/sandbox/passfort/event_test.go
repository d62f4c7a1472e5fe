package passfort_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox/passfort"
)

// raise adds an event to a profile and returns its id.
func raise(t *testing.T, a *account, profileID string) string {
	t.Helper()
	id, err := a.RaiseEvent(profileID, "PEP_FLAG")
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestEventsAreRaisedAndResolved(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	profile := a.addStub(t)

	event := raise(t, a, profile)

	r := a.api(t, "GET", "/4.0/profiles/"+profile+"/events", "")
	if r.at(0, "id") != event || r.at(0, "resolution") != "UNRESOLVED" || r.at(0, "data", "event_type") != "PEP_FLAG" {
		t.Errorf("events: %s", r.raw)
	}
	if diff := cmp.Diff([]any{"PEP_FLAG"}, a.profile(t, profile).at("unresolved_event_types")); diff != "" {
		t.Error(diff)
	}
	if err := a.ResolveEvents(profile); err != nil {
		t.Fatal(err)
	}
	resolved := a.profile(t, profile)
	if resolved.at("events", 0, "resolution") != "IGNORE" || len(resolved.at("unresolved_event_types").([]any)) != 0 {
		t.Errorf("resolved: %s", resolved.raw)
	}
}

func TestRiskIsEmptyUntilItIsDetermined(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	id := a.addStub(t)

	if diff := cmp.Diff(map[string]any{}, a.profile(t, id).at("risk")); diff != "" {
		t.Error(diff)
	}
	if err := a.SetRisk(id, "HIGH", 7.5); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]any{"category": "HIGH", "score": 7.5}, a.profile(t, id).at("risk", "overall_risk")); diff != "" {
		t.Error(diff)
	}
}

func TestWrongEventsAndRisksAreRefused(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	id := a.addStub(t)

	if _, err := a.RaiseEvent(id, "PARTY"); !errors.Is(err, passfort.ErrInvalid) {
		t.Errorf("unknown event: %v", err)
	}
	if _, err := a.RaiseEvent("x", "PEP_FLAG"); !errors.Is(err, passfort.ErrNotFound) {
		t.Errorf("unknown profile: %v", err)
	}
	if err := a.ResolveEvents("x"); !errors.Is(err, passfort.ErrNotFound) {
		t.Errorf("unknown profile: %v", err)
	}
	if err := a.SetRisk(id, "SOME", 1); !errors.Is(err, passfort.ErrInvalid) {
		t.Errorf("unknown category: %v", err)
	}
	if err := a.SetRisk("x", "LOW", 1); !errors.Is(err, passfort.ErrNotFound) {
		t.Errorf("unknown profile: %v", err)
	}
}

func TestStatusOfAProfileIsReadAndChanged(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	path := "/4.0/profiles/" + a.addStub(t) + "/status"

	for _, status := range []string{"SUSPENDED", "BANNED", "NORMAL"} {
		if r := a.api(t, "POST", path, `"`+status+`"`); r.at() != status {
			t.Errorf("changed: %s", r.raw)
		}
		if r := a.api(t, "GET", path, ""); r.at() != status {
			t.Errorf("read: %s", r.raw)
		}
	}
	for _, body := range []string{`"ODD"`, `{}`, `null`, `7`, ``} {
		if r := a.api(t, "POST", path, body); r.status != http.StatusBadRequest || r.code() != 201 {
			t.Errorf("%s: status %d code %d, want 400 and 201", body, r.status, r.code())
		}
	}
}
