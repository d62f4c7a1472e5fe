package passfort_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"

	"portal/internal/sandbox/effects"
	"portal/internal/sandbox/passfort"
)

// target is an account without a network, for bodies of any kind.
type target struct {
	*passfort.Provider
	api http.Handler
}

func newTarget(t *testing.T) target {
	t.Helper()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	p := passfort.New(passfort.Config{
		MasterKey: masterKey,
		Now:       func() time.Time { return now },
		Record:    func(effects.Effect) {},
		Send:      func(string, string, string) error { return nil },
		Notify: func(event string, data map[string]any) {
			if _, err := json.Marshal(data); err != nil {
				t.Errorf("webhook %s cannot be delivered: %v", event, err)
			}
		},
		Options: passfort.Options{AppearDelayMS: -1, CheckDelayMS: -1},
	})
	t.Cleanup(p.Close)
	router := chi.NewRouter()
	p.API(router)
	return target{p, router}
}

// call makes a call and makes sure that its answer is JSON and no mistake of the sandbox.
func (x target) call(t *testing.T, method, path, body string) (status int, answer map[string]any) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	r.Header.Set("apikey", masterKey)
	w := httptest.NewRecorder()
	x.api.ServeHTTP(w, r)
	decoder := json.NewDecoder(w.Body)
	decoder.UseNumber()
	if err := decoder.Decode(&answer); err != nil || w.Code >= 500 {
		t.Fatalf("%s %s with %q: status %d: %v", method, path, body, w.Code, err)
	}
	if w.Code >= 400 && w.Code != http.StatusPreconditionFailed && answer["errors"] == nil {
		t.Fatalf("%s %s with %q: status %d: %v", method, path, body, w.Code, answer)
	}
	return w.Code, answer
}

// create makes a profile and returns its id.
func (x target) create(t *testing.T, body string) string {
	t.Helper()
	status, answer := x.call(t, "POST", "/4.0/profiles", body)
	id, _ := answer["id"].(string)
	if status != http.StatusOK || id == "" {
		t.Fatalf("creating a profile: %d %v", status, answer)
	}
	return id
}

// readable makes sure that everything about a profile can still be read, and the whole account saved and loaded.
func (x target) readable(t *testing.T, id string) {
	t.Helper()
	x.call(t, "GET", "/4.0/profiles", "")
	if status, _ := x.call(t, "GET", "/4.0/profiles/"+id, ""); status != http.StatusOK {
		t.Fatalf("the profile cannot be read: %d", status)
	}
	status, data := x.call(t, "GET", "/4.0/profiles/"+id+"/collected_data", "")
	if status != http.StatusOK {
		t.Fatalf("the collected data cannot be read: %d", status)
	}
	raw, err := json.Marshal(data)
	must(t, err)
	if status, answer := x.call(t, "POST", "/4.0/profiles/"+id+"/collected_data", string(raw)); status != http.StatusOK {
		t.Fatalf("what was read cannot be sent back: %d %v", status, answer)
	}
	saved, err := x.Save()
	must(t, err)
	must(t, x.Load(saved))
}

// types are values of the wrong type in the place of others.
var types = []string{`null`, `0`, `"x"`, `true`, `[]`, `{}`, `[null]`, `{"id":5}`}

// oddities are values that are hard to read.
var oddities = []string{
	`-1e400`, `1e-400`, `12345678901234567890123`, `""`, `"\u0000"`, `"\ud800"`, `{"":{}}`,
	strings.Repeat(`[`, 150) + strings.Repeat(`]`, 150), strings.Repeat(`{"a":`, 150) + `1` + strings.Repeat(`}`, 150),
	strings.Repeat(`[`, 20_000), `NaN`, `'x'`, "\xff", ``,
}

// seed adds a body for every value of the wrong type in every place, and for every oddity in the last of them.
func seed(f *testing.F, frame string, places ...string) {
	for _, place := range places {
		for _, value := range types {
			f.Add(fmt.Sprintf(frame, fmt.Sprintf(place, value)))
		}
	}
	for _, value := range oddities {
		f.Add(value)
		f.Add(fmt.Sprintf(frame, fmt.Sprintf(places[len(places)-1], value)))
	}
}

