package main

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// told is a notice as the company's back end keeps it once it has verified its signature.
type told struct {
	ID   string `json:"id"`
	Body struct {
		Type string `json:"type"`
		Data struct {
			RegistrationID string  `json:"registration_id"`
			Issuer         *string `json:"issuer"`
			Subject        *string `json:"subject"`
			Flow           string  `json:"flow"`
			Status         string  `json:"status"`
			ProfileID      *string `json:"profile_id"`
		} `json:"data"`
	} `json:"body"`
}

// toldOf is what the sandbox's company has been told of a registration, by type, and the whole answer. The order of notices
// is not promised.
func (w *world) toldOf(t *testing.T, registration string) (byType map[string]told, raw string) {
	t.Helper()
	var text json.RawMessage
	w.control(t, http.MethodGet, "/_sandbox/notices", nil, &text)
	var list []told
	if err := json.Unmarshal(text, &list); err != nil {
		t.Fatal(err)
	}
	byType = map[string]told{}
	for _, n := range list {
		if n.Body.Data.RegistrationID == registration {
			byType[n.Body.Type] = n
		}
	}
	return byType, string(text)
}

// reference is the id of the registration behind a form: what the provider calls the customer's reference.
func (w *world) reference(t *testing.T, form pair) string {
	t.Helper()
	for _, e := range w.effects(t) {
		if e.ID == form.RequestID {
			return e.CustomerRef
		}
	}
	t.Fatal("nothing is known of the form")
	return ""
}

func TestTheCompanyIsToldOfARegistrationAndNoAddress(t *testing.T) {
	t.Parallel()
	email := newcomer()
	w, v, form := opened(t, email)
	id := w.reference(t, form)
	w.end(t, form, "COMPLETED")
	var byType map[string]told
	var raw string
	eventually(t, "the company is told twice", func() bool {
		byType, raw = w.toldOf(t, id)
		return len(byType) >= 2
	})
	if _, ok := byType["registration.started"]; !ok {
		t.Errorf("told %v", byType)
	}
	d := byType["registration.completed"].Body.Data
	if d.Status != v.status() || d.Flow != "individual" || d.ProfileID == nil || d.Issuer != nil || d.Subject != nil {
		t.Errorf("%+v", d)
	}
	if strings.Contains(raw, "@") || strings.Contains(raw, email) {
		t.Error("an address was told")
	}
}

func TestANoticeThatWasRefusedComesAgain(t *testing.T) {
	t.Parallel()
	w := ownWorld(t)
	var rule any
	w.control(t, http.MethodPost, "/_sandbox/faults", map[string]any{"path": "/company/notices", "kind": "status", "status": 503, "count": 1}, &rule)
	v := w.visitor(t)
	v.signIn(newcomer())
	p, err := v.start("individual")
	if err != nil {
		t.Fatal(err)
	}
	id := w.reference(t, v.form(p))
	eventually(t, "the notice comes again", func() bool {
		byType, _ := w.toldOf(t, id)
		return len(byType) == 1
	})
	var faults []struct {
		Struck int `json:"struck"`
	}
	w.control(t, http.MethodGet, "/_sandbox/faults", nil, &faults)
	if len(faults) != 1 || faults[0].Struck != 1 {
		t.Errorf("the first attempt was not refused: %+v", faults)
	}
	if log := w.stderr.String(); !strings.Contains(log, "notice not delivered") {
		t.Error("the log does not say so")
	}
}
