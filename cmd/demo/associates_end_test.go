package main

import (
	"net/http"
	"strings"
	"testing"
)

// checked is how those behind a company stand, as the API tells.
type checked struct {
	Associates []struct {
		Status       string
		Applications []struct{ Status string }
	}
}

// The provider does not end the applications of those behind a company with the company's own.
func TestOperatorsAreToldOfARejectedCompanyBehindWhichChecksGoOn(t *testing.T) {
	t.Parallel()
	w := ownWorld(t)
	c := w.registered(t)
	w.api(t, http.MethodPost, c.associates(), director("Falk")).into(t, http.StatusCreated, new(any))
	w.end(t, c.form, "COMPLETED")
	eventually(t, "the director is checked", func() bool {
		var now checked
		w.api(t, http.MethodGet, c.associates(), nil).into(t, http.StatusOK, &now)
		return len(now.Associates[0].Applications) == 1
	})
	if told := w.toldOperators(t); strings.Contains(told, c.id) {
		t.Errorf("operators are told of a company that is not rejected: %s", told)
	}
	w.reject(t, w.profileOf(t, c.id))
	eventually(t, "the list is closed", func() bool {
		return strings.Contains(c.get("/onboarding/associates").text(), "This list cannot be changed any more.")
	})
	told := w.toldOperators(t)
	if !strings.Contains(told, c.id) || !strings.Contains(told, "application is rejected and those of associates go on (1)") {
		t.Errorf("operators are told %s", told)
	}
}

// toldOperators is what the list of registrations that a person should look at says.
func (w *world) toldOperators(t *testing.T) string {
	t.Helper()
	out, code := portalRun(t, newSettings(w.getenv), "registrations", "list")
	if code != 0 {
		t.Fatalf("status %d: %s", code, out)
	}
	return out
}

// reject has the provider's staff reject a profile's only application.
func (w *world) reject(t *testing.T, profile string) {
	t.Helper()
	var seen struct{ Applications []struct{ ID string } }
	w.control(t, http.MethodGet, "/_sandbox/passfort/profiles/"+profile, nil, &seen)
	if len(seen.Applications) != 1 {
		t.Fatalf("%d applications, want 1", len(seen.Applications))
	}
	at := "/_sandbox/passfort/applications/" + seen.Applications[0].ID + "/status"
	w.control(t, http.MethodPost, at, map[string]string{"status": "REJECTED"}, new(any))
}