func FuzzCreateProfile(f *testing.F) {
	seed(f, `{"role":"INDIVIDUAL_CUSTOMER",%s}`, `"role":%s`, `"collected_data":%s`, `"collected_data":{"entity_type":%s}`)
	seed(f, `{"role":"INDIVIDUAL_CUSTOMER","collected_data":{"entity_type":"INDIVIDUAL"},"applications":%s}`, `%s`, `[%s]`, `[{"product":%s}]`)
	seed(f, `{"role":"INDIVIDUAL_CUSTOMER","collected_data":{"entity_type":"INDIVIDUAL",%s}}`, `"personal_details":%s`, `"address_history":%s`, `"x":%s`)
	f.Fuzz(func(t *testing.T, body string) {
		x := newTarget(t)
		if _, answer := x.call(t, "POST", "/4.0/profiles", body); answer["id"] != nil {
			x.readable(t, answer["id"].(string))
		}
	})
}

func FuzzCollectedData(f *testing.F) {
	seed(f, `{"entity_type":"COMPANY",%s}`,
		`"officers":%s`, `"officers":{"directors":%s}`, `"ownership_structure":{"share_classes":%s}`, `"ownership_structure":{"shareholders":[%s]}`,
		`"documents":[%s]`, `"metadata":{"addresses":%s}`, `"metadata":{"addresses":[{"address":%s}]}`, `"x":%s`)
	seed(f, `{"entity_type":"COMPANY","officers":{"directors":[{"entity_type":"INDIVIDUAL",%s}]}}`,
		`"linked_profile":%s`, `"linked_profile":{"id":"PERSON"},"task_variant_ids":%s`, `"linked_profile":{"id":"PERSON"},"resolver_id":%s`,
		`"immediate_data":%s`, `"linked_profile":{"id":"PERSON"},"x":%s`)
	f.Add(companyWith("officers.partners", linked("COMPANY", "BELOW", `,"merged_resolver_ids":["x"]`), linked("COMPANY", "TOP", "")))
	f.Fuzz(func(t *testing.T, body string) {
		x := newTarget(t)
		person := x.create(t, `{"role":"INDIVIDUAL_ASSOCIATED","collected_data":{"entity_type":"INDIVIDUAL"}}`)
		below := x.create(t, `{"role":"COMPANY_ASSOCIATED","collected_data":`+companyWith("officers.directors", linked("INDIVIDUAL", person, ""))+`}`)
		top := x.create(t, `{"role":"COMPANY_CUSTOMER","applications":[{"product":{"alias":"business-account"}}],
			"collected_data":`+companyWith("ownership_structure.beneficial_owners", linked("COMPANY", below, ""))+`}`)
		body = strings.NewReplacer("PERSON", person, "BELOW", below, "TOP", top).Replace(body)
		for _, id := range []string{top, below, person} {
			x.call(t, "POST", "/4.0/profiles/"+id+"/collected_data", body)
			x.call(t, "POST", "/4.0/profiles/"+id+"/collected_data/documents", body)
		}
		x.readable(t, top)
	})
}

func FuzzCustomerRequestBody(f *testing.F) {
	f.Add(requestBody("individual-onboarding"))
	seed(f, `{"type":"FLOW","flow_template":{"alias":"individual-onboarding"},"theme":{"alias":"default"},%s}`,
		`"type":%s`, `"flow_template":%s`, `"flow_template":{"alias":%s}`, `"theme":%s`, `"x":%s`)
	f.Fuzz(func(t *testing.T, body string) {
		x := newTarget(t)
		id := x.create(t, `{"role":"INDIVIDUAL_CUSTOMER","collected_data":{"entity_type":"INDIVIDUAL"}}`)
		path := "/4.0/forms/profile/" + id + "/customer_request"
		made, answer := x.call(t, "POST", path, body)
		if shown, read := x.call(t, "GET", path, ""); shown != map[bool]int{true: 200, false: 404}[made == 200] || read["id"] != answer["id"] {
			t.Errorf("made with status %d, read with %d", made, shown)
		}
		x.readable(t, id)
	})
}
